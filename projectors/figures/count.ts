import type { Durations, DurationsRow, TotalRow } from './row.ts';
import { bucketsOf, keyOf } from './row.ts';

const none: TotalRow = { counts: {} };

/** The totals with `more` (1 unless given) of one combination of label values. */
export const counted = (
  { counts }: TotalRow = none,
  values: ReadonlyArray<string>,
  more = 1,
): TotalRow => {
  const key = keyOf(values);
  return { counts: { ...counts, [key]: (counts[key] ?? 0) + more } };
};

/** Milliseconds from one ISO time to another; none where clocks of two machines disagree. */
const between = (from: string, to: string): number =>
  Math.max(0, Date.parse(to) - Date.parse(from));

/** The durations with one more, from one ISO time to another. */
export const timed = (
  row: DurationsRow | undefined,
  span: keyof typeof bucketsOf,
  values: ReadonlyArray<string>,
  [from, to]: readonly [string, string],
): DurationsRow => {
  const ends = bucketsOf[span];
  const key = keyOf(values);
  const empty: Durations = { buckets: [...ends.map(() => 0), 0], sum: 0 };
  const { buckets, sum } = row?.spans[key] ?? empty;
  const took = between(from, to);
  const fits = ends.findIndex((end) => took <= end * 1000);
  const bucket = fits === -1 ? ends.length : fits;
  const after = buckets.map((count, index) => (index === bucket ? count + 1 : count));
  return { spans: { ...row?.spans, [key]: { buckets: after, sum: sum + took } } };
};
