import * as E from 'fp-ts/lib/Either.js';
import type { Compose, OdcsFailure } from '../../clients/odcs/port.ts';
import { again } from '../act.ts';
import type { Call } from './ask.ts';
import { askOutcome, request } from './ask.ts';
import type { ComposeDeps } from './deps.ts';
import type { Step } from './tell.ts';
import { retryAt, tell, tellOn } from './tell.ts';

/** What this process knows of one call: its own, or when it first saw another's. */
type Known = {
  readonly of: string;
  readonly deadline: number;
  /** This process has called; else somebody else may have. */
  readonly called: boolean;
};

/** By stream: a trigger has one compose at a time. */
export type Deadlines = Map<string, Known>;

/** A call that is about to be reserved. */
export type Intended = Omit<Call, 'live' | 'intent'> & {
  readonly attempt: number;
  readonly renews: number | null;
};

const nameOf = ({ live, intent }: Call): string => `${live.attempt} ${intent.owner}`;

const known = (deadlines: Deadlines, call: Call): Known | undefined => {
  const entry = deadlines.get(call.stream);
  return entry?.of === nameOf(call) ? entry : undefined;
};

const note = (deadlines: Deadlines, call: Call, deadline: number, called: boolean): void => {
  deadlines.set(call.stream, { of: nameOf(call), deadline, called });
};

const timeLeft = (deps: ComposeDeps, deadlines: Deadlines, call: Call): number =>
  (known(deadlines, call)?.deadline ?? 0) - deps.monotonic();

/** The longest a call of ours is allowed to be under way: the client's time-out, and the asking. */
const callTimeoutOf = ({ odcs, settings }: ComposeDeps): number =>
  odcs.callTimeout + Math.max(odcs.callTimeout, settings.askTimeout);

/**
 * Reserves the call for this process; of several exactly one wins, and its clock starts here. The
 * newest id there is now is noted, so that what the call makes can be told from what was there. Who
 * has just reserved it need not ask first: nobody can have called.
 */
export const intend = async (deps: ComposeDeps, deadlines: Deadlines, call: Intended): Step => {
  const { stream, state, order, attempt, renews } = call;
  const newest = await deps.odcs.newestId()();
  if (E.isLeft(newest)) return newest;
  const callTimeout = callTimeoutOf(deps);
  const began = deps.monotonic();
  const told = await tell(
    deps,
    { stream, state },
    {
      ...{ type: 'Intend', attempt, renews, newestId: newest.right },
      ...{ owner: deps.owner, callTimeout },
    },
  );
  if (E.isLeft(told)) return told;
  const live = told.right.live;
  const intent = live?.intent;
  if (live?.attempt !== attempt || intent?.owner !== deps.owner) return E.right(again);
  const mine: Call = { stream, state: told.right, order, live, intent };
  note(deadlines, mine, began + callTimeout, false);
  return callInTime(deps, deadlines, mine);
};

const done = 2;

const answered = (deps: ComposeDeps, call: Call, compose: Compose, found: boolean): Step => {
  const { attempt, renews } = call.live;
  const { id: composeId, state, resultRepofile: repofile, expiresAt } = compose;
  const outcome = { attempt, owner: deps.owner, composeId, at: deps.hand.now() };
  return composeId === renews && state === done
    ? tellOn(deps, call, { type: 'NoteRenewed', ...outcome, expiresAt })
    : tellOn(deps, call, { type: 'RecordSubmitted', ...outcome, found, repofile });
};

/** A token that has run out (401) may be renewed; every other refusal stands. */
const isFinal = (failure: OdcsFailure): boolean =>
  failure.code === 'odcs-refused' && failure.status !== 401;

