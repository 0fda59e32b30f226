import * as E from 'fp-ts/lib/Either.js';
import type { WantedCompose } from '../../domain/compose/events.ts';
import type { Ready } from '../../domain/compose/state.ts';
import { again, until } from '../act.ts';
import type { ComposeDeps } from './deps.ts';
import { look, observe } from './follow.ts';
import type { Deadlines } from './settle.ts';
import { intend } from './settle.ts';
import type { Step, Work } from './tell.ts';
import { retryAt, tellOn } from './tell.ts';

const done = 2;
const third = 1 / 3;
const twoHours = 2 * 3600 * 1000;

/** When its life is over, in Unix milliseconds: as ODCS says, else as was asked for. */
const endOf = ({ expiresAt, since }: Ready, { secondsToLive }: WantedCompose): number =>
  expiresAt === null ? Date.parse(since) + secondsToLive * 1000 : Date.parse(expiresAt);

/**
 * When it is to be renewed, ISO: when less than `share` of its life is left, and of a long life not
 * later than two hours before its end.
 */
export const renewalDue = (ready: Ready, order: WantedCompose, share = third): string => {
  const end = endOf(ready, order);
  const life = Math.max(0, end - Date.parse(ready.since));
  const left = Math.max(life * share, Math.min(twoHours, life * third));
  return new Date(end - left).toISOString();
};

const noteExpired = async (deps: ComposeDeps, work: Work, { composeId }: Ready): Step => {
  const inForce = await deps.policy();
  if (E.isLeft(inForce)) return inForce;
  return tellOn(deps, work, {
    ...{ type: 'NoteExpired', composeId, reason: 'Its life is over, and ODCS does not renew it.' },
    retryAt: retryAt(deps, inForce.right.policy, work.state.expiries),
    at: deps.hand.now(),
  });
};

/** One that is there is renewed in time; one that cannot be renewed is used to its end. */
const renewInTime = async (
  deps: ComposeDeps,
  deadlines: Deadlines,
  work: Work & { readonly order: WantedCompose },
  ready: Ready,
): Step => {
  const { state, order } = work;
  const now = deps.hand.now();
  const due = ready.isRenewable
    ? renewalDue(ready, order, deps.renewShare)
    : new Date(endOf(ready, order)).toISOString();
  const left = until(due, now);
  if (left > 0) return E.right({ after: Math.min(left, deps.settings.lookAgainEvery) });
  if (!ready.isRenewable) return noteExpired(deps, work, ready);
  const attempt = state.attempts + 1;
  return intend(deps, deadlines, { ...work, attempt, renews: ready.composeId });
};

/** Looks whether a compose that was ready is still there. */
export const keep = async (
  deps: ComposeDeps,
  deadlines: Deadlines,
  work: Work & { readonly order: WantedCompose },
  ready: Ready,
): Step => {
  const seen = await look(deps, ready.composeId);
  if (E.isLeft(seen)) return seen;
  if (seen.right.state !== done) {
    const told = await observe(deps, work, ready.composeId, seen.right);
    if (E.isLeft(told)) return told;
    const isThere = told.right.ready?.composeId === ready.composeId;
    return E.right(isThere ? { after: deps.settings.pollEvery } : again);
  }
  if (work.state.live !== null) return E.right({ after: deps.settings.lookAgainEvery });
  return renewInTime(deps, deadlines, work, ready);
};
