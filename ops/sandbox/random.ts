import { createHash } from 'node:crypto';

/** A number in [0, 1) that depends on these words only, so that a world can be told again. */
export const chance = (...words: ReadonlyArray<string | number>): number =>
  createHash('sha256').update(words.join('\0')).digest().readUInt32BE(0) / 2 ** 32;

/** One of the items, picked by chance. */
export const pick = <T>(
  items: ReadonlyArray<T>,
  ...words: ReadonlyArray<string | number>
): T | undefined => items[Math.floor(chance(...words) * items.length)];
