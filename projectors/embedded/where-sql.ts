import * as E from 'fp-ts/lib/Either.js';
import type { Generation } from '../fields.ts';
import { isMultiValued } from '../fields.ts';
import { kindAsked } from '../queried.ts';
import type { FieldKind, StoreFailure, Where } from '../read-models.ts';
import { column, sideTable } from './schema.ts';
import type { SqlValue } from './sqlite.ts';
import { toSql } from './text.ts';

/** A piece of SQL with the values for its question marks. Values never stand in the SQL itself. */
export type Sql = { readonly sql: string; readonly values: ReadonlyArray<SqlValue> };
export type Built = E.Either<StoreFailure, Sql>;

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
  const kind = kindAsked(generation, where);
  if (E.isLeft(kind)) return kind;
  const given = 'in' in where ? where.in : [where.atMost];
  const values = given.filter((value) => value !== null);
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
