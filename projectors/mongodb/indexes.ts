import type { Fields } from '../fields.ts';
import { isMultiValued } from '../fields.ts';

/** An index as the server lists it; anything but these three changes what it does. */
export type Index = {
  readonly name: string;
  readonly key: Readonly<Record<string, 1 | -1>>;
};

export const pathOf = (field: string): string => `f.${field}`;

/** Ids that are numbers are sorted as numbers. */
export const tieBreakers = (fields: Fields): ReadonlyArray<string> =>
  fields.get('id') === 'integer' ? [pathOf('id'), '_id'] : ['_id'];

const keyOf = (
  fields: Fields,
  path: string,
  direction: 1 | -1,
): Readonly<Record<string, 1 | -1>> => {
  const ties = tieBreakers(fields).filter((tie) => tie !== path);
  return Object.fromEntries([[path, direction], ...ties.map((tie) => [tie, 1] as const)]);
};

/**
 * An index for every field, led by it and followed by what breaks ties, so that a sorted page needs
 * no other rows. Where ids are numbers, reading it backwards is "greatest first" with ids falling,
 * as the API asks; where they are text, ids rise all the same, which is another index.
 */
export const indexesOf = (fields: Fields): ReadonlyArray<Index> =>
  [...fields].flatMap(([name, kind]) => {
    const up = { name: `by_${name}`, key: keyOf(fields, pathOf(name), 1) };
    if (isMultiValued(kind) || fields.get('id') === 'integer') return [up];
    return [up, { name: `by_${name}_falling`, key: keyOf(fields, pathOf(name), -1) }];
  });

/** An index as it was found, with whatever options it has. */
export type FoundIndex = Readonly<Record<string, unknown>> & Index;

const plainParts = new Set(['v', 'key', 'name', 'ns', 'background']);

const optionsOf = (found: FoundIndex): ReadonlyArray<string> =>
  Object.keys(found).filter((part) => !plainParts.has(part));

const isSameKey = (one: Index['key'], two: Index['key']): boolean =>
  JSON.stringify(Object.entries(one)) === JSON.stringify(Object.entries(two));

/** Options that change which rows may be written or how long they stay. */
const constraints = ['unique', 'expireAfterSeconds'];

const faultIn = (found: FoundIndex, declared: ReadonlyArray<Index>): string | undefined => {
  const wanted = declared.find(({ name }) => name === found.name);
  const options = optionsOf(found);
  if (wanted === undefined) {
    const bad = options.filter((option) => constraints.includes(option));
    return bad.length === 0
      ? undefined
      : `is none of Freshmaker's and is ${bad.join(' and ')}, by which rows would be refused or lost`;
  }
  if (!isSameKey(found.key, wanted.key)) {
    return `has the key ${JSON.stringify(found.key)}, not ${JSON.stringify(wanted.key)}`;
  }
  return options.length === 0 ? undefined : `has ${options.join(', ')}, and should have neither`;
};

const isPrimary = ({ name }: Index): boolean => name === '_id_';

/**
 * What is to be done about the indexes that were found: those that are missing, and a sentence for
 * each that may not be there. An index that an operator added to look faster may stay.
 */
export const compareIndexes = (
  declared: ReadonlyArray<Index>,
  found: ReadonlyArray<FoundIndex>,
): { readonly missing: ReadonlyArray<Index>; readonly faults: ReadonlyArray<string> } => {
  const names = new Set(found.map(({ name }) => name));
  return {
    missing: declared.filter(({ name }) => !names.has(name)),
    faults: found
      .filter((index) => !isPrimary(index))
      .flatMap((index) => {
        const fault = faultIn(index, declared);
        return fault === undefined ? [] : [`its index ${index.name} ${fault}`];
      }),
  };
};
