import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { FastifyInstance } from 'fastify';
import type { EventRow } from '../../projectors/events/row.ts';
import type { Row, Where } from '../../projectors/read-models.ts';
import { answer, found } from '../answer.ts';
import type { Readers } from '../deps.ts';
import { anyNamed, anyNumber, anyText, orderOf } from '../filters.ts';
import { eventStateTable } from '../names/tables.ts';
import { problems } from '../problem.ts';
import { listing, oneRow } from '../reading.ts';
import { idInPath, idParameter } from '../shapes.ts';
import type { BuildsOf } from './builds-of.ts';
import { countedBuilds, fullBuilds } from './builds-of.ts';
import { eventText } from './json.ts';
import type { EventsQuery, FormQuery } from './schema.ts';
import { eventOrder, eventsQuerySchema, formQuerySchema } from './schema.ts';

export const noSuchEvent = 'No such event found.';

const idOf = ({ body }: Row): number => (body as EventRow).id;

const whereOf = (query: EventsQuery): ReadonlyArray<Where> => [
  ...anyText('messageId', query.message_id),
  ...anyText('searchKey', query.search_key),
  ...anyNumber('eventTypeId', query.event_type_id),
  ...anyText('requester', query.requester),
  ...anyNamed('state', eventStateTable, query.state),
];

/** Events, as a list and one by one; version 1 shows their builds unless told otherwise. */
export const eventRoutes = (
  app: FastifyInstance,
  { events, builds }: Readers,
  version: 1 | 2,
): void => {
  const full = fullBuilds(builds);
  const short = countedBuilds(builds);
  const formOf = ({ show_full_json: asked }: FormQuery): BuildsOf => {
    if (asked === 'True') return full;
    if (asked === 'False') return short;
    return version === 1 ? full : short;
  };
  const itemsOf = (buildsOf: BuildsOf) => (rows: ReadonlyArray<Row>) => {
    if (rows.length === 0) return TE.right([]);
    return pipe(
      buildsOf(rows.map(idOf)),
      TE.map((partOf) => rows.map((row) => eventText(row, partOf(idOf(row))))),
    );
  };
  app.get<{ Querystring: EventsQuery }>(
    '/events/',
    {
      schema: {
        tags: ['events'],
        summary: 'List events',
        description: 'Different conditions are ANDed, values of one condition are ORed.',
        querystring: eventsQuerySchema,
        response: { 200: found('EventList', 'A page of events.'), ...problems(400) },
      },
    },
    (request, reply) => {
      const { query } = request;
      const orderBy = orderOf(query.order_by ?? '-id', eventOrder);
      const wanted = { where: whereOf(query), orderBy };
      return answer(reply, listing(request, events, wanted, itemsOf(formOf(query))));
    },
  );
  app.get<{ Params: { readonly id: number }; Querystring: FormQuery }>(
    `/events/${idInPath}`,
    {
      schema: {
        tags: ['events'],
        summary: 'Show one event',
        params: idParameter('event'),
        querystring: formQuerySchema,
        response: { 200: found('Event', 'The event.'), ...problems(404) },
      },
    },
    (request, reply) => {
      const items = itemsOf(formOf(request.query));
      const body = (row: Row) =>
        pipe(
          items([row]),
          TE.map(([item = '']) => item),
        );
      return answer(reply, oneRow(events, String(request.params.id), noSuchEvent, body));
    },
  );
};
