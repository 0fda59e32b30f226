import type { FastifyInstance } from 'fastify';
import { fastify, LogController } from 'fastify';
import { aboutRoute } from './about.ts';
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
import { moduleRoutes } from './modules/route.ts';
import { nameRoutes } from './names/route.ts';
import { withoutPrefix } from './origin.ts';
import {
  faultSentence,
  foldRepeated,
  refuseError,
  refuseUnreadable,
  refuseRest,
} from './refusals.ts';

const bareApp = ({ logger }: Deps): FastifyInstance =>
  fastify({
    ...(logger === undefined ? {} : { loggerInstance: logger }),
    // A logger for each request costs more than most answers: what is logged names the request itself.
    childLoggerFactory: (ours) => ours,
    logController: new LogController({ disableRequestLogging: true }),
    // A slow machine may take its time to start.
    pluginTimeout: 0,
    routerOptions: { ignoreTrailingSlash: true },
    rewriteUrl: withoutPrefix,
    // Draining: what has reached us is answered.
    return503OnClosing: false,
    ajv: { customOptions: { verbose: true, keywords: ['x-refusal'] } },
    schemaErrorFormatter: ([fault]) =>
      new Error(fault === undefined ? 'The request is not allowed.' : faultSentence(fault)),
    clientErrorHandler: refuseUnreadable,
    frameworkErrors: (error, request, reply) => {
      void refuseError(error, request, reply);
    },
  });

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
};

/**
 * The whole API over the given read models, not yet listening: `/api/1`, `/api/2`, `/docs`,
 * `/openapi.json`, `/healthz`, `/readyz`. It reads only, and answers 500 for our own faults alone.
 */
export const buildApp = (deps: Deps): FastifyInstance => {
  const app = bareApp(deps);
  refuseRest(app);
  // As fast as compiled serialisers here, and without half a second of compiling them at the start;
  // nothing leaks, as every answer is built from an explicit list of fields.
  app.setSerializerCompiler(() => JSON.stringify);
  app.removeAllContentTypeParsers();
  // No route takes a body: whatever comes with a request is let pass by unread.
  app.addContentTypeParser('*', (_request, payload, done) => {
    payload.resume();
    done(null);
  });
  app.addHook('preValidation', (request, _reply, done) => {
    foldRepeated(request.query as Record<string, unknown>, () => request.routeOptions.schema);
    done();
  });
  documentRoutes(app, deps.about.version);
  app.register((routes, _options, done) => {
    landingRoute(routes);
    healthRoutes(routes, deps);
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
