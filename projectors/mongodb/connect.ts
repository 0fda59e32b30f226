import * as E from 'fp-ts/lib/Either.js';
import type { Db, MongoClientOptions } from 'mongodb';
import { MongoClient, MongoError } from 'mongodb';
import type { StoreFailure } from '../read-models.ts';
import { failureOf } from './failures.ts';

export type Connection = {
  readonly client: MongoClient;
  readonly database: Db;
  /** How failures call the store: its hosts and database, no password. */
  readonly store: string;
};

type Failed = E.Either<StoreFailure, never>;

/** Raised when collections change. Read models are never migrated: they are made anew. */
const layout = 1;
/** Of 5.0, the first whose ordinary reads can be of one moment. */
const oldestWireVersion = 13;

/** Milliseconds, unless the connection string has its own. */
const limits = {
  serverSelectionTimeoutMS: 5000,
  connectTimeoutMS: 5000,
  socketTimeoutMS: 30_000,
  waitQueueTimeoutMS: 10_000,
};

const optionsFor = (url: string): MongoClientOptions => {
  const given = url.toLowerCase();
  const ours = Object.entries(limits).filter(([name]) => !given.includes(`${name.toLowerCase()}=`));
  return {
    ...Object.fromEntries(ours),
    appName: 'freshmaker',
    readPreference: 'primary',
    readConcern: { level: 'majority' },
    writeConcern: { w: 'majority', wtimeoutMS: 10_000 },
    retryReads: true,
    retryWrites: true,
  };
};

const refuse = (reason: string): Failed => E.left({ code: 'store-unavailable', reason });

/** What goes between host list and options; a password with a slash in it must be escaped anyway. */
const databaseIn = (url: string): string | undefined =>
  /^mongodb(?:\+srv)?:\/\/[^/]+\/(?<database>[^?]+)/u.exec(url)?.groups?.['database'];

const withoutPassword = (text: string): string => text.replace(/:\/\/.*@/u, '://…@');

/** A client that has not connected yet; left for a connection string that cannot be used. */
const clientFor = (url: string): E.Either<StoreFailure, MongoClient> => {
  try {
    const client = new MongoClient(url, optionsFor(url));
    return databaseIn(url) === undefined
      ? refuse(
          `The connection string ${withoutPassword(url)} names no database. Name one in its path: mongodb://<host>:<port>/freshmaker?replicaSet=<set>.`,
        )
      : E.right(client);
  } catch (thrown) {
    // Not all of these are errors of the driver: it has its parser from another package.
    const why = withoutPassword(thrown instanceof Error ? thrown.message : String(thrown));
    return refuse(
      `The connection string ${withoutPassword(url)} cannot be used: ${why}. It has the form mongodb://<user>:<password>@<host>:<port>/<database>?replicaSet=<set>; odd characters in user and password are written as %XX.`,
    );
  }
};

type Hello = {
  readonly setName?: string;
  readonly msg?: string;
  readonly maxWireVersion?: number;
};

const checkServer = async ({
  database,
  store,
}: Connection): Promise<E.Either<StoreFailure, void>> => {
  const hello = (await database.command({ hello: 1 })) as Hello;
  if ((hello.maxWireVersion ?? 0) < oldestWireVersion) {
    return refuse(`${store} is too old a server. Use MongoDB 5.0 or later.`);
  }
  if (hello.setName === undefined && hello.msg !== 'isdbgrid') {
    return refuse(
      `${store} is a server by itself, which has no transactions. Start it with --replSet <set>, initiate the set (one member is enough: rs.initiate()), and add replicaSet=<set> to the connection string.`,
    );
  }
  return E.right(undefined);
};

/** Writes, where it is new, which layout the database has: this shows, too, that it may be written to. */
const checkLayout = async ({
  database,
  store,
}: Connection): Promise<E.Either<StoreFailure, void>> => {
  const found = await database
    .collection<{ readonly _id: string; readonly layout: number }>('store')
    .findOneAndUpdate(
      { _id: 'freshmaker' },
      { $setOnInsert: { layout } },
      { upsert: true, returnDocument: 'after' },
    );
  if (found?.layout === layout) return E.right(undefined);
  return refuse(
    `${store} has layout ${found?.layout ?? 'unknown'}, this version of Freshmaker knows layout ${layout}. Use the version that wrote it, or stop the service and drop the database: it is rebuilt from the log.`,
  );
};

const connectWith = async (client: MongoClient): Promise<E.Either<StoreFailure, Connection>> => {
  const hosts = client.options.hosts.map(String).join(', ') || (client.options.srvHost ?? '');
  const database = client.db();
  const store = `MongoDB at ${hosts}, database ${database.databaseName},`;
  const connection = { client, database, store };
  try {
    await client.connect();
    const served = await checkServer(connection);
    const checked = E.isLeft(served) ? served : await checkLayout(connection);
    if (E.isRight(checked)) return E.right(connection);
    await client.close();
    return checked;
  } catch (thrown) {
    await client.close();
    // A name that cannot be looked up is an error of Node's own.
    return thrown instanceof MongoError || !(thrown instanceof Error)
      ? E.left(failureOf(store, thrown))
      : refuse(`${store} cannot be connected to: ${thrown.message}. Check its name.`);
  }
};

/** Connects to the database that a connection string names, and finds out whether it will do. */
export const connect = (url: string): Promise<E.Either<StoreFailure, Connection>> => {
  const client = clientFor(url);
  return E.isLeft(client) ? Promise.resolve(client) : connectWith(client.right);
};
