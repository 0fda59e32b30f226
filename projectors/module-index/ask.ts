import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { start } from '../../event-log/event-log.ts';
import type { Reader, Row, StoreFailure } from '../read-models.ts';
import type { ModuleContext, ModuleRow } from './row.ts';
import { holds } from './row.ts';

/** One module stream, by the newest of its builds that answers the question. */
export type FoundModule = {
  readonly name: string;
  readonly stream: string;
  readonly version: string;
  readonly buildId: number;
  readonly commit: string | null;
  readonly context: string;
};

/** `asOf`: the log position up to which the index had been told, or further, when it was asked. */
export type Found = { readonly asOf: string; readonly modules: ReadonlyArray<FoundModule> };

const pageSize = 1000;

const findAll = async (
  reader: Reader,
  field: string,
  value: string,
): Promise<E.Either<StoreFailure, ReadonlyArray<Row>>> => {
  const all: Array<Row> = [];
  const where = [{ field, in: [value] }];
  for (;;) {
    const query = { where, orderBy: [], offset: all.length, limit: pageSize };
    const rows = await reader.find(query)();
    if (E.isLeft(rows)) return rows;
    all.push(...rows.right);
    if (rows.right.length < pageSize) return E.right(all);
  }
};

/** The checkpoint is read first: the answer may know more than it says, never less. */
const asOfThen = async <A>(
  reader: Reader,
  ask: () => Promise<E.Either<StoreFailure, A>>,
): Promise<E.Either<StoreFailure, readonly [string, A]>> => {
  const checkpoint = await reader.checkpoint()();
  if (E.isLeft(checkpoint)) return checkpoint;
  const answer = await ask();
  if (E.isLeft(answer)) return answer;
  return E.right([checkpoint.right?.position ?? start, answer.right]);
};

const found = (
  { body }: Row,
  answers: (context: ModuleContext) => boolean,
): ReadonlyArray<FoundModule> => {
  const { name, stream, commit, contexts } = body as ModuleRow;
  const [newest] = Object.entries(contexts)
    .filter(([, context]) => answers(context))
    .sort(([, one], [, other]) => other.buildId - one.buildId);
  if (newest === undefined) return [];
  const [context, { buildId, version }] = newest;
  return [{ name, stream, version, buildId, commit, context }];
};

const ask =
  (
    reader: Reader,
    field: string,
    value: string,
    answers: (context: ModuleContext) => boolean,
  ): TaskEither<StoreFailure, Found> =>
  async () => {
    const answer = await asOfThen(reader, () => findAll(reader, field, value));
    if (E.isLeft(answer)) return answer;
    const [asOf, rows] = answer.right;
    return E.right({ asOf, modules: rows.flatMap((row) => found(row, answers)) });
  };

/** Module streams whose newest commit holds this RPM from this branch, in order of their names. */
export const holding =
  (reader: Reader) =>
  (rpm: string, ref: string): TaskEither<StoreFailure, Found> =>
    ask(reader, 'holds', holds(rpm, ref), ({ components }) =>
      components.some((component) => component.package === rpm && component.ref === ref),
    );

/** Module streams whose newest commit was built with `name:stream`, in order of their names. */
export const dependents =
  (reader: Reader) =>
  (nameStream: string): TaskEither<StoreFailure, Found> =>
    ask(reader, 'buildRequires', nameStream, ({ buildRequires }) =>
      buildRequires.includes(nameStream),
    );

/** What is known of one module stream; undefined while nothing is. */
export const moduleStream =
  (reader: Reader) =>
  (
    name: string,
    stream: string,
  ): TaskEither<StoreFailure, { readonly asOf: string; readonly module: ModuleRow | undefined }> =>
  async () => {
    const answer = await asOfThen(reader, reader.get(`${name}:${stream}`));
    if (E.isLeft(answer)) return answer;
    const [asOf, row] = answer.right;
    return E.right({ asOf, module: row?.body as ModuleRow | undefined });
  };
