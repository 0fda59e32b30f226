import * as E from 'fp-ts/lib/Either.js';
import type { FieldKind, Query, StoreFailure, Where } from '../read-models.ts';
import type { Generation } from './generations.ts';
import { column, isMultiValued, isText, quoted, sideTable, tieBreakers } from './schema.ts';
import type { SqlValue } from './sqlite.ts';
import { toSql } from './text.ts';

/** A piece of SQL with the values for its question marks. Values never stand in the SQL itself. */
export type Sql = { readonly sql: string; readonly values: ReadonlyArray<SqlValue> };
type Built = E.Either<StoreFailure, Sql>;

const bad = (reason: string): E.Either<StoreFailure, never> =>
  E.left({ code: 'bad-query', reason });

const kindOf = (generation: Generation, field: string): E.Either<StoreFailure, FieldKind> => {
  const kind = generation.fields.get(field);
  if (kind !== undefined) return E.right(kind);
  const known = [...generation.fields.keys()].join(', ');
  return bad(
    `The rows of ${generation.name} cannot be searched by "${field}". It knows: ${known}. A field that is new is known once the rebuilt rows have gone live.`,
  );
};

const misfits = (kind: FieldKind, value: string | number): boolean =>
  isText(kind) ? typeof value !== 'string' : typeof value !== 'number' || !Number.isFinite(value);

const anyOf = (column: string, values: ReadonlyArray<string | number>): Sql =>
  values.length === 1
    ? { sql: `${column} = ?`, values: values.map(toSql) }
    : {
        sql: `${column} IN (SELECT value FROM json_each(?))`,
        values: [JSON.stringify(values.map(toSql))],
      };

const either = (parts: ReadonlyArray<Sql>): Sql => ({
  sql: parts.length === 0 ? '0' : `(${parts.map((part) => part.sql).join(' OR ')})`,
  values: parts.flatMap((part) => part.values),
});

const inside = (generation: Generation, field: string, test: Sql): Sql => ({
  sql: `g.id IN (SELECT id FROM ${sideTable(generation.name, field)} WHERE ${test.sql})`,
  values: test.values,
});

const nothingThere = (generation: Generation, field: string, kind: FieldKind): Sql =>
  isMultiValued(kind)
    ? { sql: `g.id NOT IN (SELECT id FROM ${sideTable(generation.name, field)})`, values: [] }
    : { sql: `g.${column(field)} IS NULL`, values: [] };

const compare = (
  generation: Generation,
  field: string,
  kind: FieldKind,
  test: (column: string) => Sql,
): Sql =>
  isMultiValued(kind) ? inside(generation, field, test('value')) : test(`g.${column(field)}`);

const conditionSql = (generation: Generation, where: Where): Built => {
  const { field } = where;
  const kind = kindOf(generation, field);
  if (E.isLeft(kind)) return kind;
  const given = 'in' in where ? where.in : [where.atMost];
  const values = given.filter((value) => value !== null);
  const misfit = values.find((value) => misfits(kind.right, value));
  if (misfit !== undefined) {
    return bad(`"${field}" holds ${kind.right}; ${JSON.stringify(misfit)} is not of that kind.`);
  }
  if ('atMost' in where) {
    const test = (column: string): Sql => ({ sql: `${column} <= ?`, values: values.map(toSql) });
    return E.right(compare(generation, field, kind.right, test));
  }
  const present = compare(generation, field, kind.right, (column) => anyOf(column, values));
  return E.right(
    either([
      ...(values.length > 0 ? [present] : []),
      ...(values.length < given.length ? [nothingThere(generation, field, kind.right)] : []),
    ]),
  );
};

/** All conditions, ANDed; empty SQL for none. */
export const whereSql = (generation: Generation, where: ReadonlyArray<Where>): Built => {
  const parts: Array<Sql> = [];
  for (const condition of where) {
    const part = conditionSql(generation, condition);
    if (E.isLeft(part)) return part;
    parts.push(part.right);
  }
  return E.right({
    sql: parts.length === 0 ? '' : `WHERE ${parts.map((part) => part.sql).join(' AND ')}`,
    values: parts.flatMap((part) => part.values),
  });
};

type Order = Query['orderBy'];

const orderSql = (generation: Generation, orderBy: Order): E.Either<StoreFailure, string> => {
  const keys: Array<string> = [];
  for (const { field, descending } of orderBy) {
    const kind = kindOf(generation, field);
    if (E.isLeft(kind)) return kind;
    if (isMultiValued(kind.right)) {
      return bad(`"${field}" holds several values at once, so rows cannot be sorted by it.`);
    }
    keys.push(`g.${column(field)}${descending === true ? ' DESC' : ''}`);
  }
  const ties = tieBreakers(generation.fields).map((name) => `g.${name}`);
  return E.right(`ORDER BY ${[...keys, ...ties].join(', ')}`);
};

const isBound = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

/** The statement that finds rows as (id, pos, body). */
export const findSql = (generation: Generation, query: Query): Built => {
  const { offset, limit } = query;
  if (!isBound(offset) || !isBound(limit)) {
    return bad(`Offset ${offset} and limit ${limit} must be whole numbers from 0 on.`);
  }
  const where = whereSql(generation, query.where);
  if (E.isLeft(where)) return where;
  const order = orderSql(generation, query.orderBy);
  if (E.isLeft(order)) return order;
  const from = `SELECT g.id, g.pos, g.body FROM ${quoted(generation.name)} g`;
  return E.right({
    sql: `${from} ${where.right.sql} ${order.right} LIMIT ? OFFSET ?`,
    values: [...where.right.values, limit, offset],
  });
};

/** The statement that counts rows by the values of some fields, as (value…, rows). */
export const tallySql = (
  generation: Generation,
  conditions: ReadonlyArray<Where>,
  by: ReadonlyArray<string>,
): Built => {
  const where = whereSql(generation, conditions);
  if (E.isLeft(where)) return where;
  const columns: Array<string> = [];
  const joins: Array<string> = [];
  for (const [index, field] of by.entries()) {
    const kind = kindOf(generation, field);
    if (E.isLeft(kind)) return kind;
    const side = `s${index}`;
    const multi = isMultiValued(kind.right);
    columns.push(multi ? `${side}.value` : `g.${column(field)}`);
    if (!multi) continue;
    joins.push(`LEFT JOIN ${sideTable(generation.name, field)} ${side} ON ${side}.id = g.id`);
  }
  const list = columns.join(', ');
  const grouping = list === '' ? '' : `GROUP BY ${list} ORDER BY ${list}`;
  const selected = [...columns, 'count(*)'].join(', ');
  const from = `FROM ${quoted(generation.name)} g ${joins.join(' ')}`;
  return E.right({
    sql: `SELECT ${selected} ${from} ${where.right.sql} ${grouping}`,
    values: where.right.values,
  });
};
