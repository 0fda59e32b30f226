import type { ReconcileState } from '../../domain/reconcile/state.ts';

/** Milliseconds after a run that came to nothing until the next one is due, at most. */
const soon = 60_000;

/**
 * When the next run is due, in Unix milliseconds, from what is on record alone: `every` milliseconds
 * after the newest completed one began, or, before the first, after the log itself did (`since`,
 * ISO); sooner after one that was abandoned.
 */
export const dueAt = (
  { completedFrom, abandonedAt }: ReconcileState,
  since: string,
  every: number,
): number =>
  abandonedAt === null
    ? Date.parse(completedFrom ?? since) + every
    : Date.parse(abandonedAt) + Math.min(every, soon);
