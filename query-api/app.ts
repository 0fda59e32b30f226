import type { FastifyInstance } from 'fastify';
import { aboutRoute } from './about.ts';
import { bareApp } from './bare-app.ts';
import { attemptRoutes, buildRoutes } from './builds/route.ts';
import { composeRoutes } from './composes/route.ts';
import { decisionRoutes } from './decisions/route.ts';
import type { Deps } from './deps.ts';
import { landingRoute } from './documents/landing.ts';
import { documentRoutes } from './documents/openapi.ts';
import { eventRoutes } from './events/route.ts';
import { healthRoutes } from './health/route.ts';
import { imageRoutes } from './images/route.ts';
import { keepAnswers } from './kept-answers.ts';
import { messageRoutes } from './messages/route.ts';
import { metricsRoute } from './metrics/route.ts';
import { moduleRoutes } from './modules/route.ts';
import { nameRoutes } from './names/route.ts';
import { reconciliationRoutes } from './reconciliations/route.ts';

const versionRoutes = (app: FastifyInstance, deps: Deps, version: 1 | 2): void => {
  eventRoutes(app, deps.readers, version);
  buildRoutes(app, deps.readers);
  nameRoutes(app);
  aboutRoute(app, deps.about);
  if (version === 1) return;
  attemptRoutes(app, deps.readers);
  decisionRoutes(app, deps.readers);
  messageRoutes(app, deps.readers);
  moduleRoutes(app, deps.readers);
  imageRoutes(app, deps.readers);
  composeRoutes(app, deps.readers);
  reconciliationRoutes(app, deps.readers);
};

/**
 * The whole API over the given read models, not yet listening: `/api/1`, `/api/2`, `/docs`,
 * `/openapi.json`, `/healthz`, `/readyz`, `/metrics`. It reads only, and answers 500 for our own faults alone.
 */
export const buildApp = (deps: Deps): FastifyInstance => {
  const app = bareApp(deps);
  documentRoutes(app, deps.about.version);
  app.register((routes, _options, done) => {
    landingRoute(routes);
    healthRoutes(routes, deps);
    if (deps.metrics !== undefined) metricsRoute(routes, deps.metrics);
    done();
  });
  for (const version of [1, 2] as const) {
    const prefix = `/api/${version}`;
    app.register(
      (routes, _options, done) => {
        if (deps.stamp !== undefined) keepAnswers(routes, deps.stamp);
        versionRoutes(routes, deps, version);
        done();
      },
      { prefix },
    );
  }
  return app;
};
