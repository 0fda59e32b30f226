import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { fieldsOf } from '../fields.ts';
import { rowOf } from '../kept-rows.ts';
import type { Checkpoint, Model, StoreFailure, Writer } from '../read-models.ts';
import { attempt } from './failures.ts';
import { activate, ensureGeneration, findGeneration, isDue } from './generations.ts';
import { checkpointOf, storedRow } from './reader.ts';
import { quoted } from './schema.ts';
import type { Sqlite } from './sqlite.ts';
import { toSql } from './text.ts';
import type { Standing } from './write-rows.ts';
import { rowWriter } from './write-rows.ts';

export type Store = {
  readonly sqlite: Sqlite;
  readonly file: string;
  /** Milliseconds since 1970, as all processes of the machine see it. */
  readonly now: () => number;
  /** How long a writer that says nothing stays the writer, in milliseconds. */
  readonly lease: number;
};

type Hold = { readonly generation: string; readonly owner: string; readonly epoch: number };

const stamp = (store: Store): string => new Date(store.now()).toISOString();

const isTaken = (store: Store, generation: string, owner: string): boolean => {
  const sql = 'SELECT owner, lease_until FROM generations WHERE name = ?';
  const [holder, until] = store.sqlite.one(sql, [generation]) ?? [];
  return typeof holder === 'string' && holder !== owner && Number(until) > store.now();
};

const take = (store: Store, model: Model, owner: string): Hold | undefined => {
  const { sqlite } = store;
  const generation = ensureGeneration(sqlite, model, stamp(store));
  if (isTaken(store, generation, owner)) return undefined;
  const sql = 'UPDATE generations SET epoch = epoch + 1, owner = ?, lease_until = ? WHERE name = ?';
  sqlite.run(sql, [owner, store.now() + store.lease, generation]);
  const [epoch] = sqlite.one('SELECT epoch FROM generations WHERE name = ?', [generation]) ?? [];
  return { generation, owner, epoch: Number(epoch) };
};

const fenced = ({ generation, owner }: Hold): E.Either<StoreFailure, never> =>
  E.left({
    code: 'fenced',
    reason: `${owner} no longer writes ${generation}: another process has taken over.`,
  });

/** Right while the hold lasts, renewed when half of the lease is over. */
const holding = (store: Store, hold: Hold): E.Either<StoreFailure, void> => {
  const { sqlite, now, lease } = store;
  const sql = 'SELECT epoch, lease_until FROM generations WHERE name = ?';
  const [epoch, until] = sqlite.one(sql, [hold.generation]) ?? [];
  if (epoch !== hold.epoch) return fenced(hold);
  if (Number(until) - now() > lease / 2) return E.right(undefined);
  const renew = 'UPDATE generations SET lease_until = ? WHERE name = ? AND epoch = ?';
  const renewed = sqlite.run(renew, [now() + lease, hold.generation, hold.epoch]);
  return renewed === 0 ? fenced(hold) : E.right(undefined);
};

const sameLog = (
  hold: Hold,
  stored: Checkpoint | undefined,
  next: Checkpoint,
): E.Either<StoreFailure, void> =>
  stored === undefined || stored.logId === next.logId
    ? E.right(undefined)
    : E.left({
        code: 'foreign-checkpoint',
        reason: `${hold.generation} was told from log ${stored.logId}, not from log ${next.logId}: nothing was written.`,
      });

/** The checkpoint only ever moves forward. Left when the hold is lost. */
const moveCheckpoint = (
  store: Store,
  hold: Hold,
  checkpoint: Checkpoint,
): E.Either<StoreFailure, void> => {
  const { sqlite, now, lease } = store;
  const stored = checkpointOf(sqlite, hold.generation);
  const same = sameLog(hold, stored, checkpoint);
  if (E.isLeft(same)) return same;
  const isBehind = stored !== undefined && stored.position > checkpoint.position;
  const { logId, position, hash } = isBehind ? stored : checkpoint;
  const sql = `UPDATE generations SET log_id = ?, position = ?, hash = ?, lease_until = ?
    WHERE name = ? AND epoch = ?`;
  const until = now() + lease;
  const values = [logId, position, hash, until, hold.generation, hold.epoch];
  return sqlite.run(sql, values) === 0 ? fenced(hold) : E.right(undefined);
};

const writerOf = (store: Store, model: Model, hold: Hold): Writer => {
  const { sqlite, file } = store;
  const { generation } = hold;
  const write = rowWriter(sqlite, generation, model, fieldsOf(model));
  const loadSql = `SELECT id, pos, body FROM ${quoted(generation)}
    WHERE id IN (SELECT value FROM json_each(?))`;
  /** What was looked for last, found or not: only this writer could have changed it since. */
  let known = new Map<string, Exclude<Standing, undefined>>();
  const standing = (id: string): Standing => {
    const found = known.get(id);
    known.delete(id);
    return found;
  };
  const whileHeld = <A>(work: () => A): TaskEither<StoreFailure, A> =>
    attempt(file, () => {
      const held = holding(store, hold);
      return E.isLeft(held) ? held : E.right(work());
    });
  return {
    generation,
    lease: store.lease,
    checkpoint: () => whileHeld(() => checkpointOf(sqlite, generation)),
    load: (ids) =>
      whileHeld(() => {
        const rows = sqlite
          .all(loadSql, [JSON.stringify(ids.map(toSql))])
          .map((row) => rowOf(storedRow(row)));
        const found = new Map(rows.map((row) => [row.id, row]));
        known = new Map(ids.map((id) => [id, found.get(id)?.body ?? 'none']));
        return found;
      }),
    commit: (rows, checkpoint) =>
      attempt(file, () =>
        sqlite.transact(() => {
          const moved = moveCheckpoint(store, hold, checkpoint);
          if (E.isLeft(moved)) return moved;
          for (const row of rows) write(row, standing(row.id));
          return moved;
        }),
      ),
    activate: () =>
      attempt(file, () => {
        const held = holding(store, hold);
        if (E.isLeft(held) || !isDue(sqlite, generation)) return held;
        return sqlite.transact(() => E.right(activate(sqlite, model, generation, stamp(store))));
      }),
    release: () =>
      attempt(file, () => {
        const sql = `UPDATE generations SET owner = NULL, lease_until = 0, epoch = epoch + 1
          WHERE name = ? AND epoch = ?`;
        sqlite.run(sql, [generation, hold.epoch]);
        return E.right(undefined);
      }),
  };
};

/** Takes over as the writer of the generation that fits the model; undefined while it is taken. */
export const takeWriter = (
  store: Store,
  model: Model,
  owner: string,
): TaskEither<StoreFailure, Writer | undefined> =>
  attempt(store.file, () => {
    const { sqlite } = store;
    const found = findGeneration(sqlite, model);
    if (found !== undefined && isTaken(store, found, owner)) return E.right(undefined);
    const hold = sqlite.transact(() => E.right(take(store, model, owner)));
    if (E.isLeft(hold)) return hold;
    return E.right(hold.right === undefined ? undefined : writerOf(store, model, hold.right));
  });
