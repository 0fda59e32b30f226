import type { JsonObject } from '../../domain/json.ts';

/** A message that something may still come of. */
export type Heard = { readonly stream: string; readonly topic: string; readonly at: string };
export type HeardRow = { readonly heard: ReadonlyArray<Heard> };

/** Together the rows remember the newest 8192 messages, however many there are: no row is long. */
const rows = 256;
const mostOfRow = 32;

/** FNV-1a: spreads names evenly over the rows, the same in every process. */
const hashOf = (text: string): number => {
  let hash = 0x811c9dc5;
  for (const character of text) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return hash;
};

/** The row that remembers a message, if any does. */
export const heardIn = (stream: string): string => `heard/${hashOf(stream) % rows}`;

const listOf = (row: JsonObject | undefined): ReadonlyArray<Heard> =>
  (row as HeardRow | undefined)?.heard ?? [];

export const findHeard = (row: JsonObject | undefined, stream: string): Heard | undefined =>
  listOf(row).find((one) => one.stream === stream);

export const remember = (row: JsonObject | undefined, message: Heard): HeardRow => {
  const others = listOf(row).filter(({ stream }) => stream !== message.stream);
  return { heard: [...others, message].slice(-mostOfRow) };
};

/** The row without a message of which nothing more can come. */
export const forget = (row: JsonObject | undefined, stream: string): HeardRow | undefined => {
  const heard = listOf(row).filter((one) => one.stream !== stream);
  return heard.length === 0 ? undefined : { heard };
};
