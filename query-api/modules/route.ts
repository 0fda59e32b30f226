import * as TE from 'fp-ts/lib/TaskEither.js';
import type { FastifyInstance } from 'fastify';
import type { ModuleRow } from '../../projectors/module-index/row.ts';
import type { Query, Row, Where } from '../../projectors/read-models.ts';
import { answer, found } from '../answer.ts';
import type { Readers } from '../deps.ts';
import { anyText } from '../filters.ts';
import { jsonTextOf } from '../json-text.ts';
import { problems } from '../problem.ts';
import { listing } from '../reading.ts';
import type { ModulesQuery } from './schema.ts';
import { modulesQuerySchema } from './schema.ts';

const moduleJson = (row: ModuleRow) => ({
  artifact: `module:${row.name}:${row.stream}`,
  build_requires: row.buildRequires,
  commit: row.commit,
  holds: row.holds,
  name: row.name,
  stream: row.stream,
  version: row.version,
});

const moduleText = jsonTextOf(({ body }) => moduleJson(body as ModuleRow));
const itemsOf = (rows: ReadonlyArray<Row>) => TE.right(rows.map(moduleText));

const whereOf = (query: ModulesQuery): ReadonlyArray<Where> => [
  ...anyText('name', query.name),
  ...anyText('stream', query.stream),
  ...anyText('holds', query.holds),
  ...anyText('buildRequires', query.build_requires),
];

const byName: Query['orderBy'] = [{ field: 'name' }, { field: 'stream' }];

/** What every module stream holds, as the decisions look it up. Version 2 only. */
export const moduleRoutes = (app: FastifyInstance, { modules }: Readers): void => {
  app.get<{ Querystring: ModulesQuery }>(
    '/modules/',
    {
      schema: {
        tags: ['modules'],
        summary: 'List module streams with what they hold, by name',
        querystring: modulesQuerySchema,
        response: { 200: found('ModuleList', 'A page of module streams.'), ...problems(400) },
      },
    },
    (request, reply) => {
      const wanted = { where: whereOf(request.query), orderBy: byName };
      return answer(reply, listing(request, modules, wanted, itemsOf));
    },
  );
};
