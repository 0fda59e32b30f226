import { isStruct, plainText, type Struct, type Value } from './value.ts';

const rank = (value: Value | undefined): number => (value == null ? 1 : 0);

const compared = (left: Value | undefined, right: Value | undefined): number => {
  if (left == null || right == null) return rank(left) - rank(right);
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  const [a, b] = [plainText(left), plainText(right)];
  return a === b ? 0 : a < b ? -1 : 1;
};

const byKeys =
  (order: string) =>
  (left: Struct, right: Struct): number => {
    for (const word of order.split(',')) {
      const key = word.replace(/^-/, '');
      const result = compared(left[key], right[key]);
      if (result !== 0) return word.startsWith('-') ? -result : result;
    }
    return 0;
  };

/** Orders rows (`id`, `-id`, `name,-id`; null is greatest) and takes `offset` and `limit` of them. */
export const paged = (
  rows: ReadonlyArray<Struct>,
  options: Value | undefined,
): ReadonlyArray<Struct> => {
  const { order, offset, limit }: Struct = isStruct(options) ? options : {};
  const sorted = typeof order === 'string' ? rows.toSorted(byKeys(order)) : rows;
  const start = typeof offset === 'number' ? offset : 0;
  return sorted.slice(start, typeof limit === 'number' ? start + limit : undefined);
};

/** Rows by `queryOpts`: a page of them, or with `countOnly` how many there are. */
export const queried = (rows: ReadonlyArray<Struct>, options: Value | undefined): Value => {
  const page = paged(rows, options);
  return isStruct(options) && options['countOnly'] === true ? page.length : page;
};
