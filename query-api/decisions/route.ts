import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { FastifyInstance } from 'fastify';
import type { DecisionRow } from '../../projectors/decisions/row.ts';
import type { Query, Row, Where } from '../../projectors/read-models.ts';
import { answer, found } from '../answer.ts';
import type { Readers } from '../deps.ts';
import { noSuchEvent } from '../events/route.ts';
import { anyNumber, anyText } from '../filters.ts';
import { jsonTextOf } from '../json-text.ts';
import { problems } from '../problem.ts';
import { listing, oneRow } from '../reading.ts';
import { idInPath, idParameter } from '../shapes.ts';
import type { DecisionsQuery } from './schema.ts';
import { decisionsQuerySchema, eventDecisionsQuerySchema } from './schema.ts';

const decisionJson = (row: DecisionRow) => ({
  artifact: row.artifact,
  branch: row.branch,
  code: row.code,
  decided_at: row.decidedAt,
  depth: row.depth,
  event_id: row.eventId,
  evidence: row.evidence,
  kind: row.kind,
  name: row.name,
  policy_version: row.policyVersion,
  reason: row.reason,
  recorded_in: row.recordedIn,
  revision: row.revision,
  rule: row.rule,
  verdict: row.verdict,
  waits_for: row.waitsFor,
});

const decisionText = jsonTextOf(({ body }) => decisionJson(body as DecisionRow));
const itemsOf = (rows: ReadonlyArray<Row>) => TE.right(rows.map(decisionText));

const whereOf = (query: DecisionsQuery): ReadonlyArray<Where> => [
  ...anyText('artifact', query.artifact),
  ...anyText('name', query.name),
  ...anyText('verdict', query.verdict),
  ...anyText('code', query.code),
];

const inWave: Query['orderBy'] = [{ field: 'depth' }, { field: 'artifact' }];
const newestFirst: Query['orderBy'] = [{ field: 'eventId', descending: true }, ...inWave];

/** Which artifacts were considered, what was decided on each, and why. Version 2 only. */
export const decisionRoutes = (app: FastifyInstance, { decisions, events }: Readers): void => {
  app.get<{ Querystring: DecisionsQuery }>(
    '/decisions/',
    {
      schema: {
        tags: ['decisions'],
        summary: 'List decisions of all events, those of the newest event first',
        querystring: decisionsQuerySchema,
        response: { 200: found('DecisionList', 'A page of decisions.'), ...problems(400) },
      },
    },
    (request, reply) => {
      const where = [...anyNumber('eventId', request.query.event_id), ...whereOf(request.query)];
      return answer(reply, listing(request, decisions, { where, orderBy: newestFirst }, itemsOf));
    },
  );
  app.get<{ Params: { readonly id: number }; Querystring: DecisionsQuery }>(
    `/events/${idInPath}/decisions/`,
    {
      schema: {
        tags: ['decisions'],
        summary: 'List the decisions of one event, what changed itself first',
        params: idParameter('event'),
        querystring: eventDecisionsQuerySchema,
        response: {
          200: found('DecisionList', 'A page of decisions.'),
          ...problems(400, 404),
        },
      },
    },
    (request, reply) => {
      const { id } = request.params;
      const where: ReadonlyArray<Where> = [
        { field: 'eventId', in: [id] },
        ...whereOf(request.query),
      ];
      const exists = oneRow(events, String(id), noSuchEvent, () => TE.right(''));
      const found = pipe(
        exists,
        TE.chain(() => listing(request, decisions, { where, orderBy: inWave }, itemsOf)),
      );
      return answer(reply, found);
    },
  );
};
