import * as TE from 'fp-ts/lib/TaskEither.js';
import type { FastifyInstance } from 'fastify';
import type { Query, Row, Where } from '../../projectors/read-models.ts';
import { answer, found } from '../answer.ts';
import type { Readers } from '../deps.ts';
import { anyNumber, anyText } from '../filters.ts';
import { problems } from '../problem.ts';
import { firstRow, listing } from '../reading.ts';
import { idInPath, idParameter } from '../shapes.ts';
import { composeText } from './json.ts';
import type { ComposesQuery } from './schema.ts';
import { composesQuerySchema } from './schema.ts';

const noSuchCompose = 'No such compose of ours found.';
const itemsOf = (rows: ReadonlyArray<Row>) => TE.right(rows.map(composeText));
const bodyOf = (row: Row) => TE.right(composeText(row));

const whereOf = (query: ComposesQuery): ReadonlyArray<Where> => [
  ...anyNumber('eventId', query.event_id),
  ...anyText('state', query.state),
  ...anyText('builds', query.nvr),
  ...anyNumber('usedBy', query.build),
];

const newestFirst: Query['orderBy'] = [{ field: 'eventId', descending: true }];

/** Which disposable repository was made of which builds, and went into which images. Version 2 only. */
export const composeRoutes = (app: FastifyInstance, { composes }: Readers): void => {
  app.get<{ Querystring: ComposesQuery }>(
    '/composes/',
    {
      schema: {
        tags: ['composes'],
        summary: 'List composes, those of the newest event first',
        querystring: composesQuerySchema,
        response: { 200: found('ComposeList', 'A page of composes.'), ...problems(400) },
      },
    },
    (request, reply) => {
      const wanted = { where: whereOf(request.query), orderBy: newestFirst };
      return answer(reply, listing(request, composes, wanted, itemsOf));
    },
  );
  app.get<{ Params: { readonly id: number } }>(
    `/composes/${idInPath}`,
    {
      schema: {
        tags: ['composes'],
        summary: 'Show the compose that has or had this id in ODCS',
        params: idParameter('compose in ODCS'),
        response: { 200: found('Compose', 'The compose.'), ...problems(404) },
      },
    },
    (request, reply) => {
      const wanted = {
        where: [{ field: 'composeIds', in: [request.params.id] }],
        orderBy: newestFirst,
      };
      return answer(reply, firstRow(composes, wanted, noSuchCompose, bodyOf));
    },
  );
};
