import * as TE from 'fp-ts/lib/TaskEither.js';
import type { FastifyInstance } from 'fastify';
import type { MessageRow } from '../../projectors/messages/row.ts';
import type { Query, Row, Where } from '../../projectors/read-models.ts';
import { answer, found } from '../answer.ts';
import type { Readers } from '../deps.ts';
import { anyText } from '../filters.ts';
import { jsonTextOf } from '../json-text.ts';
import { problems } from '../problem.ts';
import { listing } from '../reading.ts';
import type { MessagesQuery } from './schema.ts';
import { messagesQuerySchema } from './schema.ts';

const messageJson = (row: MessageRow, stream: string) => ({
  code: row.code,
  explanation: row.explanation,
  kind: row.kind,
  message_id: row.messageId,
  observed_at: row.observedAt,
  prefix: row.prefix,
  recorded_in: stream,
  rehearsal: row.rehearsal,
  search_key: row.searchKey,
  sent_at: row.sentAt,
  topic: row.topic,
  transport: row.transport,
  trigger: row.trigger,
  verdict: row.verdict,
});

const messageText = jsonTextOf(({ id, body }) => messageJson(body as MessageRow, id));
const itemsOf = (rows: ReadonlyArray<Row>) => TE.right(rows.map(messageText));

const whereOf = (query: MessagesQuery): ReadonlyArray<Where> => [
  ...anyText('topic', query.topic),
  ...anyText('verdict', query.verdict),
  ...anyText('code', query.code),
  ...anyText('messageId', query.message_id),
  ...anyText('transport', query.transport),
];

const newestFirst: Query['orderBy'] = [{ field: 'observedAt', descending: true }];

/** Every message that ever came in, understood or set aside. Version 2 only. */
export const messageRoutes = (app: FastifyInstance, { messages }: Readers): void => {
  app.get<{ Querystring: MessagesQuery }>(
    '/messages/',
    {
      schema: {
        tags: ['messages'],
        summary: 'List messages, the newest first',
        querystring: messagesQuerySchema,
        response: { 200: found('MessageList', 'A page of messages.'), ...problems(400) },
      },
    },
    (request, reply) => {
      const wanted = { where: whereOf(request.query), orderBy: newestFirst };
      return answer(reply, listing(request, messages, wanted, itemsOf));
    },
  );
};
