import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Model, Reader, ReadModels, StoreFailure } from '../read-models.ts';
import { attempt } from './failures.ts';
import { readerOf } from './reader.ts';
import { applicationId, schemaVersion, tables } from './schema.ts';
import type { Sqlite } from './sqlite.ts';
import { openSqlite } from './sqlite.ts';
import { takeWriter } from './writer.ts';

export type EmbeddedOptions = {
  /** A file of its own, apart from the log's; made when it is not there. */
  readonly file: string;
  /** How long to wait for other processes' locks, in milliseconds. */
  readonly busyTimeout?: number;
  /** How long a silent writer stays the writer, in milliseconds. */
  readonly lease?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
};

const pragma = (sqlite: Sqlite, name: string): number =>
  Number(sqlite.one(`PRAGMA ${name}`)?.[0] ?? 0);

const isEmpty = (sqlite: Sqlite): boolean =>
  Number(sqlite.one('SELECT count(*) FROM sqlite_master')?.[0]) === 0;

const refusal = (sqlite: Sqlite, file: string): StoreFailure | undefined => {
  const refuse = (reason: string): StoreFailure => ({ code: 'store-unavailable', reason });
  if (isEmpty(sqlite)) return undefined;
  if (pragma(sqlite, 'application_id') !== applicationId) {
    return refuse(
      `${file} is a database, but holds no read models of Freshmaker. Name another file.`,
    );
  }
  const version = pragma(sqlite, 'user_version');
  if (version === schemaVersion) return undefined;
  return refuse(
    `${file} has layout ${version}, this version of Freshmaker knows layout ${schemaVersion}. Use the version that wrote it, or stop the service and remove the file: it is rebuilt from the log.`,
  );
};

const prepare = (sqlite: Sqlite, file: string): E.Either<StoreFailure, void> => {
  const refused = refusal(sqlite, file);
  if (refused !== undefined) return E.left(refused);
  sqlite.exec('PRAGMA journal_mode = WAL');
  sqlite.exec('PRAGMA synchronous = NORMAL');
  return sqlite.transact(() => {
    const late = refusal(sqlite, file);
    if (late !== undefined) return E.left(late);
    sqlite.exec(tables);
    sqlite.exec(`PRAGMA application_id = ${applicationId}`);
    sqlite.exec(`PRAGMA user_version = ${schemaVersion}`);
    return E.right(undefined);
  });
};

const storeOn = (sqlite: Sqlite, options: EmbeddedOptions): ReadModels => {
  const { file, lease = 10_000, now = Date.now } = options;
  const readers = new Map<Model, Reader>();
  let stamped = '';
  const stamp = (): string => {
    stamped = sqlite.version();
    return stamped;
  };
  return {
    writer: (model, owner) => takeWriter({ sqlite, file, now, lease }, model, owner),
    reader: (model) => {
      const reader = readers.get(model) ?? readerOf(sqlite, file, model, () => stamped);
      readers.set(model, reader);
      return reader;
    },
    stamp: () => attempt(file, () => E.right(stamp())),
    close: () => {
      sqlite.close();
      return Promise.resolve();
    },
  };
};

/**
 * Read models in one SQLite file. Rows and checkpoint are committed in one transaction; several
 * processes may use the file at once. Left when the file cannot be used, saying what to do.
 */
export const openEmbeddedReadModels = (
  options: EmbeddedOptions,
): TaskEither<StoreFailure, ReadModels> =>
  attempt(options.file, () => {
    const sqlite = openSqlite(options.file, options.busyTimeout ?? 5000);
    try {
      const prepared = prepare(sqlite, options.file);
      if (E.isRight(prepared)) return E.right(storeOn(sqlite, options));
      sqlite.close();
      return prepared;
    } catch (thrown) {
      sqlite.close();
      throw thrown;
    }
  });
