import * as TE from 'fp-ts/lib/TaskEither.js';
import type { FastifyInstance } from 'fastify';
import type { Row, Where } from '../../projectors/read-models.ts';
import { answer, found } from '../answer.ts';
import type { Readers } from '../deps.ts';
import { anyNamed, anyNumber, anyText, once, orderOf } from '../filters.ts';
import { buildStateTable, buildTypeTable } from '../names/tables.ts';
import { problems } from '../problem.ts';
import { listing, oneRow } from '../reading.ts';
import { idInPath, idParameter } from '../shapes.ts';
import { attemptsText, buildText } from './json.ts';
import type { BuildsQuery } from './schema.ts';
import { buildOrder, buildsQuerySchema } from './schema.ts';

type ById = { readonly Params: { readonly id: number } };

const noSuchBuild = 'No such build found.';
const itemsOf = (rows: ReadonlyArray<Row>) => TE.right(rows.map(buildText));
const bodyOf = (row: Row) => TE.right(buildText(row));

const whereOf = (query: BuildsQuery): ReadonlyArray<Where> => [
  ...anyNamed('type', buildTypeTable, once(query.type)),
  ...anyNamed('state', buildStateTable, once(query.state)),
  ...anyText('name', once(query.name)),
  ...anyText('artifact', once(query.artifact)),
  ...anyText('originalNvr', once(query.original_nvr)),
  ...anyText('rebuiltNvr', once(query.rebuilt_nvr)),
  ...anyNumber('eventIds', once(query.event_id)),
  ...anyNumber('depOnId', once(query.dep_on_id)),
  ...anyNumber('buildId', once(query.build_id)),
  ...anyNumber('eventTypeId', once(query.event_type_id)),
  ...anyText('eventSearchKey', once(query.event_search_key)),
];

/** Builds, as a list and one by one: the same in both versions of the API. */
export const buildRoutes = (app: FastifyInstance, { builds }: Readers): void => {
  app.get<{ Querystring: BuildsQuery }>(
    '/builds/',
    {
      schema: {
        tags: ['builds'],
        summary: 'List builds',
        description: 'Conditions are ANDed; of a repeated parameter the first counts.',
        querystring: buildsQuerySchema,
        response: { 200: found('BuildList', 'A page of builds.'), ...problems(400) },
      },
    },
    (request, reply) => {
      const wanted = {
        where: whereOf(request.query),
        orderBy: orderOf(request.query.order_by ?? '-id', buildOrder),
      };
      return answer(reply, listing(request, builds, wanted, itemsOf));
    },
  );
  app.get<ById>(
    `/builds/${idInPath}`,
    {
      schema: {
        tags: ['builds'],
        summary: 'Show one build',
        params: idParameter('build'),
        response: { 200: found('Build', 'The build.'), ...problems(404) },
      },
    },
    (request, reply) =>
      answer(reply, oneRow(builds, String(request.params.id), noSuchBuild, bodyOf)),
  );
};

/** What only version 2 tells of a build. */
export const attemptRoutes = (app: FastifyInstance, { builds }: Readers): void => {
  app.get<ById>(
    `/builds/${idInPath}/attempts/`,
    {
      schema: {
        tags: ['builds'],
        summary: 'Show every try at one build',
        params: idParameter('build'),
        response: { 200: found('Attempts', 'Every try at the build.'), ...problems(404) },
      },
    },
    (request, reply) => {
      const body = (row: Row) => TE.right(attemptsText(row));
      return answer(reply, oneRow(builds, String(request.params.id), noSuchBuild, body));
    },
  );
};
