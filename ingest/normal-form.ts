import * as E from 'fp-ts/lib/Either.js';
import type { Json, JsonObject } from '../domain/json.ts';
import { isJsonObject } from '../domain/json.ts';
import { cleaned, flawsOf } from './envelope/clean.ts';
import { identityOf, unescapeStomp } from './envelope/identity.ts';
import { sentAtOf } from './envelope/sent-at.ts';
import type { Source } from './envelope/source.ts';
import { memberSource } from './envelope/source.ts';
import { defaultPrefixes, isUmbAddress, splitTopic } from './envelope/topic-prefix.ts';

/** One message of any bus in one form. `key` is the same for every copy of it; `sentAt` is ISO UTC. */
export type NormalForm = {
  readonly messageId: string;
  readonly idDerived: boolean;
  readonly key: string;
  readonly topic: string;
  readonly prefix: string;
  readonly format: 'fedmsg' | 'fedora-messaging' | 'umb' | 'bare';
  readonly sentAt: string | null;
  readonly headers: JsonObject;
  readonly body: Json;
  /** The body exactly as it came: its text, or base64 where that is no valid UTF-8. */
  readonly bodyText: string;
  readonly bodyEncoding: 'text' | 'base64';
};

/** Why something is no message at all. */
export type NoMessage = { readonly code: 'no-message'; readonly reason: string };

const longestTopic = 255;
const longestHeaders = 32 * 1024;

const noMessage = (reason: string): E.Either<NoMessage, never> =>
  E.left({ code: 'no-message', reason });

const textAt = (object: JsonObject, name: string): string | undefined => {
  const value = object[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

// A consumer of the UMB sees its own queue as the destination, and the topic as the original one.
const addressOf = (envelope: JsonObject, headers: JsonObject): string | undefined => {
  const own = textAt(envelope, 'topic');
  const original = textAt(headers, 'original-destination');
  if (own !== undefined && !isUmbAddress(own)) return own;
  const umb = original ?? own ?? textAt(headers, 'destination');
  return umb === undefined ? undefined : unescapeStomp(umb);
};

const formatOf = (envelope: JsonObject, address: string): NormalForm['format'] => {
  if (isUmbAddress(address)) return 'umb';
  if ('msg' in envelope) {
    const marks = ['msg_id', 'i', 'timestamp', 'username', 'crypto', 'source_name'];
    return marks.some((mark) => mark in envelope) ? 'fedmsg' : 'bare';
  }
  const isDump = 'body' in envelope && ('headers' in envelope || 'id' in envelope);
  return isDump ? 'fedora-messaging' : 'bare';
};

const sentAt = (envelope: JsonObject, headers: JsonObject): string | null =>
  sentAtOf(headers['sent-at']) ?? sentAtOf(headers['timestamp']) ?? sentAtOf(envelope['timestamp']);

type Body = Pick<NormalForm, 'body' | 'bodyText' | 'bodyEncoding'>;

const parsed = (text: string): Json | undefined => {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
};

// Some dumps hold the body as the text it was on the wire.
const unwrapped = (text: string): Body | undefined => {
  const inner = parsed(text);
  if (!isJsonObject(inner) || flawsOf(inner).tooDeep) return undefined;
  return { body: cleaned(inner), bodyText: text, bodyEncoding: 'text' };
};

const bodyFrom = (value: Json, source: Source | undefined): Body => {
  const inner = typeof value === 'string' ? unwrapped(value) : undefined;
  if (inner !== undefined && source?.bytes === undefined) return inner;
  if (source?.bytes === undefined) {
    return { body: value, bodyText: source?.text ?? JSON.stringify(value), bodyEncoding: 'text' };
  }
  const base64 = Buffer.from(source.bytes).toString('base64');
  return { body: value, bodyText: base64, bodyEncoding: 'base64' };
};

const bodyOf = (envelope: JsonObject, source: Source | undefined): Body => {
  const name = ['msg', 'body'].find((one) => one in envelope);
  if (name !== undefined) {
    const inside = source === undefined ? undefined : memberSource(source, name);
    return bodyFrom(envelope[name] ?? null, inside);
  }
  const rest = Object.entries(envelope).filter(([key]) => key !== 'topic' && key !== 'headers');
  return bodyFrom(Object.fromEntries(rest), source);
};

const readable = (raw: Json): E.Either<NoMessage, JsonObject> => {
  const flaws = flawsOf(raw);
  if (flaws.tooDeep) return noMessage('it is nested deeper than 200 levels, which no bus sends');
  const value = flaws.unstorable ? cleaned(raw) : raw;
  return isJsonObject(value)
    ? E.right(value)
    : noMessage('a message is a JSON object, and this is something else');
};

const build = (
  envelope: JsonObject,
  source: Source | undefined,
  accepted: ReadonlyArray<string>,
): E.Either<NoMessage, NormalForm> => {
  const headers = isJsonObject(envelope['headers']) ? envelope['headers'] : {};
  const address = addressOf(envelope, headers);
  if (address === undefined) {
    return noMessage('it has no topic, so it is no message of a bus (a recorded service answer?)');
  }
  if (address.length > longestTopic) return noMessage('its topic is longer than 255 characters');
  if (Buffer.byteLength(JSON.stringify(headers)) > longestHeaders) {
    return noMessage('its headers are over 32 KiB, more than any broker lets through');
  }
  return E.right({
    ...identityOf(envelope, headers),
    ...splitTopic(address, accepted),
    format: formatOf(envelope, address),
    sentAt: sentAt(envelope, headers),
    headers,
    ...bodyOf(envelope, source),
  });
};

/**
 * Reads a fedmsg envelope, a dump of fedora-messaging or of the UMB, an item of datagrepper (/raw or
 * /v2/search), or a bare {topic, msg | body}. `source` is the text `raw` was parsed from: with it the
 * body is kept exactly as it came.
 */
export const normalise = (
  raw: Json,
  source?: Source,
  accepted: ReadonlyArray<string> = defaultPrefixes,
): E.Either<NoMessage, NormalForm> =>
  E.chain((envelope: JsonObject) => build(envelope, source, accepted))(readable(raw));

/**
 * For a live source, which must not lose what it was given: as `normalise`, but what is no message
 * becomes one without a topic, and is then set aside with the reason.
 */
export const normaliseAnything = (
  raw: Json,
  source: Source,
  accepted?: ReadonlyArray<string>,
): NormalForm => {
  const message = normalise(raw, source, accepted);
  if (E.isRight(message)) return message.right;
  return {
    ...identityOf({ text: source.text }, {}),
    topic: '',
    prefix: '',
    format: 'bare',
    sentAt: null,
    headers: {},
    body: { reason: message.left.reason },
    bodyText: source.text,
    bodyEncoding: 'text',
  };
};
