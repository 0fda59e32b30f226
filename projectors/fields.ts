import { createHash } from 'node:crypto';
import type { FieldKind, FieldValue, Model } from './read-models.ts';

/** The kinds of a model's fields by name; a Map, so that no name is ever found by accident. */
export type Fields = ReadonlyMap<string, FieldKind>;

export const isMultiValued = (kind: FieldKind): boolean => kind === 'texts' || kind === 'integers';
export const isText = (kind: FieldKind): boolean => kind === 'text' || kind === 'texts';

const plain = /^[A-Za-z][A-Za-z0-9_-]*$/u;

/** A name that comes from code and may name a table or a collection. Anything else is a bug. */
const named = (name: string): string => {
  if (plain.test(name)) return name;
  throw new Error(`"${name}" cannot name a model or a field: letters, digits, - and _ only.`);
};

export const fieldsOf = (model: Model): Fields =>
  new Map(Object.entries(model.fields).map(([name, kind]) => [named(name), kind]));

/** Changes whenever the set of fields does. */
export const shapeOf = (fields: Fields): string =>
  createHash('sha256')
    .update(JSON.stringify([...fields].sort(([a], [b]) => (a < b ? -1 : 1))))
    .digest('hex')
    .slice(0, 8);

export const generationName = (model: Model, shape: string, count: number): string =>
  `${named(model.name)}__v${model.version}_${shape}_${count}`;

/** The rows of one model as one version of its projector tells them. */
export type Generation = { readonly name: string; readonly fields: Fields };

const isList = (value: FieldValue): value is ReadonlyArray<string> | ReadonlyArray<number> =>
  Array.isArray(value);

/** What a field of one value holds; null for none. */
export const singleOf = (value: FieldValue | undefined): string | number | null =>
  value === undefined || value === null || isList(value) ? null : value;

/** What a field of several values holds. */
export const listOf = (value: FieldValue | undefined): ReadonlyArray<string | number> =>
  value === undefined || value === null ? [] : isList(value) ? value : [value];
