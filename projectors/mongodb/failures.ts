import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { MongoError } from 'mongodb';
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
  ['MongoNotConnectedError', 'The service is shutting down: ask again when it is back.'],
  ['MongoClientClosedError', 'The service is shutting down: ask again when it is back.'],
  ['MongoTopologyClosedError', 'The service is shutting down: ask again when it is back.'],
]);

const adviceFor = (error: MongoError): string => {
  if (error.message.includes('wire version')) return 'Use MongoDB 5.0 or later.';
  const code = typeof error.code === 'number' ? error.code : -1;
  return adviceByCode.get(code) ?? adviceByName.get(error.name) ?? passes;
};

/** Somebody else keeps what is to be written (LockTimeout, LockBusy, WriteConflict). */
const locked = new Set<unknown>([24, 46, 112]);

/** A document of more than 16 MiB, or a transaction that the server's memory cannot hold. */
const tooLarge = new Map<unknown, string>([
  [10334, 'It holds documents up to 16 MiB.'],
  [17419, 'It holds documents up to 16 MiB.'],
  [17420, 'It holds documents up to 16 MiB.'],
  [388, 'Give the server more memory for its cache (storage.wiredTiger.engineConfig.cacheSizeGB).'],
]);

const sentence = (text: string): string => (text.endsWith('.') ? text : `${text}.`);

/** Node's own names of what befalls a connection: EPIPE, ECONNRESET, ERR_STREAM_DESTROYED. */
const ofTheLine = /^(?:E[A-Z]+|ERR_(?:STREAM|SOCKET)_[A-Z_]+)$/u;

/** The driver lets some errors of a socket through as they are, as of a write after the server's end. */
const isOfTheLine = (thrown: unknown): thrown is Error =>
  thrown instanceof Error &&
  'code' in thrown &&
  typeof thrown.code === 'string' &&
  ofTheLine.test(thrown.code);

/** Says of an error of the driver or the line what to do; anything else is a bug and thrown on. */
export const failureOf = (store: string, thrown: unknown): StoreFailure => {
  if (!(thrown instanceof MongoError)) {
    if (!isOfTheLine(thrown)) throw thrown;
    const reason = `${store} cannot be talked to: ${sentence(thrown.message)} ${passes}`;
    return { code: 'store-unavailable', reason };
  }
  if (locked.has(thrown.code)) {
    const reason = `${store} is kept locked by another process for too long. Look for a long-running operation there (db.currentOp()), then try again.`;
    return { code: 'store-locked', reason };
  }
  const limit = tooLarge.get(thrown.code);
  return {
    code: limit === undefined ? 'store-unavailable' : 'too-large',
    reason: `${store} says: ${sentence(thrown.message)} ${limit ?? adviceFor(thrown)}`,
  };
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