const failed = async (deps: ComposeDeps, call: Call, failure: OdcsFailure): Step => {
  const inForce = await deps.policy();
  if (E.isLeft(inForce)) return inForce;
  const { policy } = inForce.right;
  const { code, reason } = failure;
  return tellOn(deps, call, {
    ...{ type: 'RecordFailure', attempt: call.live.attempt, owner: deps.owner },
    ...{ class: isFinal(failure) ? 'refused' : 'transient', code, reason },
    retries: policy.retries.submission,
    retryAt: retryAt(deps, policy, call.state.failedSubmissions),
    at: deps.hand.now(),
  });
};

/**
 * After a call that may or may not have been carried out: what ODCS has is the answer. A time-out
 * leaves ODCS working, so "nothing" counts only once the deadline has passed.
 */
const afterUnknown = async (
  deps: ComposeDeps,
  deadlines: Deadlines,
  call: Call,
  failure: OdcsFailure,
): Step => {
  const outcome = await askOutcome(deps, call);
  if (E.isLeft(outcome)) return outcome;
  if (outcome.right !== undefined) return answered(deps, call, outcome.right, true);
  const left = timeLeft(deps, deadlines, call);
  if (left > 0) return E.right({ after: Math.min(left, deps.settings.pollEvery) });
  return failed(deps, call, failure);
};

const noAnswer: OdcsFailure = {
  code: 'odcs-unknown-outcome',
  reason: 'ODCS did not answer, and has no compose of this order that is newer than the call.',
};

const takeOver = async (deps: ComposeDeps, deadlines: Deadlines, call: Call): Step => {
  const callTimeout = callTimeoutOf(deps);
  const { owner } = deps;
  const began = deps.monotonic();
  const told = await tell(deps, call, {
    ...{ type: 'TakeOver', attempt: call.live.attempt, from: call.intent.owner },
    ...{ owner, callTimeout },
  });
  if (E.isLeft(told)) return told;
  const { live } = told.right;
  if (live?.attempt === call.live.attempt && live.intent?.owner === owner) {
    const mine: Call = { ...call, live, intent: live.intent };
    note(deadlines, mine, began + callTimeout, false);
  }
  return E.right(again);
};

const callNow = async (deps: ComposeDeps, deadlines: Deadlines, call: Call): Step => {
  note(deadlines, call, known(deadlines, call)?.deadline ?? 0, true);
  const answer = await request(deps, call);
  if (E.isRight(answer)) return answered(deps, call, answer.right, false);
  return answer.left.code === 'odcs-unknown-outcome'
    ? afterUnknown(deps, deadlines, call, answer.left)
    : failed(deps, call, answer.left);
};

/** Calls only while the client's whole time-out fits before the deadline. */
const callInTime = (deps: ComposeDeps, deadlines: Deadlines, call: Call): Step =>
  timeLeft(deps, deadlines, call) >= deps.odcs.callTimeout
    ? callNow(deps, deadlines, call)
    : takeOver(deps, deadlines, call);

/** The owner calls at most once within its deadline; where somebody may have called, it asks first. */
const settleOwn = async (deps: ComposeDeps, deadlines: Deadlines, call: Call): Step => {
  if (known(deadlines, call)?.called === true) {
    return afterUnknown(deps, deadlines, call, noAnswer);
  }
  const outcome = await askOutcome(deps, call);
  if (E.isLeft(outcome)) return outcome;
  if (outcome.right !== undefined) return answered(deps, call, outcome.right, true);
  return callInTime(deps, deadlines, call);
};

/**
 * Brings an intended call to its outcome. Until its deadline only its owner acts; afterwards, counted
 * from when this process first saw it, another takes over and asks before it calls.
 */
export const settle = async (deps: ComposeDeps, deadlines: Deadlines, call: Call): Step => {
  if (call.intent.owner === deps.owner) return settleOwn(deps, deadlines, call);
  const deadline = known(deadlines, call)?.deadline ?? deps.monotonic() + call.intent.callTimeout;
  note(deadlines, call, deadline, false);
  const left = deadline - deps.monotonic();
  return left > 0 ? E.right({ after: left }) : takeOver(deps, deadlines, call);
};
