import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { LogFailure } from '../event-log.ts';
import { acquire, type Connection } from './connection.ts';
import { logFailureOf } from './failures.ts';
import { ofLeader } from './leader.ts';
import { probeAppend } from './probe-append.ts';
import { newestOf } from './scan.ts';
import { versionFault, versionOf } from './version.ts';
import { whyNoLeader } from './why-no-leader.ts';

type Checking = {
  readonly connectionString: string;
  readonly connection: Connection;
  readonly patience: number;
};

/** Whether it is new enough, has a leader, and lets this user read all of it. */
const askReader = async (checking: Checking): Promise<E.Either<LogFailure, void>> => {
  const { connectionString, connection, patience } = checking;
  const client = connection.reader;
  try {
    const fault = versionFault(await versionOf(client, patience));
    if (fault !== undefined) return E.left(fault);
    await ofLeader(() => newestOf({ client, patience, horizon: { current: undefined } }));
    return E.right(undefined);
  } catch (error) {
    const failure = logFailureOf(error);
    if (failure.code !== 'unavailable') return E.left(failure);
    return E.left((await whyNoLeader(connectionString, patience)) ?? failure);
  }
};

/**
 * Whether this server can hold our log, asked before anything relies on it: the connection string,
 * the connection, the user, its rights, the version, the limit of an append. Writes nothing. Left
 * says what to do; it is `bad-address` where nothing was connected to.
 */
export const checkEventStore =
  (connectionString: string, patience = 10_000): TaskEither<LogFailure, void> =>
  async () => {
    const acquired = acquire(connectionString);
    if (E.isLeft(acquired)) return acquired;
    const connection = acquired.right;
    try {
      const asked = await askReader({ connectionString, connection, patience });
      return E.isLeft(asked) ? asked : await probeAppend(connection, patience);
    } finally {
      await connection.release();
    }
  };
