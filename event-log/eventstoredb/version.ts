import type { EventStoreDBClient } from '@eventstore/db-client';
import type { LogFailure } from '../event-log.ts';
import { within } from './within.ts';

/** The first version whose subscriptions say when they have caught up. */
const oldest: readonly [number, number] = [23, 10];

/** The client fetches this once for itself, without a time limit, and keeps it to itself. */
type WithCapabilities = { readonly capabilities: Promise<{ readonly serverVersion: string }> };

/** What the server says it is, asked for within so many milliseconds. Throws what the client throws. */
export const versionOf = async (client: EventStoreDBClient, patience: number): Promise<string> => {
  const { capabilities } = client as unknown as WithCapabilities;
  return (await within(patience, capabilities)).serverVersion;
};

/** What is wrong with a server of this version; undefined when nothing is. */
export const versionFault = (version: string): LogFailure | undefined => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return undefined;
  return {
    code: 'unavailable',
    reason: `EventStoreDB ${oldest.join('.')} or newer is needed (or KurrentDB), the server says ${version}; upgrade it`,
  };
};
