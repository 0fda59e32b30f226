import * as E from 'fp-ts/lib/Either.js';
import type { Mbs } from '../../clients/mbs/port.ts';
import type { ModuleContents } from '../../domain/module/events.ts';
import type { Hand } from '../../event-log/carry-out.ts';
import type { Hindrance } from '../../sagas/act.ts';
import { recordContents } from '../../sagas/record-contents.ts';
import type { Course, Walked } from './backfill.ts';
import { perPage, walk } from './backfill.ts';

export type Progress = Walked & {
  /** Builds of MBS whose contents could not be read, so far. */
  readonly unreadable: ReadonlyArray<string>;
};

const context = { correlationId: 'backfill-modules' };

type Pages = Pick<Mbs, 'readyPage'>;
type Backfill = { readonly hand: Hand; readonly mbs: Pages };

const firstOf =
  ({ mbs }: Backfill) =>
  async (page: number): Promise<E.Either<Hindrance, number | undefined>> => {
    const found = await mbs.readyPage(page, perPage)();
    if (E.isRight(found)) return E.right(found.right.builds[0]?.buildId);
    return found.left.code === 'mbs-missing' ? E.right(undefined) : found;
  };

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

const onePage =
  ({ hand, mbs }: Backfill) =>
  async (before: Progress): Promise<E.Either<Hindrance, Progress>> => {
    const page = await mbs.readyPage(before.page + 1, perPage)();
    if (E.isLeft(page)) return page;
    const { pages, total, builds, unreadable = [] } = page.right;
    const recorded = await recordAll(hand, builds);
    if (E.isLeft(recorded)) return recorded;
    return E.right({
      ...{ before: before.before, page: before.page + 1, pages, total },
      done: before.done + builds.length + unreadable.length,
      recorded: before.recorded + recorded.right,
      lastId: Math.max(before.lastId, ...builds.map(({ buildId }) => buildId)),
      unreadable: [...before.unreadable, ...unreadable.map(({ reason }) => reason)],
    });
  };

/**
 * Records the contents of every ready module of MBS that is not on record yet. May be interrupted
 * and run again at any time: what is on record already is passed over. `report` is waited for after
 * each page.
 */
export const backfillModules = (
  backfill: Backfill,
  report: (progress: Progress) => unknown,
  course: Course = {},
): Promise<E.Either<Hindrance, Progress>> =>
  walk(
    {
      firstOf: firstOf(backfill),
      begin: (walked): Progress => ({ ...walked, unreadable: [] }),
      onePage: onePage(backfill),
    },
    report,
    course,
  );
