import * as E from 'fp-ts/lib/Either.js';
import type { Mbs } from '../../clients/mbs/port.ts';
import type { Hand } from '../../event-log/carry-out.ts';
import type { Hindrance } from '../../sagas/act.ts';
import { recordContents } from '../../sagas/record-contents.ts';

export type Progress = {
  readonly page: number;
  readonly pages: number;
  readonly total: number;
  readonly done: number;
  readonly recorded: number;
};

const perPage = 100;
const context = { correlationId: 'backfill-modules' };

/**
 * Records the contents of every ready module of MBS that is not on record yet. May be interrupted
 * and run again at any time: what is on record already is passed over.
 */
export const backfillModules = async (
  { hand, mbs }: { readonly hand: Hand; readonly mbs: Pick<Mbs, 'readyPage'> },
  report: (progress: Progress) => void,
): Promise<E.Either<Hindrance, Progress>> => {
  let progress: Progress = { page: 0, pages: 1, total: 0, done: 0, recorded: 0 };
  while (progress.page < progress.pages) {
    const page = await mbs.readyPage(progress.page + 1, perPage)();
    if (E.isLeft(page)) return page;
    const outcomes = await Promise.all(
      page.right.builds.map((contents) => recordContents(hand, context, contents)),
    );
    const failed = outcomes.find(E.isLeft);
    if (failed !== undefined) return failed;
    const news = outcomes.filter((one) => E.isRight(one) && one.right === 'recorded').length;
    const { pages, total, builds } = page.right;
    progress = {
      ...{ page: progress.page + 1, pages, total },
      done: progress.done + builds.length,
      recorded: progress.recorded + news,
    };
    report(progress);
  }
  return E.right(progress);
};
