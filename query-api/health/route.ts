import * as E from 'fp-ts/lib/Either.js';
import type { FastifyInstance } from 'fastify';
import type { Reader } from '../../projectors/read-models.ts';
import type { Deps, Health, Readers } from '../deps.ts';
import { anyProblem, problemOf } from '../problem.ts';
import { named } from '../shapes.ts';
import type { SourceJson } from './sources.ts';
import { sourcesOf, warningsOf } from './sources.ts';

type Condition = Health & {
  readonly sources: ReadonlyArray<SourceJson>;
  readonly warnings: ReadonlyArray<string>;
};

const unreachable = async (name: string, reader: Reader): Promise<ReadonlyArray<string>> => {
  const checkpoint = await reader.checkpoint()();
  if (E.isRight(checkpoint)) return [];
  const { code, reason } = checkpoint.left;
  return [`The read model ${name} cannot be read (${code}): ${reason}`];
};

const conditionOf = async (deps: Deps): Promise<Condition> => {
  const named = Object.entries(deps.readers) as ReadonlyArray<[keyof Readers, Reader]>;
  const [own, sources, ...stores] = await Promise.all([
    deps.health(),
    sourcesOf(deps.readers.sources, deps.silence),
    ...named.map(([name, reader]) => unreachable(name, reader)),
  ]);
  return {
    reasons: [...own.reasons, ...stores.flat()],
    projections: own.projections,
    sources,
    warnings: warningsOf(sources),
  };
};

/**
 * Whether the process lives, and whether it can answer: for probes, monitors and people. A silent
 * source changes no status, since questions can be answered: it is among the warnings.
 */
export const healthRoutes = (app: FastifyInstance, deps: Deps): void => {
  app.get(
    '/healthz',
    {
      schema: {
        tags: ['service'],
        summary: 'Tell that the process lives, and when each source last spoke',
        response: {
          200: { description: 'The process lives.', ...named('Alive') },
          ...anyProblem,
        },
      },
    },
    async () => ({ alive: true, version: deps.about.version, ...(await conditionOf(deps)) }),
  );
  app.get(
    '/readyz',
    {
      schema: {
        tags: ['service'],
        summary: 'Tell whether questions can be answered',
        response: {
          200: { description: 'Questions can be answered.', ...named('Ready') },
          503: {
            description: 'Questions cannot be answered now; the reasons tell why.',
            ...named('NotReady'),
          },
          ...anyProblem,
        },
      },
    },
    async (_request, reply) => {
      const condition = await conditionOf(deps);
      const isReady = condition.reasons.length === 0;
      if (isReady) return { ready: true, ...condition };
      const problem = problemOf(503, condition.reasons.join(' '));
      return reply
        .code(503)
        .header('retry-after', '5')
        .send({ ready: false, ...problem, ...condition });
    },
  );
};
