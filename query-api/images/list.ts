import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { FastifyRequest } from 'fastify';
import type { HeldRow, StreamRow } from '../../projectors/image-index/row.ts';
import { imageKeys } from '../../projectors/image-index/row.ts';
import type { Reader, Row, StoreFailure, Where } from '../../projectors/read-models.ts';
import type { Answer } from '../answer.ts';
import { anyText } from '../filters.ts';
import type { JsonText } from '../json-text.ts';
import type { Problem } from '../problem.ts';
import { storeProblem } from '../problem.ts';
import { everyRow, listing } from '../reading.ts';
import type { Asked } from './json.ts';
import { imageJson, rpmsJson } from './json.ts';
import type { ImagesQuery } from './schema.ts';

type Request = FastifyRequest<{ Querystring: ImagesQuery }>;
type Items = TE.TaskEither<StoreFailure, ReadonlyArray<JsonText>>;

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
      rows.length === 0 ? TE.right([]) : index.find({ where, ...everyRow }),
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

type Artifacts = TE.TaskEither<StoreFailure, ReadonlyArray<string>>;

/** Images whose newest build fits the other conditions; undefined where there are none. */
const fitting = (index: Reader, query: ImagesQuery): Artifacts | undefined => {
  const where = ofStreams(query);
  if (where.length === 0) return undefined;
  return pipe(
    index.find({ where, ...everyRow }),
    TE.map((rows) => rows.map(({ body }) => (body as StreamRow).artifact)),
  );
};

/** Images that held one RPM that is of such a name and of such a source package, both at once. */
const holdingBoth = (
  index: Reader,
  asked: Asked,
  where: ReadonlyArray<Where>,
): Artifacts | undefined => {
  if (asked.packages.length === 0 || asked.sources.length === 0) return undefined;
  return pipe(
    index.find({ where, ...everyRow }),
    TE.map((rows) =>
      rows
        .map(({ body }) => body as HeldRow)
        .filter((row) => rpmsJson(row, asked).length > 0)
        .map(({ artifact }) => artifact),
    ),
  );
};

/** Restricts what was held to what is asked for, and to the images that fit. */
const heldWhere = (
  index: Reader,
  query: ImagesQuery,
  asked: Asked,
): TE.TaskEither<StoreFailure, ReadonlyArray<Where>> => {
  const [rpm, source] = asked.held === 'now' ? ['now', 'sourceNow'] : ['rpm', 'source'];
  const wanted = [...anyText(rpm, query.package), ...anyText(source, query.source)];
  const narrowing = [fitting(index, query), holdingBoth(index, asked, wanted)];
  return pipe(
    TE.sequenceArray(narrowing.flatMap((artifacts) => artifacts ?? [])),
    TE.map((lists) => [
      ...wanted,
      ...lists.map((artifacts) => ({ field: 'keys', in: artifacts.map(imageKeys.heldBy) })),
    ]),
  );
};

/** Images on record, or those that ever held or hold now what is asked for, a page at a time. */
export const listImages = (index: Reader, request: Request): TE.TaskEither<Problem, Answer> => {
  const { query } = request;
  const asked = askedOf(query);
  if (query.package === undefined && query.source === undefined) {
    const where = [{ field: 'keys', in: [imageKeys.every] }, ...ofStreams(query)];
    const items = (rows: ReadonlyArray<Row>): Items => TE.right(rows.map(streamText));
    return listing(request, index, { where, orderBy: [] }, items);
  }
  return pipe(
    heldWhere(index, query, asked),
    TE.mapLeft(storeProblem),
    TE.chain((where) => listing(request, index, { where, orderBy: [] }, heldItems(index, asked))),
  );
};
