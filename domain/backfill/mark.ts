import type { BackfillEvent } from './events.ts';

/** Where an interrupted backfill goes on: after this page, whose last build has this id. */
export type Mark = {
  readonly page: number;
  readonly lastId: number;
  readonly done: number;
  readonly recorded: number;
};

/** Where to go on after the last event of the stream; undefined is at the beginning. */
export const markAfter = (last: BackfillEvent | undefined, perPage: number): Mark | undefined => {
  if (last?.type !== 'BackfillAdvanced' || last.perPage !== perPage) return undefined;
  const { page, lastId, done, recorded } = last;
  return { page, lastId, done, recorded };
};
