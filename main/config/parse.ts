import { readFileSync } from 'node:fs';
import * as E from 'fp-ts/lib/Either.js';

/** Reads one setting from text or from the value of a configuration file. */
export type Parse<A> = (value: unknown) => E.Either<string, A>;

export const text: Parse<string> = (value) =>
  typeof value === 'string' && value.trim() !== '' ? E.right(value) : E.left('some text');

export const optional =
  <A>(parse: Parse<A>): Parse<A | null> =>
  (value) =>
    value === null || value === '' ? E.right(null) : parse(value);

export const oneOf =
  <A extends string>(...allowed: ReadonlyArray<A>): Parse<A> =>
  (value) => {
    const found = allowed.find((one) => one === value);
    return found === undefined ? E.left(`one of ${allowed.join(', ')}`) : E.right(found);
  };

export const whole =
  (least: number, most: number): Parse<number> =>
  (value) => {
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    const isFine = Number.isInteger(number) && Number(number) >= least && Number(number) <= most;
    return isFine ? E.right(Number(number)) : E.left(`a whole number from ${least} to ${most}`);
  };

export const flag: Parse<boolean> = (value) => {
  if (value === true || value === 'true' || value === '1') return E.right(true);
  if (value === false || value === 'false' || value === '0') return E.right(false);
  return E.left('true or false');
};

export const url: Parse<string> = (value) =>
  typeof value === 'string' && URL.canParse(value) ? E.right(value) : E.left('a URL');

/** As `list`, where an empty text is one of the values: nothing at all is read as that one. */
export const listOfAny: Parse<ReadonlyArray<string>> = (value) => {
  const parts: unknown = typeof value === 'string' ? value.split(',') : value;
  return Array.isArray(parts) && parts.every((part) => typeof part === 'string')
    ? E.right(parts.map((part) => part.trim()))
    : E.left('a list of text, or text separated by commas');
};

/** Text separated by commas, or a list; what is empty between commas counts for nothing. */
export const list: Parse<ReadonlyArray<string>> = (value) =>
  E.map((parts: ReadonlyArray<string>) => parts.filter((part) => part !== ''))(listOfAny(value));

/** Reads the file that is named; the setting's value is its text. */
export const pemFile: Parse<string> = (value) => {
  if (typeof value !== 'string') return E.left('the name of a PEM file');
  const read = E.tryCatch(
    () => readFileSync(value, 'utf8'),
    (error) => (error instanceof Error ? error.message : String(error)),
  );
  if (E.isLeft(read)) return E.left(`a PEM file that can be read (${read.left})`);
  return read.right.includes('-----BEGIN ')
    ? read
    : E.left('a PEM file: one that holds "-----BEGIN "');
};
