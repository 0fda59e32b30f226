import { createHash } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Realm } from '../domain/stream-names.ts';
import type { AppendOutcome, Ingest, NotAppended } from './append-message.ts';
import { appendJudged } from './append-message.ts';
import type { Judgement } from './judge.ts';
import type { NormalForm } from './normal-form.ts';
import { setAside } from './set-aside.ts';

/** Whether the log would refuse it for ever. */
export const isForGood = ({ code }: NotAppended): boolean =>
  code === 'too-large' || code === 'bad-append';

/** What can be kept of a message the log takes no part of: that it came, and what tells its body. */
const minimal = (message: NormalForm): NormalForm => ({
  ...{ ...message, topic: message.topic.slice(0, 255), headers: {} },
  ...{ body: null, bodyText: '', bodyEncoding: 'text' },
});

const withoutBody = ({ bodyText, bodyEncoding }: NormalForm, code: string): string => {
  const bytes = Buffer.from(bodyText, bodyEncoding === 'base64' ? 'base64' : 'utf8');
  const hash = createHash('sha256').update(bytes).digest('hex');
  return `the log does not take it (${code}); its body of ${bytes.length} bytes, SHA-256 ${hash}, is not kept`;
};

/**
 * As `appendJudged`, for a live source, which must not stop at one message: where the log refuses for
 * good what a message says, the message is on record as set aside, with its body; where it refuses that
 * as well, without headers and body, but with the size and the hash of the body.
 */
export const appendOrSetAside =
  (ingest: Ingest) =>
  (
    message: NormalForm,
    judgement: Judgement,
    realm: Realm,
  ): TaskEither<NotAppended, AppendOutcome> =>
  async () => {
    const append = appendJudged(ingest);
    const outcome = await append(message, judgement, realm)();
    if (E.isRight(outcome) || !isForGood(outcome.left)) return outcome;
    const why = `the log does not take what it says (${outcome.left.code}); its body is kept`;
    const aside = await append(message, E.left(setAside('unreadable-message', why)), realm)();
    if (E.isRight(aside) || !isForGood(aside.left)) return aside;
    const least = withoutBody(message, aside.left.code);
    return append(minimal(message), E.left(setAside('unreadable-message', least)), realm)();
  };
