import type { KeyObject } from 'node:crypto';
import { verify } from 'node:crypto';
import type { Element } from './der.ts';
import { elementAt, elementsOf, tags } from './der.ts';

/** A certificate revocation list (RFC 5280 §5), as far as it is needed here. */
export type RevocationList = {
  /** Serial numbers in upper-case hexadecimal, without zeros in front. */
  readonly revoked: ReadonlySet<string>;
  /** When a newer list was promised, Unix milliseconds; undefined where none was. */
  readonly nextUpdate: number | undefined;
  readonly isSignedBy: (authority: KeyObject) => boolean;
};

const digests: Readonly<Record<string, string>> = {
  '2a864886f70d010105': 'sha1',
  '2a864886f70d01010b': 'sha256',
  '2a864886f70d01010c': 'sha384',
  '2a864886f70d01010d': 'sha512',
};

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const isTime = ({ tag }: Element): boolean => tag === tags.utcTime || tag === tags.generalizedTime;

/** RFC 5280 §4.1.2.5: a year of two digits is of 1950 to 2049. */
const timeOf = ({ tag, content }: Element): number => {
  const text = Buffer.from(content).toString('latin1');
  const century = Number(text.slice(0, 2)) < 50 ? '20' : '19';
  const whole = tag === tags.utcTime ? century + text : text;
  const iso = whole.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  return Date.parse(iso);
};

const serialOf = (entry: Element): string | undefined => {
  const [serial] = elementsOf(entry.content) ?? [];
  if (serial?.tag !== tags.integer) return undefined;
  return hexOf(serial.content)
    .replace(/^0+(?=.)/, '')
    .toUpperCase();
};

/** What stands behind the two times of the list: its entries, where it has any. */
const revokedIn = (fields: ReadonlyArray<Element>): ReadonlySet<string> | undefined => {
  const entries = fields.at(fields.findLastIndex(isTime) + 1);
  if (entries?.tag !== tags.sequence) return new Set();
  const serials = elementsOf(entries.content)?.map(serialOf);
  if (serials === undefined || serials.includes(undefined)) return undefined;
  return new Set(serials.filter((serial) => serial !== undefined));
};

const digestOf = (algorithm: Element): string | undefined => {
  const [oid] = elementsOf(algorithm.content) ?? [];
  return oid?.tag === tags.oid ? digests[hexOf(oid.content)] : undefined;
};

type Signed = {
  readonly list: Element;
  readonly digest: string;
  readonly signature: Uint8Array;
};

const signedIn = (der: Uint8Array): Signed | undefined => {
  const outer = elementAt(der, 0);
  if (outer?.tag !== tags.sequence) return undefined;
  const [list, algorithm, signature] = elementsOf(outer.content) ?? [];
  if (list?.tag !== tags.sequence || signature?.tag !== tags.bits) return undefined;
  const digest = algorithm === undefined ? undefined : digestOf(algorithm);
  if (digest === undefined) return undefined;
  return { list, digest, signature: signature.content.subarray(1) }; // the first byte counts unused bits
};

const timesIn = (fields: ReadonlyArray<Element>): ReadonlyArray<number> | undefined => {
  const times = fields.filter(isTime).map(timeOf);
  return times.length === 0 || times.some(Number.isNaN) ? undefined : times;
};

/**
 * Reads a list from its DER. Undefined where it is none, or is signed otherwise than by RSA with SHA-1
 * or SHA-2. A list counts only once `isSignedBy` says so of its authority.
 */
export const readRevocationList = (der: Uint8Array): RevocationList | undefined => {
  const signed = signedIn(der);
  if (signed === undefined) return undefined;
  const { list, digest, signature } = signed;
  const fields = elementsOf(list.content) ?? [];
  const times = timesIn(fields);
  const revoked = revokedIn(fields);
  if (times === undefined || revoked === undefined) return undefined;
  return {
    revoked,
    nextUpdate: times[1],
    isSignedBy: (authority) => verify(digest, list.whole, authority, signature),
  };
};
