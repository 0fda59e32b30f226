import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { HeldRow, StreamRow } from '../../projectors/image-index/row.ts';
import { imageKeys } from '../../projectors/image-index/row.ts';
import type { ImageRow } from '../../projectors/images/row.ts';
import type { Reader, Row, StoreFailure, Where } from '../../projectors/read-models.ts';
import type { Answer } from '../answer.ts';
import { answer, found } from '../answer.ts';
import type { Readers } from '../deps.ts';
import { anyText } from '../filters.ts';
import type { JsonText } from '../json-text.ts';
import type { Problem } from '../problem.ts';
import { notFound, problemOf, problems, storeProblem } from '../problem.ts';
import { listing, oneRow } from '../reading.ts';
import type { Asked } from './json.ts';
import { imageBuildJson, imageJson, rpmsJson } from './json.ts';
import type { ImagesQuery } from './schema.ts';
import { imagesQuerySchema } from './schema.ts';

type Request = FastifyRequest<{ Querystring: ImagesQuery }>;
type Items = TE.TaskEither<StoreFailure, ReadonlyArray<JsonText>>;

const everyRow = 1_000_000;
const inOrder = { orderBy: [], offset: 0, limit: everyRow };

const keyed = (
  values: ReadonlyArray<string> | undefined,
  key: (value: string) => string,
): ReadonlyArray<Where> => anyText('keys', values?.map(key));

const ofStreams = ({ name, branch, nvr }: ImagesQuery): ReadonlyArray<Where> => [
  ...keyed(name, imageKeys.name),
  ...keyed(branch, imageKeys.branch),
  ...keyed(nvr, imageKeys.nvr),
];

const askedOf = (query: ImagesQuery): Asked => ({
  packages: query.package ?? [],
  sources: query.source ?? [],
  held: query.held ?? 'ever',
});

const streamText = ({ body }: Row): JsonText => {
  const stream = body as StreamRow;
  return JSON.stringify(imageJson(stream.artifact, stream, []));
};

/** Rows of what was held, with the newest builds of the images: one further read serves all. */
const heldItems =
  (index: Reader, asked: Asked) =>
  (rows: ReadonlyArray<Row>): Items => {
    const held = rows.map(({ body }) => body as HeldRow);
    const where = keyed([...new Set(held.map(({ artifact }) => artifact))], imageKeys.artifact);
    return pipe(
      rows.length === 0 ? TE.right([]) : index.find({ where, ...inOrder }),
      TE.map((streams) => {
        const known = new Map(
          streams.map(({ body }) => [(body as StreamRow).artifact, body as StreamRow]),
        );
        return held.map((row) =>
          JSON.stringify(imageJson(row.artifact, known.get(row.artifact), rpmsJson(row, asked))),
        );
      }),
    );
  };

/** Restricts what was held to the images that fit the other conditions. */
const heldWhere = (
  index: Reader,
  query: ImagesQuery,
  { packages, sources, held }: Asked,
): TE.TaskEither<StoreFailure, ReadonlyArray<Where>> => {
  const wanted: ReadonlyArray<Where> =
    packages.length > 0
      ? [{ field: held === 'now' ? 'now' : 'rpm', in: packages }]
      : [{ field: held === 'now' ? 'sourceNow' : 'source', in: sources }];
  const streams = ofStreams(query);
  if (streams.length === 0) return TE.right(wanted);
  return pipe(
    index.find({ where: streams, ...inOrder }),
    TE.map((rows) => {
      const artifacts = rows.map(({ body }) => (body as StreamRow).artifact);
      return [...wanted, { field: 'keys', in: artifacts.map(imageKeys.heldBy) }];
    }),
  );
};

const both = problemOf(
  400,
  'Ask for package or for source, not for both: package is the name of an RPM, source the name of the package it is built from.',
);

const list = (index: Reader, request: Request): TE.TaskEither<Problem, Answer> => {
  const { query } = request;
  const asked = askedOf(query);
  if (query.package === undefined && query.source === undefined) {
    const where = [{ field: 'keys', in: [imageKeys.every] }, ...ofStreams(query)];
    const items = (rows: ReadonlyArray<Row>): Items => TE.right(rows.map(streamText));
    return listing(request, index, { where, orderBy: [] }, items);
  }
  if (asked.packages.length > 0 && asked.sources.length > 0) return TE.left(both);
  return pipe(
    heldWhere(index, query, asked),
    TE.mapLeft(storeProblem),
    TE.chain((where) => listing(request, index, { where, orderBy: [] }, heldItems(index, asked))),
  );
};

const noSuchImage = 'No such image build is on record.';

const buildsWith = (
  builds: Reader,
  field: 'rebuiltNvr' | 'originalNvr',
  nvr: string,
): TE.TaskEither<StoreFailure, ReadonlyArray<Row>> =>
  builds.find({ where: [{ field, in: [nvr] }], ...inOrder, orderBy: [{ field: 'id' }] });

type Ours = { readonly made: ReadonlyArray<Row>; readonly rebuilt: ReadonlyArray<Row> };

const oursOf = (builds: Reader, nvr: string): TE.TaskEither<StoreFailure, Ours> =>
  pipe(
    TE.Do,
    TE.bind('made', () => buildsWith(builds, 'rebuiltNvr', nvr)),
    TE.bind('rebuilt', () => buildsWith(builds, 'originalNvr', nvr)),
  );

/** Empty for a build that is not all on record yet. */
const imageBuildText =
  (builds: Reader) =>
  ({ body }: Row): TE.TaskEither<StoreFailure, JsonText> => {
    const row = body as ImageRow;
    const { facts, nvr } = row;
    if (facts === null) return TE.right('');
    return pipe(
      oursOf(builds, nvr),
      TE.map((ours) => JSON.stringify(imageBuildJson(row, facts, ours))),
    );
  };

/** What images hold and ever held, as the decisions look it up. Version 2 only. */
export const imageRoutes = (
  app: FastifyInstance,
  { imageIndex, images, builds }: Readers,
): void => {
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
    (request, reply) => answer(reply, list(imageIndex, request)),
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
          oneRow(images, request.params.nvr, noSuchImage, imageBuildText(builds)),
          TE.filterOrElse(
            ({ body }) => body !== '',
            () => notFound(noSuchImage),
          ),
        ),
      ),
  );
};
