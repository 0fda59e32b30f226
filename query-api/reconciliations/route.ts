import * as TE from 'fp-ts/lib/TaskEither.js';
import type { FastifyInstance } from 'fastify';
import type { Query, Row, Where } from '../../projectors/read-models.ts';
import { answer, found } from '../answer.ts';
import type { Readers } from '../deps.ts';
import { anyNumber, anyText } from '../filters.ts';
import { problems } from '../problem.ts';
import { listing, oneRow } from '../reading.ts';
import { idInPath, idParameter } from '../shapes.ts';
import { differenceText, reconciliationText } from './json.ts';
import type { DifferencesQuery, ReconciliationsQuery } from './schema.ts';
import { differencesQuerySchema, reconciliationsQuerySchema } from './schema.ts';

type ById = { readonly Params: { readonly id: number } };

const noSuchRun = 'No such reconciliation found.';
const itemsOf = (rows: ReadonlyArray<Row>) => TE.right(rows.map(reconciliationText));
const bodyOf = (row: Row) => TE.right(reconciliationText(row));
const differencesOf = (rows: ReadonlyArray<Row>) => TE.right(rows.map(differenceText));

const runsWhere = (query: ReconciliationsQuery): ReadonlyArray<Where> => [
  ...anyText('kind', ['run']),
  ...anyText('state', query.state),
  ...anyText('why', query.why),
];

const differencesWhere = (run: number, query: DifferencesQuery): ReadonlyArray<Where> => [
  ...anyText('kind', ['difference']),
  { field: 'run', in: [run] },
  ...anyText('system', query.system),
  ...anyText('code', query.code),
  ...anyText('action', query.action),
  ...anyNumber('build', query.build),
];

const newestFirst: Query['orderBy'] = [{ field: 'run', descending: true }];
const asFound: Query['orderBy'] = [{ field: 'number' }];

/** What was otherwise in the services than on record, run by run. Version 2 only. */
export const reconciliationRoutes = (app: FastifyInstance, { reconciliations }: Readers): void => {
  app.get<{ Querystring: ReconciliationsQuery }>(
    '/reconciliations/',
    {
      schema: {
        tags: ['reconciliations'],
        summary: 'List reconciliations, the newest first',
        querystring: reconciliationsQuerySchema,
        response: {
          200: found('ReconciliationList', 'A page of reconciliations.'),
          ...problems(400),
        },
      },
    },
    (request, reply) => {
      const wanted = { where: runsWhere(request.query), orderBy: newestFirst };
      return answer(reply, listing(request, reconciliations, wanted, itemsOf));
    },
  );
  app.get<ById>(
    `/reconciliations/${idInPath}`,
    {
      schema: {
        tags: ['reconciliations'],
        summary: 'Show one reconciliation',
        params: idParameter('reconciliation'),
        response: { 200: found('Reconciliation', 'The reconciliation.'), ...problems(404) },
      },
    },
    (request, reply) =>
      answer(reply, oneRow(reconciliations, String(request.params.id), noSuchRun, bodyOf)),
  );
  app.get<ById & { Querystring: DifferencesQuery }>(
    `/reconciliations/${idInPath}/differences/`,
    {
      schema: {
        tags: ['reconciliations'],
        summary: 'List the differences that one reconciliation found',
        params: idParameter('reconciliation'),
        querystring: differencesQuerySchema,
        response: {
          200: found('DifferenceList', 'A page of differences.'),
          ...problems(400, 404),
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const known = oneRow(reconciliations, String(id), noSuchRun, bodyOf);
      const wanted = { where: differencesWhere(id, request.query), orderBy: asFound };
      const list = listing(request, reconciliations, wanted, differencesOf);
      return answer(reply, TE.chain(() => list)(known));
    },
  );
};
