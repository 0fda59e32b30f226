import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { admit } from '../admit.ts';
import type { EventLog, LogFailure } from '../event-log.ts';
import { openBell } from './bell.ts';
import { codeOf, explain } from './failures.ts';
import { patiently } from './patience.ts';
import { positionOf, rowOf } from './position.ts';
import { preparedReads } from './read.ts';
import { ensureSchema } from './schema.ts';
import { type Database, type OpenDatabase, openLibsql } from './sqlite.ts';
import { tailOf } from './tail.ts';
import { openWriter } from './writer.ts';

export type EmbeddedOptions = {
  /** The SQLite file; it and its folder are made when they do not exist. */
  readonly file: string;
  /** For how long, in milliseconds, another process's write is waited for; 5000 unless given. */
  readonly lockWait?: number;
  /** How often, in milliseconds, a tail looks for the writes of other processes; 150 unless given. */
  readonly poll?: number;
  readonly driver?: OpenDatabase;
};

/** The driver blocks the event loop while it waits for a lock; the longer wait is `patiently`. */
const driverBusy = 20;

const overLog = (db: Database, options: Required<EmbeddedOptions>): EventLog => {
  const { file, poll } = options;
  const reads = preparedReads(db);
  const version = db.prepare('PRAGMA data_version');
  let seen: unknown = version.get([])?.[0];
  const hasChanged = (): boolean => {
    const now = version.get([])?.[0];
    const isNews = now !== seen;
    seen = now;
    return isNews;
  };
  const bell = openBell(hasChanged, poll);
  const writer = openWriter(db, options, bell.ring);
  let isClosed = false;

  const closed: LogFailure = {
    code: 'closed',
    reason: `the log ${file} was closed by this process; open it again`,
  };
  const read =
    <A>(work: () => A): TaskEither<LogFailure, A> =>
    () =>
      isClosed ? Promise.resolve(E.left(closed)) : patiently(options, work);
  const foreign = (position: string): LogFailure => ({
    code: 'corrupt',
    reason: `${JSON.stringify(position)} is no position of the log ${file}; positions are 20 digits as the log gave them, or the empty start`,
  });
  const readAll: EventLog['readAll'] = (after, filter, max) => {
    const row = rowOf(after);
    if (row === undefined) return () => Promise.resolve(E.left(foreign(after)));
    return read(() => reads.page(row, filter, max));
  };

  return {
    append: (stream, expected, events) => () => {
      if (isClosed) return Promise.resolve(E.left(closed));
      const admitted = admit(stream, expected, events);
      if (E.isLeft(admitted)) return Promise.resolve(admitted);
      return writer.append({ stream, expected, events: admitted.right });
    },
    readStream: (stream, from, max) => read(() => reads.stream(stream, from, max)),
    last: (stream) => read(() => reads.last(stream)),
    readAll,
    at: (position) => {
      const row = rowOf(position);
      return read(() => (row === undefined ? undefined : reads.at(row)));
    },
    head: () =>
      read(() => {
        const row = reads.head();
        return row === 0 ? '' : positionOf(row);
      }),
    tail: tailOf(readAll, bell),
    close: async () => {
      if (isClosed) return;
      isClosed = true;
      await writer.drained();
      bell.ring();
      // Housekeeping: what a checkpoint leaves in the WAL is as safe there, and found at the next start.
      await patiently({ file, lockWait: 0 }, () => db.exec('PRAGMA wal_checkpoint(TRUNCATE)'));
      db.close();
    },
  };
};

const unlessAbsent = (error: unknown): void => {
  if (codeOf(error) !== 'ENOENT') throw error;
};

/**
 * Opens the log in one SQLite file, made when absent. Several processes may have it open at once.
 * What is appended survives the death of the process and of the machine. Left says which file is
 * wrong, why, and what to do.
 */
export const openEmbeddedLog =
  (given: EmbeddedOptions): TaskEither<LogFailure, EventLog> =>
  async () => {
    const file = resolve(given.file);
    const options = { lockWait: 5000, poll: 150, driver: openLibsql, ...given, file };
    let db: Database | undefined;
    const open = (): E.Either<LogFailure, EventLog> => {
      const connection = (db ??= options.driver(file, driverBusy));
      const ready = ensureSchema(connection, file);
      return E.isLeft(ready) ? ready : E.right(overLog(connection, options));
    };
    try {
      await mkdir(dirname(file), { recursive: true });
      await access(dirname(file), constants.W_OK);
      await access(file, constants.W_OK).catch(unlessAbsent);
    } catch (error) {
      return E.left(explain(file, error));
    }
    const opened = E.flatten(await patiently(options, open));
    if (E.isLeft(opened)) db?.close();
    return opened;
  };
