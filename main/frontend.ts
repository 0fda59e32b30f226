import { buildApp } from '../query-api/app.ts';
import type { Config } from './config/settings.ts';
import type { Standing } from './health.ts';
import { httpDeps } from './health.ts';
import { hearsNothing } from './hearing.ts';
import { listen } from './listen.ts';
import type { Logger } from './logger.ts';
import type { Stores } from './open-stores.ts';

/**
 * Serves the query API; left says why it cannot listen and what to do. What the process does not
 * tell of itself is: no fault, and no judgement on silence.
 */
export const startFrontend = (
  config: Config,
  stores: Stores,
  logger: Pick<Logger, 'pino'>,
  told: Partial<Standing> = {},
): ReturnType<typeof listen> => {
  const standing = { faults: () => [], silence: hearsNothing, ...told };
  const app = buildApp(httpDeps(stores, standing, logger));
  return listen(app, { host: config.host, port: config.port, option: '--port <n>' });
};
