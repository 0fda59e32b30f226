import * as E from 'fp-ts/lib/Either.js';
import type { Generation } from '../fields.ts';
import { isMultiValued } from '../fields.ts';
import { bounded, kindOf, misfits, sortable } from '../queried.ts';
import type { Query, StoreFailure, Where } from '../read-models.ts';
import { column, quoted, sideTable, tieBreakers } from './schema.ts';
import type { SqlValue } from './sqlite.ts';
import { toSql } from './text.ts';
import type { Built } from './where-sql.ts';
import { whereSql } from './where-sql.ts';

/** What rows are read from: the generation, led by a table of values where one value leads to them. */
type Source = {
  readonly from: string;
  readonly leading: ReadonlyArray<SqlValue>;
  /** Enough to count rows when no condition is left. */
  readonly alone: string;
  /** The conditions that are left. */
  readonly rest: ReadonlyArray<Where>;
  /** Where ids come in order. */
  readonly id: string;
};

const leads = (generation: Generation, where: Where): boolean => {
  const kind = generation.fields.get(where.field);
  if (kind === undefined || !isMultiValued(kind) || !('in' in where)) return false;
  const [value, ...others] = where.in;
  return others.length === 0 && value !== undefined && value !== null && !misfits(kind, value);
};

/**
 * One value of a field with several is where reading best begins: its rows stand together there, in
 * order of ids, so that a page and a count need no others. CROSS JOIN keeps SQLite to that order
 * (https://sqlite.org/optoverview.html#crossjoin).
 */
const sourceOf = (generation: Generation, conditions: ReadonlyArray<Where>): Source => {
  const rows = `${quoted(generation.name)} g`;
  const first = conditions.find((where) => leads(generation, where));
  if (first === undefined || !('in' in first)) {
    const from = `FROM ${rows}`;
    return { from, leading: [], alone: from, rest: conditions, id: 'g.id' };
  }
  const side = sideTable(generation.name, first.field);
  return {
    from: `FROM ${side} led CROSS JOIN ${rows} ON led.value = ? AND g.id = led.id`,
    leading: first.in.map(toSql),
    alone: `FROM ${side} led WHERE led.value = ?`,
    rest: conditions.filter((where) => where !== first),
    id: 'led.id',
  };
};

type Order = Query['orderBy'];

const orderSql = (
  generation: Generation,
  orderBy: Order,
  id: string,
): E.Either<StoreFailure, string> => {
  const keys: Array<string> = [];
  for (const { field, descending } of orderBy) {
    const fit = sortable(generation, field);
    if (E.isLeft(fit)) return fit;
    keys.push(`g.${column(field)}${descending === true ? ' DESC' : ''}`);
  }
  const ties = tieBreakers(generation.fields).map((name) => (name === 'id' ? id : `g.${name}`));
  return E.right(`ORDER BY ${[...keys, ...ties].join(', ')}`);
};

/** The statement that finds rows as (id, pos, body). */
export const findSql = (generation: Generation, query: Query): Built => {
  const { offset, limit } = query;
  const page = bounded(query);
  if (E.isLeft(page)) return page;
  const source = sourceOf(generation, query.where);
  const where = whereSql(generation, source.rest);
  if (E.isLeft(where)) return where;
  const order = orderSql(generation, query.orderBy, source.id);
  if (E.isLeft(order)) return order;
  return E.right({
    sql: `SELECT g.id, g.pos, g.body ${source.from} ${where.right.sql} ${order.right} LIMIT ? OFFSET ?`,
    values: [...source.leading, ...where.right.values, limit, offset],
  });
};

/** The statement that counts rows by the values of some fields, as (value…, rows). */
export const tallySql = (
  generation: Generation,
  conditions: ReadonlyArray<Where>,
  by: ReadonlyArray<string>,
): Built => {
  const source = sourceOf(generation, conditions);
  const where = whereSql(generation, source.rest);
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
  if (by.length === 0 && source.rest.length === 0) {
    return E.right({ sql: `SELECT count(*) ${source.alone}`, values: source.leading });
  }
  return E.right({
    sql: `SELECT ${selected} ${source.from} ${joins.join(' ')} ${where.right.sql} ${grouping}`,
    values: [...source.leading, ...where.right.values],
  });
};
