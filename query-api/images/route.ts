import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { FastifyInstance } from 'fastify';
import type { BuildRow } from '../../projectors/builds/row.ts';
import type { ImageRow } from '../../projectors/images/row.ts';
import type { Reader, Row, StoreFailure } from '../../projectors/read-models.ts';
import { answer, found } from '../answer.ts';
import type { Readers } from '../deps.ts';
import type { JsonText } from '../json-text.ts';
import { notFound, problems } from '../problem.ts';
import { everyRow, oneRow } from '../reading.ts';
import type { Ours } from './json.ts';
import { imageBuildJson } from './json.ts';
import { listImages } from './list.ts';
import type { ImagesQuery } from './schema.ts';
import { imagesQuerySchema } from './schema.ts';

type Rows = TE.TaskEither<StoreFailure, ReadonlyArray<Row>>;

const noSuchImage = 'No such image build is on record.';

const buildsWith = (builds: Reader, field: 'rebuiltNvr' | 'originalNvr', nvr: string): Rows =>
  builds.find({ where: [{ field, in: [nvr] }], ...everyRow, orderBy: [{ field: 'id' }] });

/** The composes that went into what these builds made. */
const composesOf = (composes: Reader, made: ReadonlyArray<Row>): Rows => {
  const ids = made.flatMap(({ body }) => (body as BuildRow).odcsComposes);
  const where = [{ field: 'composeIds', in: ids }];
  return ids.length === 0 ? TE.right([]) : composes.find({ where, ...everyRow });
};

const oursOf = ({ builds, composes }: Readers, nvr: string): TE.TaskEither<StoreFailure, Ours> =>
  pipe(
    TE.Do,
    TE.bind('made', () => buildsWith(builds, 'rebuiltNvr', nvr)),
    TE.bind('rebuilt', () => buildsWith(builds, 'originalNvr', nvr)),
    TE.bind('composes', ({ made }) => composesOf(composes, made)),
  );

/** Empty for a build that is not all on record yet. */
const imageBuildText =
  (readers: Readers) =>
  ({ body }: Row): TE.TaskEither<StoreFailure, JsonText> => {
    const row = body as ImageRow;
    const { facts, nvr } = row;
    if (facts === null) return TE.right('');
    return pipe(
      oursOf(readers, nvr),
      TE.map((ours) => JSON.stringify(imageBuildJson(row, facts, ours))),
    );
  };

/** What images hold and ever held, as the decisions look it up. Version 2 only. */
export const imageRoutes = (app: FastifyInstance, readers: Readers): void => {
  const { imageIndex, images } = readers;
  app.get<{ Querystring: ImagesQuery }>(
    '/images/',
    {
      schema: {
        tags: ['images'],
        summary: 'List images, or those that ever held a package, by name',
        querystring: imagesQuerySchema,
        response: { 200: found('ImageList', 'A page of images.'), ...problems(400) },
      },
    },
    (request, reply) => answer(reply, listImages(imageIndex, request)),
  );
  app.get<{ Params: { readonly nvr: string } }>(
    '/images/:nvr(^[^/]+$)',
    {
      schema: {
        tags: ['images'],
        summary: 'Show one build of an image and all that it holds',
        params: {
          type: 'object',
          properties: {
            nvr: { type: 'string', description: 'The NVR.', examples: ['httpd-1-7'] },
          },
          required: ['nvr'],
        },
        response: { 200: found('ImageBuild', 'The build.'), ...problems(404) },
      },
    },
    (request, reply) =>
      answer(
        reply,
        pipe(
          oneRow(images, request.params.nvr, noSuchImage, imageBuildText(readers)),
          TE.filterOrElse(
            ({ body }) => body !== '',
            () => notFound(noSuchImage),
          ),
        ),
      ),
  );
};
