import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { openEmbeddedLog } from '../event-log/embedded/embedded-log.ts';
import type { EventLog, LogFailure } from '../event-log/event-log.ts';
import { openEventStoreLog } from '../event-log/eventstoredb/eventstoredb-log.ts';
import { makeDataFolder } from './config/data-folder.ts';
import type { Config } from './config/settings.ts';

const openInFolder =
  (folder: string): TaskEither<LogFailure, EventLog> =>
  async () => {
    const made = makeDataFolder(folder);
    if (E.isRight(made)) return openEmbeddedLog({ file: join(folder, 'log.db') })();
    return E.left({ code: 'access-denied', reason: made.left.reason });
  };

/** Opens the log the configuration names; the embedded one's folder is made when it is absent. */
export const openLog = (config: Config): TaskEither<LogFailure, EventLog> =>
  config.eventStore === null
    ? openInFolder(config.data)
    : openEventStoreLog({ connectionString: config.eventStore });
