import * as t from 'io-ts';
import { Count, textOrNull, texts } from '../codec.ts';

const Why = t.union(
  [t.literal('gap'), t.literal('reconcile'), t.literal('order')],
  'gap, reconcile or order',
);

/** Until the deadline (ISO 8601 UTC) only the owner goes on with a run. */
const held = { run: Count, owner: t.string, deadline: t.string };

/**
 * From here on the messages sent from `from` to `to` (ISO 8601 UTC, both included) are fetched.
 * `topics`: whole ones, all there are when empty; whoever goes on asks for the same. `leftOutFrom`: the gap is longer than is fetched by itself, and begins here. `by`: who ordered it.
 */
export const CatchUpBegun = t.strict(
  {
    ...{ type: t.literal('CatchUpBegun'), ...held, why: Why, from: t.string, to: t.string },
    ...{ topics: texts, leftOutFrom: textOrNull, by: textOrNull },
  },
  'CatchUpBegun',
);

/** The owner let go, or made no progress until its deadline: somebody goes on where it was. */
export const CatchUpTakenOver = t.strict(
  { type: t.literal('CatchUpTakenOver'), ...held },
  'CatchUpTakenOver',
);

/**
 * Everything sent before `partFrom` is on record, and of what was sent from there to `partTo` so
 * many pages. `missed`: messages that were not on record before; counts are since the run began.
 */
export const CatchUpAdvanced = t.strict(
  {
    ...{ type: t.literal('CatchUpAdvanced'), ...held, partFrom: t.string, partTo: t.string },
    ...{ page: Count, pages: Count, messages: Count, missed: Count },
  },
  'CatchUpAdvanced',
);

/** The whole window is on record. */
export const CatchUpCompleted = t.strict(
  {
    ...{ type: t.literal('CatchUpCompleted'), run: Count },
    ...{ messages: Count, missed: Count, seenBefore: Count },
  },
  'CatchUpCompleted',
);

/** It cannot be done as it was begun; the next one begins anew, with all this one was to fetch. */
export const CatchUpAbandoned = t.strict(
  { type: t.literal('CatchUpAbandoned'), run: Count, code: t.string, reason: t.string },
  'CatchUpAbandoned',
);

export const CatchUpEvent = t.union([
  CatchUpBegun,
  CatchUpTakenOver,
  CatchUpAdvanced,
  CatchUpCompleted,
  CatchUpAbandoned,
]);
export type CatchUpEvent = t.TypeOf<typeof CatchUpEvent>;
export type Why = t.TypeOf<typeof Why>;
