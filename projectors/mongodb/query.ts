import * as E from 'fp-ts/lib/Either.js';
import type { Document, Sort } from 'mongodb';
import type { Generation } from '../fields.ts';
import { isMultiValued } from '../fields.ts';
import { kindAsked, kindOf, sortable } from '../queried.ts';
import type { FieldKind, Query, StoreFailure, Where } from '../read-models.ts';
import { pathOf, tieBreakers } from './indexes.ts';
import { toBson } from './text.ts';

type Asked<A> = E.Either<StoreFailure, A>;

/** Values come from outside, but only as texts and numbers of the field's kind: never as operators. */
const testOf = (where: Where, kind: FieldKind): Document => {
  if ('atMost' in where) return { $lte: toBson(where.atMost) };
  // A field of several values that has none is an empty list, and found as one.
  const none = isMultiValued(kind) ? [] : null;
  return { $in: where.in.map((value) => (value === null ? none : toBson(value))) };
};

/** All conditions, ANDed. */
export const filterOf = (
  generation: Generation,
  conditions: ReadonlyArray<Where>,
): Asked<Document> => {
  const tests: Array<Document> = [];
  for (const where of conditions) {
    const kind = kindAsked(generation, where);
    if (E.isLeft(kind)) return kind;
    tests.push({ [pathOf(where.field)]: testOf(where, kind.right) });
  }
  const [only = {}, ...others] = tests;
  return E.right(others.length === 0 ? only : { $and: tests });
};

/**
 * The order of rows; ties are broken by id. Behind an id that is a number, which is no tie any more,
 * the text of it goes the same way, so that one index serves both ways.
 */
export const sortOf = (generation: Generation, orderBy: Query['orderBy']): Asked<Sort> => {
  const keys = new Map<string, 1 | -1>();
  for (const { field, descending } of orderBy) {
    const fit = sortable(generation, field);
    if (E.isLeft(fit)) return fit;
    if (!keys.has(pathOf(field))) keys.set(pathOf(field), descending === true ? -1 : 1);
  }
  const [first, ...others] = tieBreakers(generation.fields);
  if (first === undefined) return E.right(keys);
  const way = keys.get(first) ?? 1;
  for (const tie of [first, ...others]) if (!keys.has(tie)) keys.set(tie, way);
  return E.right(keys);
};

/** The stages that count rows by the values of some fields, as {_id: {v0, v1, …}, rows}. */
export const tallyOf = (
  generation: Generation,
  conditions: ReadonlyArray<Where>,
  by: ReadonlyArray<string>,
): Asked<Array<Document>> => {
  const filter = filterOf(generation, conditions);
  if (E.isLeft(filter)) return filter;
  const stages: Array<Document> = [{ $match: filter.right }];
  const values: Document = {};
  for (const [index, field] of by.entries()) {
    const kind = kindOf(generation, field);
    if (E.isLeft(kind)) return kind;
    const path = `$${pathOf(field)}`;
    if (isMultiValued(kind.right) && by.indexOf(field) === index) {
      stages.push({ $unwind: { path, preserveNullAndEmptyArrays: true } });
    }
    values[`v${index}`] = { $ifNull: [path, null] };
  }
  stages.push({ $group: { _id: values, rows: { $sum: 1 } } }, { $sort: { _id: 1 } });
  return E.right(stages);
};
