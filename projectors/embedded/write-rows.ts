import type { JsonObject } from '../../domain/json.ts';
import type { FieldValue, Model } from '../read-models.ts';
import type { Fields } from './schema.ts';
import { column, isMultiValued, quoted, sideTable } from './schema.ts';
import type { Sqlite, SqlValue } from './sqlite.ts';
import { toSql } from './text.ts';

export type RowChange = {
  readonly id: string;
  readonly pos: string;
  readonly body?: JsonObject;
};

const isList = (value: FieldValue): value is ReadonlyArray<string> | ReadonlyArray<number> =>
  Array.isArray(value);

const singleOf = (value: FieldValue | undefined): SqlValue =>
  value === undefined || value === null || isList(value) ? null : toSql(value);

const listOf = (value: FieldValue | undefined): ReadonlyArray<string | number> =>
  value === undefined || value === null ? [] : isList(value) ? value : [value];

const names = (fields: Fields, multi: boolean): ReadonlyArray<string> =>
  [...fields].filter(([, kind]) => isMultiValued(kind) === multi).map(([name]) => name);

/**
 * Writes one row, unless what is there is as new or newer. Inside a transaction. `isFresh` says that
 * there is no such row yet, which spares clearing what it had.
 */
export const rowWriter = (
  sqlite: Sqlite,
  generation: string,
  model: Model,
  fields: Fields,
): ((change: RowChange, isFresh: boolean) => void) => {
  const singles = names(fields, false);
  const sides = names(fields, true).map((name) => {
    const side = sideTable(generation, name);
    return {
      name,
      clear: `DELETE FROM ${side} WHERE id = ?`,
      add: `INSERT OR IGNORE INTO ${side} (value, id) VALUES (?, ?)`,
    };
  });
  const table = quoted(generation);
  const columns = ['id', 'pos', 'body', ...singles.map(column)];
  const taken = columns.slice(1).map((name) => `${name} = excluded.${name}`);
  const upsert = `
    INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
    ON CONFLICT (id) DO UPDATE SET ${taken.join(', ')} WHERE pos < excluded.pos`;
  const remove = `DELETE FROM ${table} WHERE id = ? AND pos < ?`;
  const empty = (id: SqlValue): void => {
    for (const { clear } of sides) sqlite.run(clear, [id]);
  };
  const fill = (id: SqlValue, values: ReturnType<Model['fieldsOf']>): void => {
    for (const { name, add } of sides) {
      for (const value of listOf(values[name])) sqlite.run(add, [toSql(value), id]);
    }
  };
  return ({ id: plainId, pos, body }, isFresh) => {
    const id = toSql(plainId);
    if (body === undefined) {
      if (sqlite.run(remove, [id, pos]) > 0) empty(id);
      return;
    }
    const values = model.fieldsOf(body);
    const single = singles.map((name) => singleOf(values[name]));
    if (sqlite.run(upsert, [id, pos, JSON.stringify(body), ...single]) === 0) return;
    if (!isFresh) empty(id);
    fill(id, values);
  };
};
