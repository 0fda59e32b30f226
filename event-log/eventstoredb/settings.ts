import { EventStoreDBClient } from '@eventstore/db-client';
import * as E from 'fp-ts/lib/Either.js';
import type { LogFailure } from '../event-log.ts';

/** As the client reads its options: letter case, dashes and underscores do not matter. */
const flat = (key: string): string => key.trim().toLowerCase().replace(/[_-]/g, '');

const optionsOf = (connectionString: string): ReadonlyMap<string, string> => {
  const query = connectionString.split('?').slice(1).join('&');
  const pairs = query.split('&').filter((pair) => pair !== '');
  return new Map(
    pairs.map((pair) => {
      const [key = '', value = ''] = pair.split('=', 2);
      return [flat(key), value.trim()];
    }),
  );
};

const hasCredentials = (connectionString: string): boolean =>
  /^[^:]+:\/\/[^:/]+:[^@]+@/.test(connectionString.trim());

const refusal = (connectionString: string): LogFailure | undefined => {
  const options = optionsOf(connectionString);
  if (options.get('tls') === 'false' && hasCredentials(connectionString)) {
    const reason =
      'the connection string of EventStoreDB names a user, and tls=false: without TLS the client silently sends no credentials; remove tls=false, or the user and password';
    return { code: 'bad-address', reason };
  }
  if (options.get('throwonappendfailure') === 'false') {
    const reason =
      'the connection string of EventStoreDB says throwOnAppendFailure=false, with which conflicts are misreported; remove it';
    return { code: 'bad-address', reason };
  }
  return undefined;
};

/** The client's complaint, without what it quotes: that may be the password. */
const complaint = (error: unknown): string => {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^Unexpected ".*" at/s, 'something unexpected at');
};

/** Makes a client for the connection string, or says what is wrong with it; connects to nothing. */
export const clientOf = (connectionString: string): E.Either<LogFailure, EventStoreDBClient> => {
  const refused = refusal(connectionString);
  if (refused !== undefined) return E.left(refused);
  try {
    return E.right(EventStoreDBClient.connectionString(connectionString));
  } catch (error) {
    const reason = `the connection string of EventStoreDB cannot be used: ${complaint(error)}; its form is esdb://user:password@host:2113?tlsCAFile=<file>`;
    return E.left({ code: 'bad-address', reason });
  }
};
