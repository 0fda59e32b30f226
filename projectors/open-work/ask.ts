import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { start } from '../../event-log/event-log.ts';
import type { Reader, Row, StoreFailure } from '../read-models.ts';
import type { WorkRow } from './row.ts';

const ids = (rows: ReadonlyArray<Row>): ReadonlyArray<string> => rows.map(({ id }) => id);

/** Streams of a saga with work due at `now` (ISO), longest due first. */
export const dueWork =
  (reader: Reader) =>
  (
    saga: WorkRow['saga'],
    now: string,
    { offset, limit }: { readonly offset: number; readonly limit: number },
  ): TE.TaskEither<StoreFailure, ReadonlyArray<string>> =>
    TE.map(ids)(
      reader.find({
        where: [
          { field: 'saga', in: [saga] },
          { field: 'due', atMost: now },
        ],
        orderBy: [{ field: 'due' }],
        offset,
        limit,
      }),
    );

/** How many artifacts have an open, unblocked claim of a trigger (its stream's name). */
export const openClaims =
  (reader: Reader) =>
  (trigger: string): TE.TaskEither<StoreFailure, number> =>
    reader.count([{ field: 'claims', in: [trigger] }]);

/** Streams that wait for one of these streams of artifacts and composes. */
export const waitingFor =
  (reader: Reader) =>
  (streams: ReadonlyArray<string>): TE.TaskEither<StoreFailure, ReadonlyArray<string>> =>
    TE.map(ids)(
      reader.find({
        where: [{ field: 'waitsFor', in: streams }],
        orderBy: [],
        offset: 0,
        limit: 100_000,
      }),
    );

/** Trigger streams that want to hear of what happened to these artifact streams. */
export const toldBy =
  (reader: Reader) =>
  (streams: ReadonlyArray<string>): TE.TaskEither<StoreFailure, ReadonlyArray<string>> =>
    TE.map((rows: ReadonlyArray<Row | undefined>) => [
      ...new Set(rows.flatMap((row) => (row === undefined ? [] : (row.body as WorkRow).tells))),
    ])(TE.traverseSeqArray(reader.get)(streams));

/** The stream of the compose with this id in ODCS, while it is followed; undefined where none is ours. */
export const composeStreamOf =
  (reader: Reader) =>
  (composeId: number): TE.TaskEither<StoreFailure, string | undefined> =>
    TE.map((rows: ReadonlyArray<Row>) => rows[0]?.id)(
      reader.find({
        where: [{ field: 'composeId', in: [composeId] }],
        orderBy: [],
        offset: 0,
        limit: 1,
      }),
    );

/** A build that may be an image and of which Koji has not been asked yet. */
export type UnknownImage = {
  /** The stream of its contents. */
  readonly stream: string;
  /** Where in the log it was heard of, and when (ISO). */
  readonly position: string;
  readonly since: string;
};

/** What is not known of images yet, of any number of builds the first thousand. */
export const unknownImages =
  (
    reader: Reader,
  ): TE.TaskEither<
    StoreFailure,
    { readonly asOf: string; readonly builds: ReadonlyArray<UnknownImage> }
  > =>
  async () => {
    const checkpoint = await reader.checkpoint()();
    if (E.isLeft(checkpoint)) return checkpoint;
    const where = [{ field: 'saga', in: ['contents'] }];
    const orderBy = [{ field: 'due' }];
    const rows = await reader.find({ where, orderBy, offset: 0, limit: 1000 })();
    if (E.isLeft(rows)) return rows;
    const builds = rows.right.map(({ id: stream, pos: position, body }) => {
      return { stream, position, since: (body as WorkRow).due ?? '' };
    });
    return E.right({ asOf: checkpoint.right?.position ?? start, builds });
  };
