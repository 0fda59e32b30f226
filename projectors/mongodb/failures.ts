import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { MongoError, MongoServerError } from 'mongodb';
import type { StoreFailure } from '../read-models.ts';

const passes = 'It is tried again by itself; look at the server when it goes on.';

/** By the server's codes (src/mongo/base/error_codes.yml). */
const adviceByCode: ReadonlyMap<number, string> = new Map([
  [
    18,
    'Check the user and password in the connection string; where the user is kept in another database, add authSource=<that database>.',
  ],
  [13, 'Give its user the role readWrite on this database.'],
  [
    20,
    'Transactions need a replica set: start the server with --replSet, initiate it (one member is enough) and name the set in the connection string.',
  ],
  [
    8000,
    'Check the user and password in the connection string, and that the user may use this database.',
  ],
  [14031, 'The disk of the server is full: make room; nothing was half written.'],
  [50, `The server did not answer in time. ${passes}`],
  [64, `Too few members of the replica set confirmed it. ${passes}`],
]);

const adviceByName: ReadonlyMap<string, string> = new Map([
  [
    'MongoServerSelectionError',
    'Check that the server runs, that its host and port are right, that it may be reached from here, and that replicaSet names its set.',
  ],
  ['MongoParseError', 'Check FRESHMAKER_MONGODB.'],
  ['MongoInvalidArgumentError', 'Check FRESHMAKER_MONGODB.'],
  ['MongoCompatibilityError', 'Use a server of version 5.0 or later.'],
  ['MongoNotConnectedError', 'The service is shutting down: ask again when it is back.'],
  ['MongoClientClosedError', 'The service is shutting down: ask again when it is back.'],
  ['MongoTopologyClosedError', 'The service is shutting down: ask again when it is back.'],
]);

const adviceFor = (error: MongoError): string => {
  const code = typeof error.code === 'number' ? error.code : -1;
  return adviceByCode.get(code) ?? adviceByName.get(error.name) ?? passes;
};

/** Somebody else keeps what is to be written (LockTimeout, LockBusy, WriteConflict). */
const locked = new Set<unknown>([24, 46, 112]);

/** Whether the server refused something for being too large for it. */
const isTooLarge = (error: MongoError): boolean =>
  error instanceof MongoServerError && [10334, 17419, 17420, 17280].includes(Number(error.code));

/** Says of an error of the driver what to do about it; anything else is a bug and thrown on. */
export const failureOf = (store: string, thrown: unknown): StoreFailure => {
  if (!(thrown instanceof MongoError)) throw thrown;
  if (locked.has(thrown.code)) {
    const reason = `${store} is kept locked by another process for too long. Look for a long-running operation there (db.currentOp()), then try again.`;
    return { code: 'store-locked', reason };
  }
  const advice = isTooLarge(thrown) ? 'It holds documents up to 16 MiB.' : adviceFor(thrown);
  return { code: 'store-unavailable', reason: `${store}: ${thrown.message}. ${advice}` };
};

/** The one door between the driver, which throws, and the port, which answers. */
export const attempt =
  <A>(store: string, work: () => Promise<E.Either<StoreFailure, A>>): TaskEither<StoreFailure, A> =>
  async () => {
    try {
      return await work();
    } catch (thrown) {
      return E.left(failureOf(store, thrown));
    }
  };
