import type { FastifyInstance } from 'fastify';
import type { Deps } from './deps.ts';
import { anyProblem } from './problem.ts';
import * as is from './shapes.ts';

export const aboutSchema = is.shape(
  'About',
  'What is running here.',
  { auth_backend: is.text, version: is.text },
  { auth_backend: 'noauth', version: '0.1.0' },
);

/** Which version answers, and how it tells who is asking. */
export const aboutRoute = (app: FastifyInstance, { version, authBackend }: Deps['about']): void => {
  const about = { auth_backend: authBackend, version };
  app.get(
    '/about/',
    {
      schema: {
        tags: ['service'],
        summary: 'Tell version and way of log-in',
        response: {
          200: { description: 'Version and way of log-in.', ...is.named('About') },
          ...anyProblem,
        },
      },
    },
    () => Promise.resolve(about),
  );
};
