import * as E from 'fp-ts/lib/Either.js';
import type { Progress, Run } from '../../domain/catch-up/state.ts';
import { partEnd } from '../../domain/catch-up/window.ts';
import type { Realm } from '../../domain/stream-names.ts';
import type { Ingest } from '../append-message.ts';
import { appendAll, reasonOf } from '../append-all.ts';
import { readPage } from './read-page.ts';
import type { Search } from './search.ts';

export type WalkDeps = {
  readonly ingest: Ingest;
  readonly realm: Realm;
  readonly search: Search;
  /** Exact topics that a run is begun with; all when empty. */
  readonly topics: ReadonlyArray<string>;
};

export type Trouble = { readonly code: string; readonly reason: string };

/** The most datagrepper gives at once. */
const perPage = 100;

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();

const partFrom = (from: string, to: string): Pick<Progress, 'partFrom' | 'partTo'> => ({
  partFrom: from,
  partTo: iso(partEnd(Date.parse(from), Date.parse(to))),
});

/** Where a run begins, or goes on. */
export const beginningOf = ({ from, to, progress }: Run): Progress =>
  progress ?? { ...partFrom(from, to), page: 0, pages: 0, messages: 0, missed: 0 };

const onePage = async (
  deps: WalkDeps,
  { topics }: Run,
  before: Progress,
  signal: AbortSignal,
): Promise<E.Either<Trouble, Progress>> => {
  const page = before.page + 1;
  const [from, to] = [Date.parse(before.partFrom), Date.parse(before.partTo)];
  const question = { from, to, topics, page, rows: perPage };
  const found = await readPage(deps.search, question, signal);
  if (E.isLeft(found)) return found;
  const appended = await appendAll(deps.ingest, deps.realm, found.right.messages);
  if (E.isLeft(appended)) {
    return E.left({ code: appended.left.code, reason: reasonOf(appended.left) });
  }
  const missed = appended.right.filter((outcome) => outcome === 'appended').length;
  return E.right({
    ...before,
    ...{ page, pages: found.right.pages },
    messages: before.messages + found.right.messages.length,
    missed: before.missed + missed,
  });
};

const isDone = ({ page, pages }: Progress): boolean => page > 0 && page >= pages;

export type Walked = {
  readonly progress: Progress;
  /** False when the signal came first. */
  readonly isOver: boolean;
};

/**
 * Puts on record what was sent in the window of a run, part by part and page by page; start and end
 * are fixed, lest pages shift while they are read. `tell` is waited for after each page; a left from
 * it ends the walk, and so does the signal.
 */
export const walk = async (
  deps: WalkDeps,
  run: Run,
  tell: (progress: Progress) => Promise<E.Either<Trouble, unknown>>,
  signal: AbortSignal,
): Promise<E.Either<Trouble & { readonly progress: Progress }, Walked>> => {
  let progress = beginningOf(run);
  const isStopped = (): boolean => signal.aborted;
  while (!isStopped()) {
    const next = isDone(progress) ? E.right(progress) : await onePage(deps, run, progress, signal);
    if (isStopped() && E.isLeft(next)) break;
    if (E.isLeft(next)) return E.left({ ...next.left, progress });
    progress = next.right;
    const told = await tell(progress);
    if (E.isLeft(told)) return E.left({ ...told.left, progress });
    if (!isDone(progress)) continue;
    if (progress.partTo >= run.to) return E.right({ progress, isOver: true });
    progress = { ...progress, ...partFrom(progress.partTo, run.to), page: 0, pages: 0 };
  }
  return E.right({ progress, isOver: false });
};
