import * as E from 'fp-ts/lib/Either.js';
import { isJsonObject } from '../domain/json.ts';
import type { Reading } from '../domain/trigger/reading.ts';
import { defaultPrefixes } from './envelope/topic-prefix.ts';
import type { NormalForm } from './normal-form.ts';
import type { SetAside } from './set-aside.ts';
import { setAside } from './set-aside.ts';
import { topics } from './topics/table.ts';
import { covers } from './topics/topic.ts';

export type Judgement = E.Either<SetAside, Reading>;

const noTopic = ({ body }: NormalForm): string => {
  const reason = isJsonObject(body) ? body['reason'] : undefined;
  return typeof reason === 'string' ? reason : 'its topic is nothing but a prefix';
};

/** Whether one of our flows wants a message, and what it says to that flow. Pure. */
export const judge = (
  message: NormalForm,
  accepted: ReadonlyArray<string> = defaultPrefixes,
): Judgement => {
  const { prefix, topic } = message;
  if (topic === '') return E.left(setAside('unreadable-message', noTopic(message)));
  if (!accepted.includes(prefix)) {
    const allowed = accepted.map((one) => (one === '' ? '(none)' : one)).join(', ');
    const reason = `prefix ${prefix || '(none)'} is not among those accepted here: ${allowed}`;
    return E.left(setAside('foreign-prefix', reason));
  }
  const known = topics.find((one) => covers(one, topic));
  if (known === undefined) return E.left(setAside('unknown-topic', `no flow reads ${topic}`));
  if (message.bodyEncoding === 'base64') {
    return E.left(setAside('unreadable-body', `${topic}: the body is not valid UTF-8`));
  }
  return known.translate(message);
};
