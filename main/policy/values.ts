import * as E from 'fp-ts/lib/Either.js';
import { isSeq } from 'yaml';
import { faultOfPattern, wholly } from '../../domain/policy/pattern.ts';
import type { Match } from '../../domain/policy/policy.ts';
import { vocabulary } from '../../domain/policy/vocabulary.ts';
import { didYouMean } from './nearest.ts';
import type { Checked, Reader } from './shapes.ts';
import { faulty, listOf, textOf, wanted } from './shapes.ts';

const seconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
const aCentury = 3_153_600_000;

/** `60s`, `10m`, `2h`, `7d`, `1w`, as whole seconds. Zero needs its unit too. */
export const duration: Reader<number> = (place) => {
  const want = 'write a whole number and its unit: 60s, 10m, 2h, 7d or 1w';
  const parts = /^(\d{1,9})([smhdw])$/u.exec(textOf(place.node) ?? '');
  if (parts === null) return wanted(place, want);
  const length = Number(parts[1]) * (seconds[parts[2] ?? ''] ?? 0);
  return length <= aCentury ? E.right(length) : wanted(place, 'at most 36500d are allowed');
};

const date = /^\d{4}-\d\d-\d\d$/u;
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)$/u;

/** Whether there is such a day: JavaScript takes the 30th of February for a day of March. */
const isDay = (text: string): boolean => {
  const day = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text.slice(0, 10));
};

/** A date (its first moment in UTC) or a time with its zone; as ISO in UTC, with milliseconds. */
export const moment: Reader<string> = (place) => {
  const want =
    'write a date (2026-12-24, from its beginning in UTC) or a time with its zone: 2026-12-24T18:00:00Z';
  const text = textOf(place.node) ?? '';
  const read = new Date(text);
  const isMoment = (date.test(text) || time.test(text)) && isDay(text);
  return isMoment && !Number.isNaN(read.getTime())
    ? E.right(read.toISOString())
    : wanted(place, want);
};

/** A whole number from 0 to `most`. */
export const countTo =
  (most: number): Reader<number> =>
  (place) => {
    const text = textOf(place.node) ?? '';
    const isCount = /^\d{1,9}$/u.test(text) && Number(text) <= most;
    return isCount
      ? E.right(Number(text))
      : wanted(place, `write a whole number from 0 to ${most}`);
  };

/** One of a few words. */
export const oneOf =
  <Word extends string>(words: ReadonlyArray<Word>): Reader<Word> =>
  (place) => {
    const text = textOf(place.node) ?? '';
    const word = words.find((candidate) => candidate === text);
    if (word !== undefined) return E.right(word);
    return wanted(place, `write one of ${words.join(', ')}${didYouMean(text, words)}`);
  };

/** The name of a rule, by which decisions cite it. */
export const ruleId: Reader<string> = (place) => {
  const text = textOf(place.node) ?? '';
  const isId = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/u.test(text);
  const want =
    'write a name for decisions to cite: a letter or digit, then letters, digits, . _ -, at most 64 in all';
  return isId ? E.right(text) : wanted(place, want);
};

const misses = (key: keyof Match, pattern: string): string | undefined => {
  const known = vocabulary[key];
  if (known === undefined || known.some(wholly(pattern))) return undefined;
  return `${JSON.stringify(pattern)} matches no ${key} there is; these are: ${known.join(', ')}${didYouMean(pattern, known)}`;
};

const pattern =
  (key: keyof Match): Reader<string> =>
  (place): Checked<string> => {
    const text = textOf(place.node);
    if (text === undefined) return wanted(place, 'write a pattern (a regular expression)');
    const fault = faultOfPattern(text);
    if (fault !== undefined) return faulty(place, `${JSON.stringify(text.slice(0, 60))} ${fault}`);
    const miss = misses(key, text);
    return miss === undefined ? E.right(text) : faulty(place, miss);
  };

/** One pattern, or a list of which any may match. Always a list in the end. */
export const patterns =
  (key: keyof Match): Reader<ReadonlyArray<string>> =>
  (place) => {
    const one = pattern(key);
    const want = 'write a pattern, or a list of them';
    if (isSeq(place.node)) {
      return place.node.items.length === 0
        ? faulty(place, `is an empty list, which nothing matches; ${want}`)
        : listOf(one, want)(place);
    }
    const read = one(place);
    return E.isLeft(read) ? read : E.right([read.right]);
  };
