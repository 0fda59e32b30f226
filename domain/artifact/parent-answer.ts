import type { ParentAnswer } from './commands.ts';
import type { ArtifactState, Finished } from './state.ts';
import { isBlocked } from './state.ts';

const isGood = ({ outcome }: Finished): boolean =>
  outcome === 'succeeded' || outcome === 'rehearsed';

/**
 * What a parent's stream answers a child that waits for it because of a trigger. A build that
 * answers the trigger will do. One that merely began after it will do only where the parent's own
 * claim has ended otherwise: while that claim is open, the parent waits for its own parents, and
 * whatever is built of it meanwhile is stale.
 */
export const parentAnswer = (
  parent: ArtifactState,
  trigger: { readonly id: string; readonly number: number },
): ParentAnswer | undefined => {
  const { finished, name, causes } = parent;
  const claim = causes[trigger.id];
  if (claim === undefined) return undefined;
  if (claim.status === 'open') {
    return isBlocked(claim) ? { type: 'blocked', code: 'parent-blocked' } : undefined;
  }
  const good = finished.filter(isGood);
  const success =
    good.findLast(({ triggers }) => triggers.includes(trigger.id)) ??
    good.findLast(({ afterTrigger }) => afterTrigger >= trigger.number);
  if (success !== undefined) return { type: 'succeeded', name, build: success.build };
  return claim.status === 'withdrawn'
    ? { type: 'withdrawn' }
    : { type: 'blocked', code: 'parent-failed' };
};
