import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { components } from './components.ts';
import { publishedSchema } from './published.ts';

const description = `Freshmaker watches the message bus of a distribution and has everything rebuilt that holds a changed package.
This API answers what it has seen, decided and built.

Every list takes \`page\` and \`per_page\` and tells in \`meta\` where it stands; unknown parameters are ignored.
Every answer that is not the one asked for has the shape of *Problem*. Paths work with and without the final slash.
Version 1 keeps the original's contract; version 2 is the same, with events in short form, and more.`;

const tags = [
  { name: 'events', description: 'What happened that may need a rebuild.' },
  { name: 'builds', description: 'What was, is and will be rebuilt.' },
  { name: 'decisions', description: 'What was decided on each artifact, and why.' },
  { name: 'messages', description: 'What came in from the bus, and what became of it.' },
  {
    name: 'modules',
    description: 'What modules hold and were built with, as far as is on record.',
  },
  { name: 'images', description: 'What images hold and ever held, as far as is on record.' },
  { name: 'composes', description: 'Disposable repositories: made of what, used by what.' },
  {
    name: 'reconciliations',
    description: 'What was otherwise in the services than on record, run by run.',
  },
  { name: 'names', description: 'The names of the numbers.' },
  { name: 'service', description: 'The service itself.' },
];

/** Publishes every route made after it: the OpenAPI document, and a page for people that needs no network. */
export const documentRoutes = (app: FastifyInstance, version: string): void => {
  app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Freshmaker',
        version,
        description,
        license: { name: 'MIT', identifier: 'MIT' },
      },
      tags,
      components: { schemas: components },
    },
    transform: ({ schema, url }) => ({ schema: publishedSchema(schema, url), url }),
  });
  app.register(swaggerUi, {
    routePrefix: '/docs',
    uiConfig: { validatorUrl: null, docExpansion: 'list' },
    staticCSP:
      "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; script-src 'self'",
  });
  app.register((docs, _options, done) => {
    docs.get('/openapi.json', { schema: { hide: true } }, () => Promise.resolve(docs.swagger()));
    done();
  });
};
