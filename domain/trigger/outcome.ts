import type { ArtifactState } from '../artifact/state.ts';
import { isBlocked } from '../artifact/state.ts';
import type { Counts, TriggerEvent } from './events.ts';

type Outcome = Extract<TriggerEvent, { readonly type: 'TriggerConcluded' }>['outcome'];
type Standing = keyof Counts | 'open';

/** How one artifact of a wave stands towards the trigger. */
export const standingOf = (state: ArtifactState, trigger: string): Standing => {
  const claim = state.causes[trigger];
  if (claim === undefined) return 'open';
  switch (claim.status) {
    case 'open':
      return isBlocked(claim) ? 'blocked' : 'open';
    case 'fulfilled':
      return state.rehearsal ? 'rehearsed' : 'succeeded';
    case 'failed':
      return 'failed';
    case 'withdrawn':
      return 'withdrawn';
  }
};

export const countStandings = (standings: ReadonlyArray<Standing>): Counts => {
  const count = (which: Standing): number => standings.filter((one) => one === which).length;
  return {
    succeeded: count('succeeded'),
    failed: count('failed'),
    blocked: count('blocked'),
    withdrawn: count('withdrawn'),
    rehearsed: count('rehearsed'),
  };
};

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** What a finished wave comes to: only a wave without any failure has succeeded. */
export const outcomeOf = (
  counts: Counts,
): { readonly outcome: Outcome; readonly code: string; readonly reason: string } => {
  const { succeeded, failed, blocked, withdrawn, rehearsed } = counts;
  const all = succeeded + failed + blocked + withdrawn + rehearsed;
  if (rehearsed > 0) {
    const reason = `Rehearsal: ${plural(rehearsed, 'build')} would be requested; nothing was called.`;
    return { outcome: 'rehearsed', code: 'rehearsed', reason };
  }
  if (failed + blocked > 0) {
    const parts = [
      `${failed} failed`,
      ...(blocked > 0 ? [`${blocked} blocked by them`] : []),
      ...(withdrawn > 0 ? [`${withdrawn} withdrawn`] : []),
    ];
    const reason = `${succeeded} of ${plural(all, 'build')} succeeded, ${parts.join(', ')}.`;
    return { outcome: 'failed', code: succeeded > 0 ? 'partly-failed' : 'all-failed', reason };
  }
  if (succeeded === 0) {
    const reason = 'Every claim was withdrawn before it was built.';
    return { outcome: 'nothing-to-do', code: 'all-withdrawn', reason };
  }
  const reason = succeeded === 1 ? 'The build succeeded.' : `All ${succeeded} builds succeeded.`;
  return { outcome: 'succeeded', code: 'all-succeeded', reason };
};
