import type { FastifyInstance } from 'fastify';

/** All metrics in the text format of Prometheus, version 0.0.4. Must not fail. */
export type TellMetrics = () => Promise<string>;

const format = 'text/plain; version=0.0.4; charset=utf-8';

/** What Prometheus scrapes. It is no JSON, so the OpenAPI document leaves it out. */
export const metricsRoute = (app: FastifyInstance, metrics: TellMetrics): void => {
  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) =>
    reply
      .header('content-type', format)
      .header('cache-control', 'no-store')
      .send(await metrics()),
  );
};
