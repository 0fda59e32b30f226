import type { JsonObject } from '../../domain/json.ts';
import type { Fields } from '../fields.ts';
import { isMultiValued, listOf, singleOf } from '../fields.ts';
import type { Model } from '../read-models.ts';
import { column, quoted, sideTable } from './schema.ts';
import type { Sqlite, SqlValue } from './sqlite.ts';
import { toSql } from './text.ts';

export type RowChange = {
  readonly id: string;
  readonly pos: string;
  readonly body?: JsonObject;
};

/** What is known of the row that stands there: its body, that there is none, or nothing. */
export type Standing = JsonObject | 'none' | undefined;

type Listed = ReturnType<typeof listOf>;

const isSame = (one: Listed, two: Listed): boolean =>
  one.length === two.length && one.every((value, index) => value === two[index]);

const without = (values: Listed, others: Listed): Listed => {
  const known = new Set(others);
  return values.filter((value) => !known.has(value));
};

const names = (fields: Fields, multi: boolean): ReadonlyArray<string> =>
  [...fields].filter(([, kind]) => isMultiValued(kind) === multi).map(([name]) => name);

type Values = ReturnType<Model['fieldsOf']>;

/** Writes the table of a field that holds several values at once. */
const sideWriter = (sqlite: Sqlite, generation: string, name: string) => {
  const side = sideTable(generation, name);
  const clear = `DELETE FROM ${side} WHERE id = ?`;
  const drop = `DELETE FROM ${side} WHERE value = ? AND id = ?`;
  const add = `INSERT OR IGNORE INTO ${side} (value, id) VALUES (?, ?)`;
  const each = (sql: string, values: Listed, id: SqlValue): void => {
    for (const value of values) sqlite.run(sql, [toSql(value), id]);
  };
  return {
    clear: (id: SqlValue): void => void sqlite.run(clear, [id]),
    fill: (id: SqlValue, values: Values): void => each(add, listOf(values[name]), id),
    change: (id: SqlValue, before: Values, values: Values): void => {
      const [old, now] = [listOf(before[name]), listOf(values[name])];
      if (isSame(old, now)) return;
      each(drop, without(old, now), id);
      each(add, without(now, old), id);
    },
  };
};

/**
 * Writes one row, unless what is there is as new or newer. Inside a transaction. What is known of the
 * row that stands there spares the indexes of fields that stay as they are.
 */
export const rowWriter = (
  sqlite: Sqlite,
  generation: string,
  model: Model,
  fields: Fields,
): ((change: RowChange, standing: Standing) => void) => {
  const singles = names(fields, false);
  const sides = names(fields, true).map((name) => sideWriter(sqlite, generation, name));
  const table = quoted(generation);
  const columns = ['id', 'pos', 'body', ...singles.map(column)];
  const taken = columns.slice(1).map((name) => `${name} = excluded.${name}`);
  const upsert = `
    INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
    ON CONFLICT (id) DO UPDATE SET ${taken.join(', ')} WHERE pos < excluded.pos`;
  const retell = `UPDATE ${table} SET pos = ?1, body = ?2 WHERE id = ?3 AND pos < ?1`;
  const remove = `DELETE FROM ${table} WHERE id = ? AND pos < ?`;
  const singlesOf = (values: Values): ReadonlyArray<SqlValue> =>
    singles.map((name) => toSql(singleOf(values[name])));
  const rewrite = (id: SqlValue, pos: string, body: JsonObject, before: Values): void => {
    const values = model.fieldsOf(body);
    const [old, now] = [singlesOf(before), singlesOf(values)];
    const isKept = now.every((value, index) => value === old[index]);
    const text = JSON.stringify(body);
    const written = isKept
      ? sqlite.run(retell, [pos, text, id])
      : sqlite.run(upsert, [id, pos, text, ...now]);
    if (written === 0) return;
    for (const side of sides) side.change(id, before, values);
  };
  const write = (id: SqlValue, pos: string, body: JsonObject, isFresh: boolean): void => {
    const values = model.fieldsOf(body);
    if (sqlite.run(upsert, [id, pos, JSON.stringify(body), ...singlesOf(values)]) === 0) return;
    for (const side of sides) {
      if (!isFresh) side.clear(id);
      side.fill(id, values);
    }
  };
  return ({ id: plainId, pos, body }, standing) => {
    const id = toSql(plainId);
    if (body === undefined) {
      if (sqlite.run(remove, [id, pos]) > 0) for (const side of sides) side.clear(id);
    } else if (standing === undefined || standing === 'none') {
      write(id, pos, body, standing === 'none');
    } else {
      rewrite(id, pos, body, model.fieldsOf(standing));
    }
  };
};
