import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { FastifyInstance } from 'fastify';
import type { BuildRow } from '../../projectors/builds/row.ts';
import type { ComposeRow } from '../../projectors/composes/row.ts';
import type { Query, Reader, Row, StoreFailure, Where } from '../../projectors/read-models.ts';
import { answer, found } from '../answer.ts';
import type { Readers } from '../deps.ts';
import { anyNumber, anyText } from '../filters.ts';
import type { JsonText } from '../json-text.ts';
import { problems } from '../problem.ts';
import { everyRow, firstRow, listing } from '../reading.ts';
import { idInPath, idParameter } from '../shapes.ts';
import { composeJson } from './json.ts';
import type { ComposesQuery } from './schema.ts';
import { composesQuerySchema } from './schema.ts';

const noSuchCompose = 'No such compose of ours found.';

type Texts = TE.TaskEither<StoreFailure, ReadonlyArray<JsonText>>;

/** Composes with the builds that used them: one further read serves all. */
const textsOf =
  (builds: Reader) =>
  (rows: ReadonlyArray<Row>): Texts => {
    const composes = rows.map(({ body }) => body as ComposeRow);
    const ids = [...new Set(composes.flatMap(({ usedBy }) => usedBy.map(({ build }) => build)))];
    return pipe(
      ids.length === 0
        ? TE.right([])
        : builds.find({ where: [{ field: 'id', in: ids }], ...everyRow }),
      TE.map((found) => {
        const known = new Map(
          found.map(({ body }) => [(body as BuildRow).id, body as BuildRow] as const),
        );
        return composes.map((row) => JSON.stringify(composeJson(row, known)));
      }),
    );
  };

const whereOf = (query: ComposesQuery): ReadonlyArray<Where> => [
  ...anyNumber('eventId', query.event_id),
  ...anyText('state', query.state),
  ...anyText('builds', query.nvr),
  ...anyNumber('usedBy', query.build),
];

const newestFirst: Query['orderBy'] = [{ field: 'eventId', descending: true }];

/** Which disposable repository was made of which builds, and went into which images. Version 2 only. */
export const composeRoutes = (app: FastifyInstance, { composes, builds }: Readers): void => {
  const itemsOf = textsOf(builds);
  const bodyOf = (row: Row) =>
    pipe(
      itemsOf([row]),
      TE.map(([text]) => text ?? ''),
    );
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
