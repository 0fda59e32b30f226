import type { EventStoreDBClient } from '@eventstore/db-client';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { LogFailure } from '../event-log.ts';
import { acquire } from './connection.ts';
import { logFailureOf, silence } from './failures.ts';
import { newestOf } from './scan.ts';

/** The first version whose subscriptions say when they have caught up. */
const oldest: readonly [number, number] = [23, 10];

/** The client fetches this once for itself, without a time limit, and keeps it to itself. */
type WithCapabilities = { readonly capabilities: Promise<{ readonly serverVersion: string }> };

const versionOf = async (client: EventStoreDBClient, patience: number): Promise<string> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(silence(patience));
    }, patience);
  });
  try {
    const { capabilities } = client as unknown as WithCapabilities;
    return (await Promise.race([capabilities, late])).serverVersion;
  } finally {
    clearTimeout(timer);
  }
};

const isTooOld = (version: string): boolean => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return !(major > oldest[0] || (major === oldest[0] && minor >= oldest[1]));
};

/**
 * Whether this server can hold our log, asked before anything relies on it: the connection string,
 * the connection, the user, its right to read the whole log, the version. Left says what to do.
 */
export const checkEventStore =
  (connectionString: string, patience = 10_000): TaskEither<LogFailure, void> =>
  async () => {
    const connection = acquire(connectionString);
    if (E.isLeft(connection)) return connection;
    const { reader, release } = connection.right;
    try {
      const version = await versionOf(reader, patience);
      if (isTooOld(version)) {
        const reason = `EventStoreDB ${oldest.join('.')} or newer is needed (or KurrentDB), the server says ${version}; upgrade it`;
        return E.left({ code: 'unavailable', reason });
      }
      await newestOf({ client: reader, patience, horizon: { current: undefined } });
      return E.right(undefined);
    } catch (error) {
      return E.left(logFailureOf(error));
    } finally {
      await release();
    }
  };
