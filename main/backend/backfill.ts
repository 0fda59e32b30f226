import * as E from 'fp-ts/lib/Either.js';
import type { Mark } from '../../domain/backfill/mark.ts';
import type { Hindrance } from '../../sagas/act.ts';

/** Builds asked for, and recorded, at a time. */
export const perPage = 100;

/** How far a walk along all builds of a build system is. */
export type Walked = {
  readonly page: number;
  readonly pages: number;
  readonly total: number;
  /** Builds passed since the walk began, in this run or before it was interrupted. */
  readonly done: number;
  /** How many of those were passed before this run. */
  readonly before: number;
  /** How many of them were not on record before. */
  readonly recorded: number;
  /** Id of the last build looked at. */
  readonly lastId: number;
};

export type Course = {
  /** Where an earlier run stopped. */
  readonly from?: Mark;
  /** Once aborted, it ends after the page under way. */
  readonly signal?: AbortSignal;
};

/** Id of the first build of a page; undefined where the page is empty. */
type FirstOf = (page: number) => Promise<E.Either<Hindrance, number | undefined>>;

/**
 * The page to go on with. Builds may have left the list since, which moves later ones to earlier
 * pages: the page must begin at or before the last build looked at, so that none is passed over.
 */
const startingPage = async (
  firstOf: FirstOf,
  from: Mark | undefined,
): Promise<E.Either<Hindrance, number>> => {
  if (from === undefined) return E.right(1);
  for (let page = from.page; page > 1; page -= 1) {
    const first = await firstOf(page);
    if (E.isLeft(first)) return first;
    if (first.right !== undefined && first.right <= from.lastId) return E.right(page);
  }
  return E.right(1);
};

const resumed = (page: number, from: Mark | undefined): Walked => ({
  ...{ page: page - 1, pages: page, total: 0 },
  ...{ done: (page - 1) * perPage, before: (page - 1) * perPage },
  ...{ lastId: from?.lastId ?? 0, recorded: from?.recorded ?? 0 },
});

/**
 * Walks page by page until the last one or the signal. `report` is waited for after each page.
 * `onePage` looks at the page after the one it is given, and says how far things are then.
 */
export const walk = async <Progress extends Walked>(
  {
    firstOf,
    begin,
    onePage,
  }: {
    readonly firstOf: FirstOf;
    readonly begin: (walked: Walked) => Progress;
    readonly onePage: (before: Progress) => Promise<E.Either<Hindrance, Progress>>;
  },
  report: (progress: Progress) => unknown,
  { from, signal }: Course,
): Promise<E.Either<Hindrance, Progress>> => {
  const first = await startingPage(firstOf, from);
  if (E.isLeft(first)) return first;
  let progress = begin(resumed(first.right, from));
  while (progress.page < progress.pages && signal?.aborted !== true) {
    const next = await onePage(progress);
    if (E.isLeft(next)) return next;
    progress = next.right;
    await report(progress);
  }
  return E.right(progress);
};
