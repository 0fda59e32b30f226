import * as t from 'io-ts';
import { Count } from '../codec.ts';

/** What is on record of a backfill, page by page of the list of builds of MBS or Koji. */
const made = {
  perPage: Count,
  /** Builds looked at and newly recorded since this backfill began. */
  done: Count,
  recorded: Count,
};

/** Everything up to this page, whose last build has this id, is on record. */
export const BackfillAdvanced = t.strict(
  { type: t.literal('BackfillAdvanced'), page: Count, lastId: Count, ...made },
  'BackfillAdvanced',
);

/** The last page is on record; the next backfill begins anew. */
export const BackfillCompleted = t.strict(
  { type: t.literal('BackfillCompleted'), ...made },
  'BackfillCompleted',
);

export const BackfillEvent = t.union([BackfillAdvanced, BackfillCompleted]);
export type BackfillEvent = t.TypeOf<typeof BackfillEvent>;

/** Where the backfill of modules notes how far it is. */
export const modulesBackfillStream = 'operator-backfill-modules';
/** Where the backfill of images does. */
export const imagesBackfillStream = 'operator-backfill-images';
