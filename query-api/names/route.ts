import type { FastifyInstance } from 'fastify';
import { refuse } from '../answer.ts';
import { anyProblem, notFound, problems } from '../problem.ts';
import * as is from '../shapes.ts';
import type { NameTable } from './tables.ts';
import { buildStateTable, buildTypeTable, eventTypeTable } from './tables.ts';

export const namedSchema = is.shape(
  'Named',
  'A number of the API and its name.',
  { id: is.id, name: is.text },
  { id: 2, name: 'MODULE' },
);

export const namedListSchema = is.shape(
  'NamedList',
  'All numbers of one kind and their names.',
  { items: { type: 'array', items: is.named('Named') } },
  { items: [{ id: 2, name: 'MODULE' }] },
);

const tableRoutes = (
  app: FastifyInstance,
  path: string,
  what: string,
  { items }: NameTable,
): void => {
  const list = { items };
  app.get(
    `/${path}/`,
    {
      schema: {
        tags: ['names'],
        summary: `List ${what}s`,
        response: {
          200: { description: 'The whole table.', ...is.named('NamedList') },
          ...anyProblem,
        },
      },
    },
    () => Promise.resolve(list),
  );
  app.get<{ Params: { readonly id: number } }>(
    `/${path}/${is.idInPath}`,
    {
      schema: {
        tags: ['names'],
        summary: `Show one ${what}`,
        params: is.idParameter(what),
        response: {
          200: { description: 'The number and its name.', ...is.named('Named') },
          404: problems(404)['404'],
          ...anyProblem,
        },
      },
    },
    async (request, reply) =>
      items.find(({ id }) => id === request.params.id) ??
      refuse(reply, notFound(`No such ${what} found.`)),
  );
};

/** The tables behind the numbers in events and builds. */
export const nameRoutes = (app: FastifyInstance): void => {
  tableRoutes(app, 'event-types', 'event type', eventTypeTable);
  tableRoutes(app, 'build-types', 'build type', buildTypeTable);
  tableRoutes(app, 'build-states', 'build state', buildStateTable);
};
