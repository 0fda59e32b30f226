import * as E from 'fp-ts/lib/Either.js';
import type { Mbs } from '../../clients/mbs/port.ts';
import type { Mark } from '../../domain/backfill/mark.ts';
import type { ModuleContents } from '../../domain/module/events.ts';
import type { Hand } from '../../event-log/carry-out.ts';
import type { Hindrance } from '../../sagas/act.ts';
import { recordContents } from '../../sagas/record-contents.ts';

export type Progress = {
  readonly page: number;
  readonly pages: number;
  readonly total: number;
  readonly done: number;
  readonly recorded: number;
  /** Id in MBS of the last build looked at. */
  readonly lastId: number;
  /** Builds of MBS whose contents could not be read, so far. */
  readonly unreadable: ReadonlyArray<string>;
};

/** Builds asked for, and recorded, at a time. */
export const perPage = 100;
const context = { correlationId: 'backfill-modules' };

type Pages = Pick<Mbs, 'readyPage'>;
type Backfill = { readonly hand: Hand; readonly mbs: Pages };

export type Course = {
  /** Where an earlier run stopped. */
  readonly from?: Mark;
  /** Once aborted, it ends after the page under way. */
  readonly signal?: AbortSignal;
};

/**
 * The page to go on with. Builds may have left MBS's list since, which moves later ones to earlier
 * pages: the page must begin at or before the last build looked at, so that none is passed over.
 */
const startingPage = async (
  mbs: Pages,
  from: Mark | undefined,
): Promise<E.Either<Hindrance, number>> => {
  if (from === undefined) return E.right(1);
  for (let page = from.page; page > 1; page -= 1) {
    const found = await mbs.readyPage(page, perPage)();
    if (E.isLeft(found) && found.left.code !== 'mbs-missing') return found;
    const first = E.isRight(found) ? found.right.builds[0] : undefined;
    if (first !== undefined && first.buildId <= from.lastId) return E.right(page);
  }
  return E.right(1);
};

type Resumed = Pick<Mark, 'lastId' | 'recorded'>;
const fresh: Resumed = { lastId: 0, recorded: 0 };

const recordAll = async (
  hand: Hand,
  builds: ReadonlyArray<ModuleContents>,
): Promise<E.Either<Hindrance, number>> => {
  const outcomes = await Promise.all(
    builds.map((contents) => recordContents(hand, context, contents)),
  );
  const failed = outcomes.find(E.isLeft);
  if (failed !== undefined) return failed;
  return E.right(outcomes.filter((one) => E.isRight(one) && one.right === 'recorded').length);
};

const onePage = async (
  { hand, mbs }: Backfill,
  before: Progress,
): Promise<E.Either<Hindrance, Progress>> => {
  const page = await mbs.readyPage(before.page + 1, perPage)();
  if (E.isLeft(page)) return page;
  const { pages, total, builds, unreadable = [] } = page.right;
  const recorded = await recordAll(hand, builds);
  if (E.isLeft(recorded)) return recorded;
  return E.right({
    ...{ page: before.page + 1, pages, total },
    done: before.done + builds.length + unreadable.length,
    recorded: before.recorded + recorded.right,
    lastId: Math.max(before.lastId, ...builds.map(({ buildId }) => buildId)),
    unreadable: [...before.unreadable, ...unreadable.map(({ reason }) => reason)],
  });
};

const resumed = (page: number, { lastId, recorded }: Resumed = fresh): Progress => ({
  ...{ page: page - 1, pages: page, total: 0, lastId, recorded, unreadable: [] },
  done: (page - 1) * perPage,
});

/**
 * Records the contents of every ready module of MBS that is not on record yet. May be interrupted
 * and run again at any time: what is on record already is passed over. `report` is waited for after
 * each page.
 */
export const backfillModules = async (
  backfill: Backfill,
  report: (progress: Progress) => unknown,
  { from, signal }: Course = {},
): Promise<E.Either<Hindrance, Progress>> => {
  const first = await startingPage(backfill.mbs, from);
  if (E.isLeft(first)) return first;
  let progress = resumed(first.right, from);
  while (progress.page < progress.pages && signal?.aborted !== true) {
    const next = await onePage(backfill, progress);
    if (E.isLeft(next)) return next;
    progress = next.right;
    await report(progress);
  }
  return E.right(progress);
};
