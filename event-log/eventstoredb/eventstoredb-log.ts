import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { EventLog, LogFailure } from '../event-log.ts';
import { appendOver } from './append.ts';
import { checkEventStore } from './check.ts';
import { acquire, type Connection } from './connection.ts';
import { logFailureOf } from './failures.ts';
import { ofLeader } from './leader.ts';
import { lastOf, pageOf, streamOf } from './read.ts';
import { recordedOf } from './recorded.ts';
import { eventAt, newestOf, type Walk } from './scan.ts';
import { tailOf } from './tail.ts';

export type EventStoreOptions = {
  /** `esdb://user:password@host:2113?tlsCAFile=…`, one node or several. */
  readonly connectionString: string;
  /** For how long, in milliseconds, the answer to an append is waited for; 10000 unless given. */
  readonly appendPatience?: number;
  /** For how long, in milliseconds, a read may bring nothing; 30000 unless given. */
  readonly readPatience?: number;
};

const closed: LogFailure = {
  code: 'closed',
  reason: 'the log in EventStoreDB was closed by this process; open it again',
};

const overConnection = (connection: Connection, options: Required<EventStoreOptions>): EventLog => {
  const walk: Walk = {
    client: connection.reader,
    patience: options.readPatience,
    horizon: { current: undefined },
  };
  const closing = new AbortController();
  const { signal } = closing;
  const running = new Set<Promise<unknown>>();

  const unlessClosed =
    <L, A>(work: TaskEither<L, A>): TaskEither<L | LogFailure, A> =>
    async () => {
      if (signal.aborted) return E.left(closed);
      const answer = work();
      running.add(answer);
      try {
        return await answer;
      } finally {
        running.delete(answer);
      }
    };
  const read = <A>(work: () => Promise<A>): TaskEither<LogFailure, A> =>
    unlessClosed(async () => {
      try {
        return E.right(await ofLeader(work));
      } catch (error) {
        return E.left(logFailureOf(error));
      }
    });
  const append = appendOver(connection, options.appendPatience);

  return {
    append: (stream, expected, events) => unlessClosed(append(stream, expected, events)),
    readStream: (stream, from, max) => read(() => streamOf(walk, stream, from, max)),
    last: (stream) => read(() => lastOf(walk, stream)),
    readAll: (after, filter, max) => read(() => pageOf(walk, after, filter, max)),
    at: (position) =>
      read(async () => {
        const event = await eventAt(walk, position);
        return event === undefined ? undefined : recordedOf(event);
      }),
    head: () => read(() => newestOf(walk)),
    tail: tailOf(walk, signal, closed),
    close: async () => {
      if (signal.aborted) return;
      closing.abort();
      await Promise.allSettled([...running]);
      await connection.release();
    },
  };
};

/**
 * Opens the log kept by an EventStoreDB (23.10 to 24.10) or KurrentDB server. Left says what is
 * wrong with the connection string, the server or its user, and what to do. Logs of one connection
 * string share its connection within a process.
 */
export const openEventStoreLog =
  (given: EventStoreOptions): TaskEither<LogFailure, EventLog> =>
  async () => {
    const options = { appendPatience: 10_000, readPatience: 30_000, ...given };
    const connection = acquire(options.connectionString);
    if (E.isLeft(connection)) return connection;
    const checked = await checkEventStore(options.connectionString, options.readPatience)();
    if (E.isRight(checked)) return E.right(overConnection(connection.right, options));
    await connection.right.release();
    return checked;
  };
