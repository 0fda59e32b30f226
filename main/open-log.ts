import { join } from 'node:path';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { openEmbeddedLog } from '../event-log/embedded/embedded-log.ts';
import type { EventLog, LogFailure } from '../event-log/event-log.ts';
import { openEventStoreLog } from '../event-log/eventstoredb/eventstoredb-log.ts';
import type { Config } from './config/settings.ts';

/** Opens the log the configuration names. */
export const openLog = (config: Config): TaskEither<LogFailure, EventLog> =>
  config.eventStore === null
    ? openEmbeddedLog({ file: join(config.data, 'log.db') })
    : openEventStoreLog({ connectionString: config.eventStore });
