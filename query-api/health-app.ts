import type { FastifyInstance } from 'fastify';
import { bareApp } from './bare-app.ts';
import type { Deps } from './deps.ts';
import { healthRoutes } from './health/route.ts';
import type { TellMetrics } from './metrics/route.ts';
import { metricsRoute } from './metrics/route.ts';

/** What a process without an API tells of itself: `/healthz`, `/readyz` and `/metrics`. */
export const buildHealthApp = (deps: Deps & { readonly metrics: TellMetrics }): FastifyInstance => {
  const app = bareApp(deps);
  app.register((routes, _options, done) => {
    healthRoutes(routes, deps);
    metricsRoute(routes, deps.metrics);
    done();
  });
  return app;
};
