import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { JsonObject } from '../../domain/json.ts';

export type Identity = {
  /** As it came, or the key where none came. */
  readonly messageId: string;
  readonly idDerived: boolean;
  /** The same for a message however it travelled; names its stream. */
  readonly key: string;
};

const longestId = 300;

const escapes: Readonly<Record<string, string>> = { c: ':', n: '\n', r: '\r', '\\': '\\' };

/** STOMP 1.2 escapes header values: `\c` is a colon. */
export const unescapeStomp = (text: string): string =>
  text.replace(/\\([cnr\\])/g, (whole, letter: string) => escapes[letter] ?? whole);

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const idOf = (raw: JsonObject, headers: JsonObject): string | undefined =>
  [raw['msg_id'], raw['body'] === undefined ? undefined : raw['id'], headers['message-id']].find(
    (id): id is string => typeof id === 'string' && id.trim() !== '' && id.length <= longestId,
  );

// The bridges put the year in front of an id (2017-859a8cfb-…), so one message has two ids.
const withoutYear = (id: string): string => {
  const bare = id.replace(/^\d{4}-/, '');
  return bare === '' ? id : bare;
};

/** The id of a message; one without (or with one too long to be one) gets the hash of what it says. */
export const identityOf = (envelope: JsonObject, headers: JsonObject): Identity => {
  const id = idOf(envelope, headers);
  if (id !== undefined) {
    return { messageId: id, idDerived: false, key: withoutYear(unescapeStomp(id)) };
  }
  const key = `sha256:${sha256(canonicalize(envelope) ?? '')}`;
  return { messageId: key, idDerived: true, key };
};
