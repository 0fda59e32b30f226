import * as E from 'fp-ts/lib/Either.js';
import type { Generation } from './fields.ts';
import { isMultiValued, isText } from './fields.ts';
import type { FieldKind, Query, StoreFailure, Where } from './read-models.ts';

export const bad = (reason: string): E.Either<StoreFailure, never> =>
  E.left({ code: 'bad-query', reason });

/** The kind of a field; left names the fields there are. */
export const kindOf = (
  generation: Generation,
  field: string,
): E.Either<StoreFailure, FieldKind> => {
  const kind = generation.fields.get(field);
  if (kind !== undefined) return E.right(kind);
  const known = [...generation.fields.keys()].join(', ');
  return bad(
    `The rows of ${generation.name} cannot be searched by "${field}". It knows: ${known}. A field that is new is known once the rebuilt rows have gone live.`,
  );
};

/** Whether a field of this kind can never hold the value. */
export const misfits = (kind: FieldKind, value: string | number): boolean =>
  isText(kind) ? typeof value !== 'string' : typeof value !== 'number' || !Number.isFinite(value);

/** The kind of the field that a condition asks for; left where a value is not of that kind. */
export const kindAsked = (
  generation: Generation,
  where: Where,
): E.Either<StoreFailure, FieldKind> => {
  const { field } = where;
  const kind = kindOf(generation, field);
  if (E.isLeft(kind)) return kind;
  const given = 'in' in where ? where.in : [where.atMost];
  const misfit = given.find((value) => value !== null && misfits(kind.right, value));
  return misfit === undefined
    ? kind
    : bad(`"${field}" holds ${kind.right}; ${JSON.stringify(misfit)} is not of that kind.`);
};

/** Right for a field of one value, by which rows can be sorted. */
export const sortable = (generation: Generation, field: string): E.Either<StoreFailure, void> => {
  const kind = kindOf(generation, field);
  if (E.isLeft(kind)) return kind;
  return isMultiValued(kind.right)
    ? bad(`"${field}" holds several values at once, so rows cannot be sorted by it.`)
    : E.right(undefined);
};

const isBound = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

/** Right for a page that rows can be given of. */
export const bounded = ({ offset, limit }: Query): E.Either<StoreFailure, void> =>
  isBound(offset) && isBound(limit)
    ? E.right(undefined)
    : bad(`Offset ${offset} and limit ${limit} must be whole numbers from 0 on.`);
