import type { FastifyInstance } from 'fastify';
import { fastify, LogController } from 'fastify';
import type { Deps } from './deps.ts';
import { withoutPrefix } from './origin.ts';
import {
  faultSentence,
  foldRepeated,
  refuseError,
  refuseRest,
  refuseUnreadable,
} from './refusals.ts';

const unfurnished = ({ logger }: Pick<Deps, 'logger'>): FastifyInstance =>
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

/** An app without routes that refuses everything in one shape, and reads no body. */
export const bareApp = (deps: Pick<Deps, 'logger'>): FastifyInstance => {
  const app = unfurnished(deps);
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
  return app;
};
