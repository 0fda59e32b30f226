import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Generation } from '../fields.ts';
import type { StoredRow } from '../kept-rows.ts';
import { rowKeeper } from '../kept-rows.ts';
import type { Checkpoint, Model, Reader, Row, StoreFailure } from '../read-models.ts';
import { attempt } from './failures.ts';
import { liveGeneration } from './generations.ts';
import { findSql, tallySql } from './query-sql.ts';
import { quoted } from './schema.ts';
import type { Sqlite, SqlRow, SqlValue } from './sqlite.ts';
import { fromSql, toSql } from './text.ts';
import type { Sql } from './where-sql.ts';

/** For how long a reader may go on with the generation it found, in milliseconds. */
const aliasAge = 1000;

/** A selected row (id, pos, body) as it is kept. */
export const storedRow = ([id, pos, body]: SqlRow): StoredRow => ({
  ...{ id: String(fromSql(id ?? '')), pos: String(pos), body: String(body) },
});

/** Where a generation stands; undefined while it is empty. */
export const checkpointOf = (sqlite: Sqlite, generation: string): Checkpoint | undefined => {
  const sql = 'SELECT log_id, position, hash FROM generations WHERE name = ?';
  const [logId, position, hash] = sqlite.one(sql, [generation]) ?? [];
  if (typeof logId !== 'string' || typeof position !== 'string') return undefined;
  return { logId, position, hash: String(hash) };
};

const followAlias = (
  sqlite: Sqlite,
  model: string,
  stamped: () => string,
): (() => Generation | undefined) => {
  let found: Generation | undefined;
  let until = 0;
  let at = '';
  return () => {
    const now = performance.now();
    if (found !== undefined && now < until && at === stamped()) return found;
    found = liveGeneration(sqlite, model);
    until = now + aliasAge;
    at = stamped();
    return found;
  };
};

/**
 * Reads the generation that the model's alias points at; a model without one has no rows. The alias
 * is at least as new as what was `stamped` last.
 */
export const readerOf = (
  sqlite: Sqlite,
  file: string,
  model: Model,
  stamped: () => string,
): Reader => {
  const live = followAlias(sqlite, model.name, stamped);
  const reading = <A>(
    none: A,
    read: (generation: Generation) => E.Either<StoreFailure, A>,
  ): ReturnType<typeof attempt<A>> =>
    attempt(file, () => {
      const generation = live();
      return generation === undefined ? E.right(none) : read(generation);
    });
  const keptRow = rowKeeper();
  const rows = ({ sql, values }: Sql): ReadonlyArray<SqlRow> => sqlite.all(sql, values);
  const counted = ([rowCount]: SqlRow = []): number => Number(rowCount ?? 0);
  const grouped = (row: SqlRow): { values: ReadonlyArray<SqlValue>; rows: number } => ({
    values: row.slice(0, -1).map(fromSql),
    rows: Number(row.at(-1)),
  });
  return {
    get: (id) =>
      reading<Row | undefined>(undefined, ({ name }) => {
        const sql = `SELECT id, pos, body FROM ${quoted(name)} WHERE id = ?`;
        const row = sqlite.one(sql, [toSql(id)]);
        return E.right(row === undefined ? undefined : keptRow(name, storedRow(row)));
      }),
    find: (query) =>
      reading<ReadonlyArray<Row>>([], (generation) =>
        pipe(
          findSql(generation, query),
          E.map((sql) => rows(sql).map((row) => keptRow(generation.name, storedRow(row)))),
        ),
      ),
    count: (where) =>
      reading(0, (generation) =>
        pipe(
          tallySql(generation, where, []),
          E.map((sql) => counted(rows(sql)[0])),
        ),
      ),
    tally: (where, by) =>
      reading<ReadonlyArray<ReturnType<typeof grouped>>>([], (generation) =>
        pipe(
          tallySql(generation, where, by),
          E.map((sql) => rows(sql).map(grouped)),
        ),
      ),
    checkpoint: () =>
      reading<Checkpoint | undefined>(undefined, ({ name }) => E.right(checkpointOf(sqlite, name))),
  };
};
