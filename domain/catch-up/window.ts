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

export type Clock = {
  readonly now: string;
  /** When the log was created: for what was sent before, this installation was never there. */
  readonly logBegan: string;
};

const at = (time: string): number => Date.parse(time);
const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** The time up to which messages count as stored. */
export const settledAt = (now: string, { settle }: Pick<WindowRules, 'settle'>): string =>
  iso(at(now) - settle);

/**
 * What is still to be fetched. Windows tile time: each begins where the last complete one ended, so
 * that a message dropped anywhere is found, also one sent before others that came through. What live
 * sources brought proves nothing of what they did not. A `coveredTo` in the future was written by a
 * clock that was wrong, and does not count.
 */
export const windowFor = (
  coveredTo: string | null,
  { now, logBegan }: Clock,
  rules: WindowRules,
): Window => {
  const since = coveredTo === null || coveredTo > now ? logBegan : coveredTo;
  const earliest = at(now) - rules.longest;
  return {
    from: iso(Math.max(at(since) - rules.overlap, earliest)),
    to: settledAt(now, rules),
    leftOutFrom: at(since) < earliest ? since : null,
  };
};

const day = 86_400_000;

/** The part of a window that begins here: at most a day, since late pages of long lists are slow. */
export const partOf = (partFrom: string, to: string): { partFrom: string; partTo: string } => ({
  partFrom,
  partTo: iso(Math.min(at(partFrom) + day, at(to))),
});

/** How much of a window is done, from 0 up to 1. */
export const shareDone = (
  { from, to }: Pick<Window, 'from' | 'to'>,
  progress: {
    readonly partFrom: string;
    readonly partTo: string;
    readonly page: number;
    readonly pages: number;
  },
): number => {
  const whole = at(to) - at(from);
  if (whole <= 0) return 1;
  const { partFrom, partTo, page, pages } = progress;
  const ofPart = pages === 0 ? 1 : Math.min(1, page / pages);
  return (at(partFrom) - at(from) + (at(partTo) - at(partFrom)) * ofPart) / whole;
};
