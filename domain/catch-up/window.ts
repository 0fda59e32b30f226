/** What is fetched: sent from `from` to `to`, ISO 8601 UTC, both included. */
export type Window = {
  readonly from: string;
  readonly to: string;
  /** Where the gap begins, when it is too long to be fetched by itself; null when it is not. */
  readonly leftOutFrom: string | null;
};

/** All in milliseconds. */
export type WindowRules = {
  /** Fetched once more before the beginning: what is stored late, or by a clock that is behind. */
  readonly overlap: number;
  /** How much of the past is fetched by itself. */
  readonly longest: number;
  /** What was sent so lately may not be stored yet. */
  readonly settle: number;
};

/** Unix milliseconds. */
export type Known = {
  readonly now: number;
  /** When the log was created: for what was sent before, this installation was never there. */
  readonly logBegan: number;
  /** The end of what was fetched already. */
  readonly coveredTo: number | null;
};

/** As a `Window`, in Unix milliseconds. */
export type Span = {
  readonly from: number;
  readonly to: number;
  readonly leftOutFrom: number | null;
};

/**
 * What is still to be fetched; undefined when nothing is. Windows tile time: each begins where the
 * last complete one ended, so that a message dropped anywhere is found, also one sent before others
 * that came through. What live sources brought proves nothing of what they did not. A `coveredTo`
 * further ahead than the overlap was written by a clock that was wrong, and does not count.
 */
export const spanFor = (
  { now, logBegan, coveredTo }: Known,
  { overlap, longest, settle }: WindowRules,
): Span | undefined => {
  const isCredible = coveredTo !== null && coveredTo - overlap <= now;
  const since = isCredible ? coveredTo : logBegan;
  const earliest = now - longest;
  const from = Math.max(since - overlap, earliest);
  const to = now - settle;
  if (from >= to || (isCredible && to <= coveredTo)) return undefined;
  return { from, to, leftOutFrom: since < earliest ? since : null };
};

const day = 86_400_000;

/** Where the part of a span ends that begins here: a day on, since late pages of long lists are slow. */
export const partEnd = (partFrom: number, to: number): number => Math.min(partFrom + day, to);

/** How much of a span is done, from 0 up to 1, when so many pages of one part of it are. */
export const shareDone = (
  { from, to }: Pick<Span, 'from' | 'to'>,
  part: {
    readonly from: number;
    readonly to: number;
    readonly page: number;
    readonly pages: number;
  },
): number => {
  const ofPart = part.pages === 0 ? 1 : Math.min(1, part.page / part.pages);
  return to <= from ? 1 : (part.from - from + (part.to - part.from) * ofPart) / (to - from);
};
