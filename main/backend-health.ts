import * as E from 'fp-ts/lib/Either.js';
import { buildHealthApp } from '../query-api/health-app.ts';
import type { TellMetrics } from '../query-api/metrics/route.ts';
import type { Config } from './config/settings.ts';
import type { Standing } from './health.ts';
import { httpDeps } from './health.ts';
import type { ListenFailure, Listening } from './listen.ts';
import { listen } from './listen.ts';
import type { Logger } from './logger.ts';
import type { Stores } from './open-stores.ts';

/**
 * Tells the health and the metrics of a backend on `healthPort`; undefined where that is unset. Left
 * says why it cannot listen and what to do.
 */
export const startBackendHealth = async (
  { host, healthPort }: Pick<Config, 'host' | 'healthPort'>,
  stores: Stores,
  logger: Pick<Logger, 'pino'>,
  standing: Standing & { readonly metrics: TellMetrics },
): Promise<E.Either<ListenFailure, Listening | undefined>> => {
  if (healthPort === null) return E.right(undefined);
  const { metrics } = standing;
  const app = buildHealthApp({ ...httpDeps(stores, standing, logger), metrics });
  return listen(app, { host, port: healthPort, option: 'FRESHMAKER_HEALTH_PORT=<n>' });
};
