import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { FastifyRequest } from 'fastify';
import type {
  Checkpoint,
  Query,
  Reader,
  Row,
  StoreFailure,
  Where,
} from '../projectors/read-models.ts';
import type { Answer } from './answer.ts';
import type { Problem } from './problem.ts';
import { notFound, storeProblem } from './problem.ts';
import { originOf } from './origin.ts';
import type { Meta, Paging, PagingQuery } from './paging.ts';
import { metaOf, offsetOf, otherParameters, pagingOf } from './paging.ts';

/** One page of rows and how many there are in all. */
export type Rows = { readonly rows: ReadonlyArray<Row>; readonly total: number };

export type Listing<Item> = { readonly items: ReadonlyArray<Item>; readonly meta: Meta };

export type Wanted = {
  readonly where: ReadonlyArray<Where>;
  readonly orderBy: Query['orderBy'];
};

type Read<A> = TE.TaskEither<StoreFailure, A>;

const rowsOf = (reader: Reader, { where, orderBy }: Wanted, paging: Paging): Read<Rows> => {
  const offset = offsetOf(paging);
  const counted = (rows: ReadonlyArray<Row>): Read<Rows> =>
    pipe(
      reader.count(where),
      TE.map((total) => ({ rows, total })),
    );
  if (paging.perPage === 0) return counted([]);
  return pipe(
    reader.find({ where, orderBy, offset, limit: paging.perPage }),
    TE.chain((rows) => {
      const isLast = rows.length < paging.perPage && (rows.length > 0 || offset === 0);
      return isLast ? TE.right({ rows, total: offset + rows.length }) : counted(rows);
    }),
  );
};

/** Reads, and tells the position read before: what is found is at least that new. */
const at = <Body>(reader: Reader, read: Read<Body>): TE.TaskEither<Problem, Answer<Body>> => {
  const readAfter = (checkpoint: Checkpoint | undefined): Read<Answer<Body>> =>
    pipe(
      read,
      TE.map((body) => ({ body, position: checkpoint?.position })),
    );
  return pipe(reader.checkpoint(), TE.chain(readAfter), TE.mapLeft(storeProblem));
};

const metaFor = (request: FastifyRequest, paging: Paging, total: number): Meta => {
  const [path = '/', queryString = ''] = splitOnce(request.url);
  const list = `${originOf(request)}${path.endsWith('/') ? path : `${path}/`}`;
  return metaOf(list, otherParameters(queryString), paging, total);
};

const splitOnce = (url: string): ReadonlyArray<string> => {
  const mark = url.indexOf('?');
  return mark === -1 ? [url] : [url.slice(0, mark), url.slice(mark + 1)];
};

/** One page of a list, its rows turned into items together, so that one further read serves all. */
export const listing = <Item>(
  request: FastifyRequest<{ Querystring: PagingQuery }>,
  reader: Reader,
  wanted: Wanted,
  itemsOf: (rows: ReadonlyArray<Row>) => Read<ReadonlyArray<Item>>,
): TE.TaskEither<Problem, Answer<Listing<Item>>> => {
  const paging = pagingOf(request.query);
  const shown = ({ rows, total }: Rows): Read<Listing<Item>> =>
    pipe(
      itemsOf(rows),
      TE.map((items) => ({ items, meta: metaFor(request, paging, total) })),
    );
  return at(reader, pipe(rowsOf(reader, wanted, paging), TE.chain(shown)));
};

/** One row by its id, or a 404 with the given sentence. */
export const oneRow = <Body>(
  reader: Reader,
  id: string,
  missing: string,
  bodyOf: (row: Row) => Read<Body>,
): TE.TaskEither<Problem, Answer<Body>> => {
  const found = (row: Row | undefined): Read<{ readonly body: Body } | undefined> =>
    row === undefined ? TE.right(undefined) : TE.map((body: Body) => ({ body }))(bodyOf(row));
  const read = pipe(reader.get(id), TE.chain(found));
  return pipe(
    at(reader, read),
    TE.chain(({ body, position }) =>
      body === undefined ? TE.left(notFound(missing)) : TE.right({ body: body.body, position }),
    ),
  );
};
