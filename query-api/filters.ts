import type { Query, Where } from '../projectors/read-models.ts';
import type { NameTable } from './names/tables.ts';

/** A whole number as people write it in a query; undefined for anything else or beyond 2^53. */
export const wholeNumber = (text: string): number | undefined => {
  if (!/^\s*[+-]?\d+\s*$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
};

type Values = ReadonlyArray<string>;

const toWhere = (
  field: string,
  values: ReadonlyArray<string | number | undefined>,
): ReadonlyArray<Where> => {
  const known = values.filter((value) => value !== undefined);
  return values.length === 0 ? [] : [{ field, in: [...new Set(known)] }];
};

/** Any of the texts, letter by letter; no condition when none is given. */
export const anyText = (field: string, values: Values = []): ReadonlyArray<Where> =>
  toWhere(field, values);

/** Any of the numbers; what is no number matches no row. */
export const anyNumber = (field: string, values: Values = []): ReadonlyArray<Where> =>
  toWhere(field, values.map(wholeNumber));

/** Any of the named numbers, by name in any case or by number. */
export const anyNamed = (
  field: string,
  table: NameTable,
  values: Values = [],
): ReadonlyArray<Where> =>
  toWhere(
    field,
    values.map((value) => table.idOf(value) ?? wholeNumber(value)),
  );

/** A parameter that is taken once and counts as not given when empty. */
export const once = (value: string | undefined): Values =>
  value === undefined || value === '' ? [] : [value];

/** The sort order for a key such as `-id`; ties are broken by id, so that pages do not overlap. */
export const orderOf = (
  key: string,
  fields: Readonly<Record<string, string>>,
): Query['orderBy'] => {
  const descending = key.startsWith('-');
  const field = fields[descending ? key.slice(1) : key] ?? 'id';
  const order = [{ field, descending }];
  return field === 'id' ? order : [...order, { field: 'id', descending }];
};

/** A pattern for the names of a table, in any case. */
export const namePattern = (table: NameTable): string =>
  table.items
    .map(({ name }) => name.replace(/[A-Z]/g, (capital) => `[${capital}${capital.toLowerCase()}]`))
    .join('|');

/** The keys of a sort order with and without the minus, and the words for a key that is none of them. */
export const orderParameter = (keys: ReadonlyArray<string>) => ({
  type: 'string',
  enum: keys.flatMap((key) => [key, `-${key}`]),
  description: `What to sort by; with a minus, the greatest first. Default -id.`,
  examples: ['-id'],
  'x-refusal': `An invalid order_by key was suplied, allowed keys are: [${keys.map((key) => `'${key}'`).join(', ')}]`,
});
