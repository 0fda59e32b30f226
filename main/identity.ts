import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { createRequire } from 'node:module';
import type { Hand } from '../event-log/carry-out.ts';
import type { EventLog } from '../event-log/event-log.ts';

const require = createRequire(import.meta.url);

const versionOf = (): string => {
  for (const place of ['../package.json', '../../package.json']) {
    try {
      return (require(place) as { readonly version: string }).version;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    }
  }
  return 'unknown';
};

/** The version of this code, as events and `about` give it. */
export const codeVersion = versionOf();

export const newId = (): string => randomUUID();
export const now = (): string => new Date().toISOString();
export const monotonic = (): number => performance.now();

/** One backend for as long as it runs: who owns a call or a lease. */
export const newOwner = (): string => `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`;

/** Who writes to the log from this process. */
export const handOf = (log: EventLog, actor: string): Hand => ({
  ...{ log, newId, now, actor, codeVersion },
});
