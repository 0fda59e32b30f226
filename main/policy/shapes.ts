import * as E from 'fp-ts/lib/Either.js';
import type { Node, Pair } from 'yaml';
import { isMap, isScalar, isSeq } from 'yaml';
import { didYouMean } from './nearest.ts';

/** What is wrong, at which character of the text, in which entry (`rules[0].allow.name`). */
export type Fault = { readonly offset: number; readonly path: string; readonly message: string };
export type Checked<A> = E.Either<ReadonlyArray<Fault>, A>;

/** Where a reader stands. `node` is undefined where the key was not written at all. */
export type Place = {
  readonly node: Node | null | undefined;
  readonly path: string;
  readonly offset: number;
};
export type Reader<A> = (place: Place) => Checked<A>;

export const faulty = (place: Omit<Place, 'node'>, message: string): Checked<never> =>
  E.left([{ offset: place.offset, path: place.path, message }]);

/** All values, or all faults: one fault does not hide the next. */
export const collect = <A>(parts: ReadonlyArray<Checked<A>>): Checked<ReadonlyArray<A>> => {
  const faults = parts.flatMap((part) => (E.isLeft(part) ? part.left : []));
  if (faults.length > 0) return E.left(faults);
  return E.right(parts.flatMap((part) => (E.isRight(part) ? [part.right] : [])));
};

/** The text of a plain value; undefined for a map, a list or nothing. */
export const textOf = (node: Place['node']): string | undefined =>
  isScalar(node) && typeof node.value === 'string' ? node.value : undefined;

const shown = (node: Place['node']): string => {
  if (node === undefined) return 'is missing';
  if (isMap(node)) return 'is a map of keys';
  if (isSeq(node)) return 'is a list';
  const text = textOf(node) ?? '';
  return text === '' ? 'is empty' : `is ${JSON.stringify(text.slice(0, 60))}`;
};

/** Says what was found, and what is wanted instead. */
export const wanted = (place: Place, want: string): Checked<never> =>
  faulty(place, `${shown(place.node)}; ${want}`);

const offsetOf = (node: Node | null | undefined, otherwise: number): number =>
  node?.range?.[0] ?? otherwise;

const below = (place: Place, node: Node | null | undefined, key: string | number): Place => {
  const dot = place.path === '' ? '' : '.';
  const path = typeof key === 'number' ? `${place.path}[${key}]` : `${place.path}${dot}${key}`;
  return { node, path, offset: offsetOf(node, place.offset) };
};

const pairsOf = (place: Place): ReadonlyArray<Pair<Node, Node | null>> =>
  isMap<Node, Node | null>(place.node) ? place.node.items : [];

/** What stands under a key of a map. */
export const at = (place: Place, key: string): Place => {
  const pair = pairsOf(place).find((item) => textOf(item.key) === key);
  return below(place, pair === undefined ? undefined : pair.value, key);
};

/** True when the key was written, whatever its value. */
export const has = (place: Place, key: string): boolean => at(place, key).node !== undefined;

/** One fault for each key that is not among the known ones, with the nearest of them. */
export const strangers = (
  place: Place,
  known: ReadonlyArray<string>,
): ReadonlyArray<Checked<never>> =>
  pairsOf(place)
    .filter((pair) => !known.includes(textOf(pair.key) ?? ''))
    .map((pair) => {
      const key = textOf(pair.key) ?? '?';
      const where = {
        path: below(place, null, key).path,
        offset: offsetOf(pair.key, place.offset),
      };
      const allowed = `allowed here: ${known.join(', ')}`;
      return faulty(where, `is no known key; ${allowed}${didYouMean(key, known)}`);
    });

/** A map with exactly these keys, each read by its own reader, which is asked for absent keys too. */
export const record =
  <A extends object>(readers: { readonly [K in keyof A]: Reader<A[K]> }): Reader<A> =>
  (place) => {
    const known = Object.keys(readers);
    if (!isMap(place.node)) return wanted(place, `write the keys ${known.join(', ')}`);
    const entries = Object.entries<Reader<unknown>>(readers).map(([key, reader]) => {
      const read = reader(at(place, key));
      return E.isLeft(read) ? read : E.right([key, read.right] as const);
    });
    const all = collect<readonly [string, unknown]>([...strangers(place, known), ...entries]);
    return E.isLeft(all) ? all : E.right(Object.fromEntries(all.right) as A);
  };

/** A list of at least one, each read by the same reader. */
export const listOf =
  <A>(reader: Reader<A>, want: string): Reader<ReadonlyArray<A>> =>
  (place) => {
    if (!isSeq<Node | null>(place.node)) return wanted(place, want);
    return collect(place.node.items.map((item, index) => reader(below(place, item, index))));
  };

/** Stands in for a key that was not written. */
export const otherwise =
  <A>(value: A, reader: Reader<A>): Reader<A> =>
  (place) =>
    place.node === undefined ? E.right(value) : reader(place);
