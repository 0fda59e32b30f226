import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { ImageStream } from '../../domain/image/holder.ts';
import { start } from '../../event-log/event-log.ts';
import type { Reader, Row, StoreFailure, Where } from '../read-models.ts';
import type { StreamRow } from './row.ts';

export type Asked<A> = Promise<E.Either<StoreFailure, A>>;
/** An answer and the log position it has seen, or more. */
export type Found<A> = TaskEither<StoreFailure, { readonly asOf: string } & A>;

const pageSize = 1000;

/** Every row that fits; none is missed that was there before, as rows are never removed. */
export const findAll = async (
  reader: Reader,
  where: ReadonlyArray<Where>,
): Asked<ReadonlyArray<Row>> => {
  const all = new Map<string, Row>();
  for (let offset = 0; ; offset += pageSize) {
    const rows = await reader.find({ where, orderBy: [], offset, limit: pageSize })();
    if (E.isLeft(rows)) return rows;
    for (const row of rows.right) all.set(row.id, row);
    if (rows.right.length < pageSize) return E.right([...all.values()]);
  }
};

export const keyed = (keys: ReadonlyArray<string>): ReadonlyArray<Where> => [
  { field: 'keys', in: keys },
];

/** Where the model stands: read before what is asked, so that the answer is at least as new. */
export const positionOf = async (reader: Reader): Asked<string> =>
  E.map((checkpoint: { readonly position: string } | undefined) => checkpoint?.position ?? start)(
    await reader.checkpoint()(),
  );

export const streamOf = ({ body }: Row): ImageStream => {
  const { artifact, name, branch, namespace, target, newest } = body as StreamRow;
  const { nvr, buildId, parentNvr, arches } = newest;
  return { artifact, name, branch, namespace, target, newest: { nvr, buildId, parentNvr, arches } };
};
