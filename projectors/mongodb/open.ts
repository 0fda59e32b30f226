import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Model, Reader, ReadModels, StoreFailure } from '../read-models.ts';
import { connect } from './connect.ts';
import { attempt } from './failures.ts';
import { liveIn } from './live.ts';
import { readerOf } from './reader.ts';
import type { Store } from './store.ts';
import { storeOn } from './store.ts';
import { takeWriter } from './writer.ts';

export type MongoOptions = {
  /** A connection string that names a replica set and, in its path, a database of its own. */
  readonly url: string;
  /** How long a silent writer stays the writer, in milliseconds. */
  readonly lease?: number;
  /** Milliseconds since 1970, in place of the server's clock. */
  readonly now?: () => number;
};

const readModelsOn = (store: Store): ReadModels => {
  const live = liveIn(store);
  const readers = new Map<Model, Reader>();
  return {
    writer: (model, owner) => takeWriter(store, live, model, owner),
    reader: (model) => {
      const reader = readers.get(model) ?? readerOf(store, live, model);
      readers.set(model, reader);
      return reader;
    },
    stamp: () => attempt(store.name, async () => E.right(await live.stamp())),
    close: () => store.client.close(),
  };
};

/**
 * Read models in a MongoDB database. Rows and checkpoint are committed in one transaction; leases are
 * told by the server's clock, so any number of processes on any machines may use it. Left when the
 * server or the database cannot be used, saying what to do.
 */
export const openMongoReadModels =
  ({ url, lease = 10_000, now }: MongoOptions): TaskEither<StoreFailure, ReadModels> =>
  async () => {
    const connected = await connect(url);
    return E.isLeft(connected)
      ? connected
      : E.right(readModelsOn(storeOn(connected.right, lease, now)));
  };
