import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { Count } from '../../domain/codec.ts';
import type { ModuleContents } from '../../domain/module/events.ts';
import { read, unreadable, type Answer } from './answer.ts';
import { contentsOf } from './contents.ts';
import type { MbsFailure, ModuleBuild } from './port.ts';
import { commitIn, Row } from './row.ts';

/** Whole rows are decoded one by one, so that a bad one does not hide the others. */
const Page = t.type(
  { items: t.readonlyArray(t.unknown), meta: t.type({ pages: Count, total: Count }) },
  'page of module builds',
);
const RowsPage = t.type(
  { items: t.readonlyArray(Row), meta: t.type({ pages: Count }) },
  'page of module builds',
);

const stateNames = ['init', 'wait', 'build', 'done', 'failed', 'ready', 'garbage'];

/** A row in our words. */
export const moduleBuild = (row: Row): ModuleBuild => ({
  id: row.id,
  name: row.name,
  stream: row.stream,
  version: row.version === null || row.version === undefined ? null : String(row.version),
  context: row.context ?? null,
  state: row.state,
  stateName: row.state_name ?? stateNames[row.state] ?? `state ${row.state}`,
  stateReason: row.state_reason ?? null,
  commit: commitIn(row.scmurl),
});

const map =
  <A, B>(change: (value: A) => B) =>
  (decoded: E.Either<MbsFailure, A>): E.Either<MbsFailure, B> =>
    E.map(change)(decoded);

/** One row; also the answer of API v1 to a submission. */
export const readRow = (answer: Answer): E.Either<MbsFailure, ModuleBuild> =>
  map(moduleBuild)(read(Row)(answer));

/** The answer of API v2 to a submission: every row made of the commit. */
export const readSubmitted = (answer: Answer): E.Either<MbsFailure, ReadonlyArray<ModuleBuild>> => {
  const decoded = read(t.readonlyArray(Row, 'list of module builds'))(answer);
  if (E.isRight(decoded) && decoded.right.length === 0) {
    return E.left(unreadable(answer, 'a list of module builds was expected, and it is empty'));
  }
  return map((rows: ReadonlyArray<Row>) => rows.map(moduleBuild))(decoded);
};

export type RowsOnPage = { readonly rows: ReadonlyArray<ModuleBuild>; readonly pages: number };

/** One page of a list of rows. */
export const readRows = (answer: Answer): E.Either<MbsFailure, RowsOnPage> =>
  map((page: t.TypeOf<typeof RowsPage>) => ({
    rows: page.items.map(moduleBuild),
    pages: page.meta.pages,
  }))(read(RowsPage)(answer));

/** A verbose row, as what the module holds. */
export const readContents = (answer: Answer): E.Either<MbsFailure, ModuleContents> => {
  const row = read(Row)(answer);
  if (E.isLeft(row)) return row;
  return E.mapLeft((why: string) => unreadable(answer, why))(contentsOf(row.right));
};

export type ContentsOnPage = {
  readonly builds: ReadonlyArray<ModuleContents>;
  readonly unreadable: ReadonlyArray<{ readonly id: number | null; readonly reason: string }>;
  readonly pages: number;
  readonly total: number;
};

const idOf = (item: unknown): number | null => {
  const decoded = t.type({ id: Count }).decode(item);
  return E.isRight(decoded) ? decoded.right.id : null;
};

const contentsOfItem = (item: unknown): E.Either<string, ModuleContents> => {
  const row = Row.decode(item);
  return E.isRight(row) ? contentsOf(row.right) : E.left('not a row of module builds');
};

/** One page of verbose rows. A row that cannot be read is named beside those that can. */
export const readContentsPage = (answer: Answer): E.Either<MbsFailure, ContentsOnPage> => {
  const page = read(Page)(answer);
  if (E.isLeft(page)) return page;
  const builds: Array<ModuleContents> = [];
  const faults: Array<{ readonly id: number | null; readonly reason: string }> = [];
  for (const item of page.right.items) {
    const contents = contentsOfItem(item);
    if (E.isRight(contents)) builds.push(contents.right);
    else faults.push({ id: idOf(item), reason: contents.left });
  }
  const { pages, total } = page.right.meta;
  return E.right({ builds, unreadable: faults, pages, total });
};
