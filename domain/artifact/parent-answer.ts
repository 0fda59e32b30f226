import type { ParentAnswer } from './commands.ts';
import type { ArtifactState } from './state.ts';
import { isBlocked } from './state.ts';

/**
 * What a parent's stream answers a child that waits for it because of a trigger: a build of the
 * parent succeeded that answers the same trigger or began after it; or none is to be expected for
 * now, with the code; or nothing yet.
 */
export const parentAnswer = (
  parent: ArtifactState,
  trigger: { readonly id: string; readonly number: number },
): ParentAnswer | undefined => {
  const success = parent.finished.findLast(
    ({ outcome, triggers, afterTrigger }) =>
      (outcome === 'succeeded' || outcome === 'rehearsed') &&
      (triggers.includes(trigger.id) || afterTrigger >= trigger.number),
  );
  if (success !== undefined) {
    return { type: 'succeeded', name: parent.name, build: success.build };
  }
  const claim = parent.causes[trigger.id];
  if (claim === undefined) return undefined;
  if (claim.status === 'failed') return { type: 'blocked', code: 'parent-failed' };
  if (claim.status === 'withdrawn') return { type: 'blocked', code: 'parent-withdrawn' };
  return isBlocked(claim) ? { type: 'blocked', code: 'parent-blocked' } : undefined;
};
