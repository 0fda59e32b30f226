import * as E from 'fp-ts/lib/Either.js';
import type { RebuildDeps } from './deps.ts';
import type { CallFailure, Submission, Submitter } from './submitter.ts';
import type { Step } from './tell.ts';
import { correlationOf, retryAt, tell, tellOn } from './tell.ts';

/** What this process knows of one call: its own, or when it first saw another's. */
type Known = { readonly of: string; readonly deadline: number; readonly called: boolean };

/** By stream: an artifact has one submission at a time. */
export type Deadlines = Map<string, Known>;

const known = (deadlines: Deadlines, { stream, intent }: Submission): Known | undefined => {
  const entry = deadlines.get(stream);
  return entry?.of === `${intent.key} ${intent.owner}` ? entry : undefined;
};

const note = (
  deadlines: Deadlines,
  { stream, intent }: Submission,
  deadline: number,
  called: boolean,
): void => {
  deadlines.set(stream, { of: `${intent.key} ${intent.owner}`, deadline, called });
};

const correlation = ({ state, running }: Submission): string =>
  correlationOf(state, running.triggers);

/** The longest a call of ours is allowed to be under way: the client's time-out, and the asking. */
const callTimeoutOf = ({ settings }: RebuildDeps, { callTimeout }: Submitter): number =>
  callTimeout + Math.max(callTimeout, settings.askTimeout);

/** Reserves the call for this process; of several exactly one wins, and its clock starts here. */
export const intend = async (
  deps: RebuildDeps,
  submitter: Submitter,
  deadlines: Deadlines,
  submission: Omit<Submission, 'intent'>,
): Step => {
  const { stream, running, state } = submission;
  const { build, attempt } = running;
  const key = `${deps.logId}/${build}/${attempt.attempt}`;
  const callTimeout = callTimeoutOf(deps, submitter);
  const began = deps.monotonic();
  const told = await tell(deps, stream, correlationOf(state, running.triggers), {
    ...{ type: 'Intend', build, attempt: attempt.attempt, key, owner: deps.owner, callTimeout },
  });
  if (E.isLeft(told)) return told;
  const intent = told.right.running?.attempt.intent;
  if (intent?.owner !== deps.owner || intent.key !== key) return E.right({ after: 0 });
  note(deadlines, { ...submission, intent }, began + callTimeout, false);
  return settle(deps, submitter, deadlines, { ...submission, intent });
};

const submitted = async (
  deps: RebuildDeps,
  submission: Submission,
  externalIds: ReadonlyArray<number>,
  found: boolean,
): Step => {
  const { stream, running } = submission;
  return tellOn(deps, stream, correlation(submission), {
    ...{ type: 'RecordSubmitted', build: running.build, attempt: running.attempt.attempt },
    ...{ owner: deps.owner, externalIds, found },
    at: deps.hand.now(),
  });
};

const failed = async (deps: RebuildDeps, submission: Submission, failure: CallFailure): Step => {
  const inForce = await deps.policy();
  if (E.isLeft(inForce)) return inForce;
  const { policy } = inForce.right;
  const { stream, running } = submission;
  const { build, attempt, failedSubmissions } = running;
  return tellOn(deps, stream, correlation(submission), {
    ...{ type: 'RecordFailure', build, attempt: attempt.attempt, owner: deps.owner },
    class: failure.outcome === 'refused' ? 'refused' : 'transient',
    ...{ code: failure.code, reason: failure.reason },
    retries: policy.retries.submission,
    retryAt: retryAt(deps, policy, failedSubmissions),
    at: deps.hand.now(),
  });
};

/**
 * After a call that may or may not have been carried out: what the build system has of it is the
 * answer. A time-out leaves it working, so "nothing" counts only once the deadline has passed.
 */
const afterUnknown = async (
  deps: RebuildDeps,
  submitter: Submitter,
  deadlines: Deadlines,
  submission: Submission,
  failure: CallFailure,
): Step => {
  const rows = await submitter.ask(submission);
  if (E.isLeft(rows)) return rows;
  if (rows.right.length > 0) return submitted(deps, submission, rows.right, true);
  const left = (known(deadlines, submission)?.deadline ?? 0) - deps.monotonic();
  const mayStillCome = failure.outcome === 'unknown' && left > 0;
  if (mayStillCome) return E.right({ after: Math.min(left, deps.settings.pollEvery) });
  return failed(deps, submission, failure);
};

const call = async (
  deps: RebuildDeps,
  submitter: Submitter,
  deadlines: Deadlines,
  submission: Submission,
): Step => {
  note(deadlines, submission, known(deadlines, submission)?.deadline ?? 0, true);
  const answer = await submitter.call(submission);
  if (E.isRight(answer)) return submitted(deps, submission, answer.right, false);
  const { outcome } = answer.left;
  if (outcome === 'refused' || outcome === 'not-done') {
    return failed(deps, submission, answer.left);
  }
  return afterUnknown(deps, submitter, deadlines, submission, answer.left);
};

/** The owner asks first, and calls at most once within its deadline. */
const settleOwn = async (
  deps: RebuildDeps,
  submitter: Submitter,
  deadlines: Deadlines,
  submission: Submission,
): Step => {
  if (known(deadlines, submission)?.called === true) {
    return afterUnknown(deps, submitter, deadlines, submission, submitter.noAnswer);
  }
  const rows = await submitter.ask(submission);
  if (E.isLeft(rows)) return rows;
  if (rows.right.length > 0) return submitted(deps, submission, rows.right, true);
  const left = (known(deadlines, submission)?.deadline ?? 0) - deps.monotonic();
  if (left >= submitter.callTimeout) return call(deps, submitter, deadlines, submission);
  return takeOver(deps, submitter, deadlines, submission);
};

const takeOver = async (
  deps: RebuildDeps,
  submitter: Submitter,
  deadlines: Deadlines,
  submission: Submission,
): Step => {
  const { stream, running, intent } = submission;
  const callTimeout = callTimeoutOf(deps, submitter);
  const owner = deps.owner;
  const began = deps.monotonic();
  const told = await tell(deps, stream, correlation(submission), {
    ...{ type: 'TakeOver', build: running.build, attempt: running.attempt.attempt },
    ...{ from: intent.owner, owner, callTimeout },
  });
  if (E.isLeft(told)) return told;
  if (told.right.running?.attempt.intent?.owner === owner) {
    const mine = { ...submission, intent: { ...intent, owner } };
    note(deadlines, mine, began + callTimeout, false);
  }
  return E.right({ after: 0 });
};

/**
 * Brings an intended submission to its outcome. Until its deadline only its owner acts; afterwards,
 * counted from when this process first saw it, another takes over and asks before it calls.
 */
export const settle = async (
  deps: RebuildDeps,
  submitter: Submitter,
  deadlines: Deadlines,
  submission: Submission,
): Step => {
  if (submission.intent.owner === deps.owner) {
    return settleOwn(deps, submitter, deadlines, submission);
  }
  const deadline =
    known(deadlines, submission)?.deadline ?? deps.monotonic() + submission.intent.callTimeout;
  note(deadlines, submission, deadline, false);
  const left = deadline - deps.monotonic();
  if (left > 0) return E.right({ after: left });
  return takeOver(deps, submitter, deadlines, submission);
};
