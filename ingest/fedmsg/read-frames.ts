import { isUtf8 } from 'node:buffer';
import * as E from 'fp-ts/lib/Either.js';
import type { Json, JsonObject } from '../../domain/json.ts';
import { isJsonObject } from '../../domain/json.ts';
import { flawsOf } from '../envelope/clean.ts';
import type { Source } from '../envelope/source.ts';
import { sourceOf } from '../envelope/source.ts';
import type { Judgement } from '../judge.ts';
import { judge } from '../judge.ts';
import type { NormalForm } from '../normal-form.ts';
import { normaliseAnything } from '../normal-form.ts';
import type { SetAside } from '../set-aside.ts';
import { setAside } from '../set-aside.ts';
import type { Authority } from './authority.ts';
import { rejected } from './rejected.ts';
import { verify } from './verify.ts';

export type Reading = { readonly message: NormalForm; readonly judgement: Judgement };

export type Reader = {
  /** Undefined where signatures are ignored. */
  readonly authority: Authority | undefined;
  readonly accepted?: ReadonlyArray<string>;
};

const parsed = (text: string): Json | undefined => {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
};

const frameJson = (frame: Uint8Array): Json => {
  const buffer = Buffer.from(frame);
  return isUtf8(frame) ? buffer.toString('utf8') : { base64: buffer.toString('base64') };
};

const unreadable = (why: string): E.Either<SetAside, never> =>
  E.left(setAside('unreadable-message', why));

const envelopeIn = (raw: Json | undefined, source: Source): E.Either<SetAside, JsonObject> => {
  if (raw === undefined) {
    return unreadable(`its second frame is no JSON: ${source.text.slice(0, 80)}`);
  }
  if (!isJsonObject(raw)) return unreadable('its second frame is no JSON object');
  return flawsOf(raw).tooDeep ? unreadable('it is nested deeper than 200 levels') : E.right(raw);
};

const isGenuine = (
  { authority }: Reader,
  object: JsonObject,
  { text, bytes }: Source,
  now: number,
): E.Either<SetAside, undefined> => {
  if (authority === undefined) return E.right(undefined);
  if (bytes === undefined) return verify(authority, { object, text }, now);
  return E.left(setAside('bad-signature', 'it is not valid UTF-8, in which fedmsg is signed'));
};

const isInPlace = (topic: string, object: JsonObject): E.Either<SetAside, undefined> => {
  if (object['topic'] === topic) return E.right(undefined);
  const inside = JSON.stringify(object['topic'] ?? null);
  const why = `it was sent under the topic ${JSON.stringify(topic)}, and says ${inside} inside`;
  return E.left(setAside('topic-mismatch', why));
};

/**
 * What came as one message of ZeroMQ, and what it means. fedmsg sends two frames, the topic and the
 * signed envelope in JSON; anything else, and whatever is not genuine (at `now`, Unix milliseconds),
 * is set aside whole. Pure.
 */
export const readFrames = (
  reader: Reader,
  frames: ReadonlyArray<Uint8Array>,
  now: number,
): Reading => {
  const [topic, body, ...more] = frames;
  if (topic === undefined || body === undefined || more.length > 0) {
    const source = { text: JSON.stringify(frames.map(frameJson)) };
    const why = `a message of fedmsg has two frames, and this came in ${frames.length}`;
    const message = rejected(null, { frames, source }, reader.accepted);
    return { message, judgement: unreadable(why) };
  }
  const source = sourceOf(body);
  const raw = parsed(source.text);
  const envelope = envelopeIn(raw, source);
  const genuine = E.chain((object: JsonObject) => isGenuine(reader, object, source, now))(envelope);
  const flawless = E.chain(() => isInPlace(Buffer.from(topic).toString('utf8'), raw as JsonObject))(
    genuine,
  );
  if (E.isLeft(flawless)) {
    const message = rejected(raw ?? null, { frames, source }, reader.accepted);
    return { message, judgement: flawless };
  }
  const message = normaliseAnything(raw as JsonObject, source, reader.accepted);
  return { message, judgement: judge(message, reader.accepted) };
};
