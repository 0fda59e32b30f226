import * as E from 'fp-ts/lib/Either.js';
import type { FastifyInstance } from 'fastify';
import type { Reader } from '../../projectors/read-models.ts';
import { answeredWithin } from '../answered-within.ts';
import type { Deps, Health, Readers } from '../deps.ts';
import { anyProblem, problemOf } from '../problem.ts';
import { named } from '../shapes.ts';
import type { SourceJson } from './sources.ts';
import { sourcesOf, warningsOf } from './sources.ts';

type Condition = Health & {
  readonly sources: ReadonlyArray<SourceJson>;
  readonly warnings: ReadonlyArray<string>;
};

/** Milliseconds that a store may take, less than a probe waits. */
const patience = 1000;

type Fault = { readonly code: string; readonly reason: string };

const unread = (name: string, { code, reason }: Fault): string =>
  `The read model ${name} cannot be read (${code}): ${reason}`;

const conditionOf = (deps: Deps): (() => Promise<Condition>) => {
  const named = Object.entries(deps.readers) as ReadonlyArray<[keyof Readers, Reader]>;
  const looks = named.map(([name, reader]) => {
    const ask = answeredWithin(patience, () => reader.checkpoint()());
    return async () => E.mapLeft((fault: Fault) => unread(name, fault))(await ask());
  });
  const askSources = answeredWithin(patience, () => sourcesOf(deps.readers.sources, deps.silence));
  return async () => {
    const [own, found, stores] = await Promise.all([
      ...[deps.health(), askSources()],
      Promise.all(looks.map((look) => look())),
    ] as const);
    const asked = [...stores, E.mapLeft((fault: Fault) => unread('sources', fault))(found)];
    const faults = asked.flatMap((one) => (E.isLeft(one) ? [one.left] : []));
    const sources = E.isRight(found) ? found.right : [];
    return {
      reasons: [...new Set([...own.reasons, ...faults])],
      projections: own.projections,
      sources,
      warnings: [...(own.warnings ?? []), ...warningsOf(sources)],
    };
  };
};

/**
 * Whether the process lives, and whether it can answer: for probes, monitors and people. A silent
 * source changes no status, since questions can be answered: it is among the warnings.
 */
export const healthRoutes = (app: FastifyInstance, deps: Deps): void => {
  const look = conditionOf(deps);
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
    async () => ({ alive: true, version: deps.about.version, ...(await look()) }),
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
      const condition = await look();
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
