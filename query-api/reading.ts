import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { FastifyRequest } from 'fastify';
import type { Query, Reader, Row, StoreFailure, Where } from '../projectors/read-models.ts';
import type { Answer } from './answer.ts';
import type { JsonText } from './json-text.ts';
import { jsonList } from './json-text.ts';
import type { Problem } from './problem.ts';
import { notFound, storeProblem } from './problem.ts';
import { originOf } from './origin.ts';
import type { Meta, Paging, PagingQuery } from './paging.ts';
import { metaOf, offsetOf, otherParameters, pagingOf } from './paging.ts';

/** One page of rows and how many there are in all. */
type Rows = { readonly rows: ReadonlyArray<Row>; readonly total: number };

export type Wanted = {
  readonly where: ReadonlyArray<Where>;
  readonly orderBy: Query['orderBy'];
};

/** Of a query: all rows that fit, in no order. */
export const everyRow = { orderBy: [], offset: 0, limit: 1_000_000 } as const;

type Read<A> = Promise<E.Either<StoreFailure, A>>;

const rowsOf = async (reader: Reader, { where, orderBy }: Wanted, paging: Paging): Read<Rows> => {
  const offset = offsetOf(paging);
  const { perPage } = paging;
  const found =
    perPage === 0 ? E.right([]) : await reader.find({ where, orderBy, offset, limit: perPage })();
  if (E.isLeft(found)) return found;
  const rows = found.right;
  const isLast = rows.length < perPage && (rows.length > 0 || offset === 0);
  if (isLast) return E.right({ rows, total: offset + rows.length });
  const total = await reader.count(where)();
  return E.isLeft(total) ? total : E.right({ rows, total: total.right });
};

/** Reads, and tells the position read before: what is found is at least that new. */
const at = async <A>(
  reader: Reader,
  read: () => Read<A>,
): Read<readonly [A, string | undefined]> => {
  const checkpoint = await reader.checkpoint()();
  if (E.isLeft(checkpoint)) return checkpoint;
  const found = await read();
  return E.isLeft(found) ? found : E.right([found.right, checkpoint.right?.position]);
};

const metaFor = (request: FastifyRequest, paging: Paging, total: number): Meta => {
  const { url } = request;
  const mark = url.indexOf('?');
  const [path, queryString] = mark === -1 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)];
  const list = `${originOf(request)}${path.endsWith('/') ? path : `${path}/`}`;
  return metaOf(list, otherParameters(queryString), paging, total);
};

/** One page of a list, its rows turned into items together, so that one further read serves all. */
export const listing =
  (
    request: FastifyRequest<{ Querystring: PagingQuery }>,
    reader: Reader,
    wanted: Wanted,
    itemsOf: (rows: ReadonlyArray<Row>) => TaskEither<StoreFailure, ReadonlyArray<JsonText>>,
  ): TaskEither<Problem, Answer> =>
  async () => {
    const paging = pagingOf(request.query);
    const page = async (): Read<JsonText> => {
      const found = await rowsOf(reader, wanted, paging);
      if (E.isLeft(found)) return found;
      const { rows, total } = found.right;
      const items = await itemsOf(rows)();
      if (E.isLeft(items)) return items;
      const meta = JSON.stringify(metaFor(request, paging, total));
      return E.right(`{"items":${jsonList(items.right)},"meta":${meta}}`);
    };
    const read = await at(reader, page);
    if (E.isLeft(read)) return E.left(storeProblem(read.left));
    const [body, position] = read.right;
    return E.right({ body, position });
  };

const oneOf =
  (
    reader: Reader,
    rowOf: () => Read<Row | undefined>,
    missing: string,
    bodyOf: (row: Row) => TaskEither<StoreFailure, JsonText>,
  ): TaskEither<Problem, Answer> =>
  async () => {
    const found = async (): Read<JsonText | undefined> => {
      const row = await rowOf();
      if (E.isLeft(row)) return row;
      return row.right === undefined ? E.right(undefined) : bodyOf(row.right)();
    };
    const read = await at(reader, found);
    if (E.isLeft(read)) return E.left(storeProblem(read.left));
    const [body, position] = read.right;
    return body === undefined ? E.left(notFound(missing)) : E.right({ body, position });
  };

/** One row by its id, or a 404 with the given sentence. */
export const oneRow = (
  reader: Reader,
  id: string,
  missing: string,
  bodyOf: (row: Row) => TaskEither<StoreFailure, JsonText>,
): TaskEither<Problem, Answer> => oneOf(reader, reader.get(id), missing, bodyOf);

/** The first row that fits, or a 404 with the given sentence. */
export const firstRow = (
  reader: Reader,
  { where, orderBy }: Wanted,
  missing: string,
  bodyOf: (row: Row) => TaskEither<StoreFailure, JsonText>,
): TaskEither<Problem, Answer> => {
  const first = async (): Read<Row | undefined> =>
    E.map(([row]: ReadonlyArray<Row>) => row)(
      await reader.find({ where, orderBy, offset: 0, limit: 1 })(),
    );
  return oneOf(reader, first, missing, bodyOf);
};
