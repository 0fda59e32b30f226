import type { EventStoreDBClient } from '@eventstore/db-client';
import { setTimeout as pause } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import type { LogFailure } from '../event-log.ts';
import { isConnectionFault } from './failures.ts';
import { clientOf } from './settings.ts';
import { openSlots } from './slots.ts';

export type Connection = {
  /** For reads and subscriptions. Their errors never reach the connection of the writes. */
  readonly reader: EventStoreDBClient;
  /**
   * One write, settling in bounded time. After a fault of the connection the next write gets a new
   * one.
   */
  readonly write: <A>(call: (client: EventStoreDBClient) => Promise<A>) => Promise<A>;
  readonly release: () => Promise<void>;
};

/**
 * From the sixteenth unsent message on the client's write queue waits, and what waits there when a
 * connection breaks ends as an unhandled rejection.
 */
const inFlight = 15;

type Epoch = {
  readonly client: EventStoreDBClient;
  readonly running: Set<Promise<unknown>>;
  isOver: boolean;
};

/** How long, in milliseconds, the client may take to close its calls. */
const farewell = 2000;

/** Ends the calls of a client; one it does not get rid of is left to the end of the process. */
const dispose = async (client: EventStoreDBClient): Promise<void> => {
  const done = new AbortController();
  const late = pause(farewell, undefined, { signal: done.signal }).catch(() => undefined);
  await Promise.race([client.dispose(), late]);
  done.abort();
};

/**
 * The client keeps the answers it waits for in one table for all connections of the process; when a
 * connection breaks it empties the table, and an answer that comes later is an uncaught exception.
 * So a broken connection is given up wholly, its calls awaited, before another one is begun.
 */
const openWriter = (
  make: () => EventStoreDBClient,
): Pick<Connection, 'write'> & { readonly close: () => Promise<void> } => {
  const begin = (): Epoch => ({ client: make(), running: new Set(), isOver: false });
  const slots = openSlots(inFlight);
  let current = Promise.resolve(begin());

  const end = async (epoch: Epoch): Promise<void> => {
    epoch.isOver = true;
    await dispose(epoch.client);
    await Promise.allSettled([...epoch.running]);
    await dispose(epoch.client);
  };
  const replace = (epoch: Epoch): void => {
    if (epoch.isOver) return;
    epoch.isOver = true;
    current = end(epoch).then(begin);
  };
  const living = async (): Promise<Epoch> => {
    let epoch = await current;
    while (epoch.isOver) epoch = await current;
    return epoch;
  };
  const writeNow: Connection['write'] = async (call) => {
    const epoch = await living();
    const running = call(epoch.client);
    epoch.running.add(running);
    try {
      return await running;
    } catch (error) {
      if (isConnectionFault(error)) replace(epoch);
      throw error;
    } finally {
      epoch.running.delete(running);
    }
  };
  const write: Connection['write'] = async (call) => {
    const leave = await slots.enter();
    try {
      return await writeNow(call);
    } finally {
      leave();
    }
  };
  const close = async (): Promise<void> => {
    const epoch = await current;
    await Promise.allSettled([...epoch.running]);
    await end(epoch);
  };
  return { write, close };
};

type Shared = Omit<Connection, 'release'> & { readonly close: () => Promise<void>; users: number };

const shared = new Map<string, Shared>();

const connect = (connectionString: string, reader: EventStoreDBClient): Shared => {
  const make = (): EventStoreDBClient => {
    const client = clientOf(connectionString);
    // It was accepted a moment ago; only a certificate file that has gone can make this fail.
    if (E.isLeft(client)) throw new Error(client.left.reason);
    return client.right;
  };
  const writer = openWriter(make);
  const close = async (): Promise<void> => {
    await dispose(reader);
    await writer.close();
  };
  return { reader, write: writer.write, close, users: 0 };
};

/** A connection that all logs of one connection string share; the last to release it closes it. */
export const acquire = (connectionString: string): E.Either<LogFailure, Connection> => {
  const client = clientOf(connectionString);
  if (E.isLeft(client)) return client;
  const connection = shared.get(connectionString) ?? connect(connectionString, client.right);
  shared.set(connectionString, connection);
  connection.users += 1;
  const release = async (): Promise<void> => {
    connection.users -= 1;
    if (connection.users > 0) return;
    shared.delete(connectionString);
    await connection.close();
  };
  return E.right({ reader: connection.reader, write: connection.write, release });
};
