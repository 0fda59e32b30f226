import * as E from 'fp-ts/lib/Either.js';
import type { MbsFailure, ModuleBuild } from '../../clients/mbs/port.ts';
import type { ArtifactState, Intent, Running } from '../../domain/artifact/state.ts';
import type { RebuildDeps } from './deps.ts';
import type { Step } from './tell.ts';
import { correlationOf, retryAt, tell, tellOn } from './tell.ts';

/** What this process knows of one call: its own, or when it first saw another's. */
type Known = { readonly of: string; readonly deadline: number; readonly called: boolean };

/** By stream: an artifact has one submission at a time. */
export type Deadlines = Map<string, Known>;

/** One submission that is intended and has no outcome yet. */
export type Submission = {
  readonly stream: string;
  readonly state: ArtifactState;
  readonly running: Running;
  readonly commit: string;
  readonly intent: Intent;
};

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
export const callTimeoutOf = ({ mbs, settings }: RebuildDeps): number =>
  mbs.submitTimeout + Math.max(mbs.submitTimeout, settings.askTimeout);

/** Reserves the call for this process; of several exactly one wins, and its clock starts here. */
export const intend = async (
  deps: RebuildDeps,
  deadlines: Deadlines,
  submission: Omit<Submission, 'intent'>,
): Step => {
  const { stream, running, state } = submission;
  const { build, attempt } = running;
  const key = `${deps.logId}/${build}/${attempt.attempt}`;
  const callTimeout = callTimeoutOf(deps);
  const began = deps.monotonic();
  const told = await tell(deps, stream, correlationOf(state, running.triggers), {
    ...{ type: 'Intend', build, attempt: attempt.attempt, key, owner: deps.owner, callTimeout },
  });
  if (E.isLeft(told)) return told;
  const intent = told.right.running?.attempt.intent;
  if (intent?.owner !== deps.owner || intent.key !== key) return E.right({ after: 0 });
  note(deadlines, { ...submission, intent }, began + callTimeout, false);
  return settle(deps, deadlines, { ...submission, intent });
};

const submitted = async (
  deps: RebuildDeps,
  submission: Submission,
  rows: ReadonlyArray<ModuleBuild>,
  found: boolean,
): Step => {
  const { stream, running } = submission;
  return tellOn(deps, stream, correlation(submission), {
    ...{ type: 'RecordSubmitted', build: running.build, attempt: running.attempt.attempt },
    ...{ owner: deps.owner, externalIds: rows.map(({ id }) => id), found },
    at: deps.hand.now(),
  });
};

/** A token that has run out (401) may be renewed; every other refusal stands. */
const isFinal = (failure: MbsFailure): boolean =>
  failure.code === 'mbs-refused' && failure.status !== 401;

const failed = async (deps: RebuildDeps, submission: Submission, failure: MbsFailure): Step => {
  const inForce = await deps.policy();
  if (E.isLeft(inForce)) return inForce;
  const { policy } = inForce.right;
  const { stream, running } = submission;
  const { build, attempt, failedSubmissions } = running;
  return tellOn(deps, stream, correlation(submission), {
    ...{ type: 'RecordFailure', build, attempt: attempt.attempt, owner: deps.owner },
    class: isFinal(failure) ? 'refused' : 'transient',
    ...{ code: failure.code, reason: failure.reason },
    retries: policy.retries.submission,
    retryAt: retryAt(deps, policy, failedSubmissions),
    at: deps.hand.now(),
  });
};

const ask = (deps: RebuildDeps, { state, commit }: Submission) =>
  deps.mbs.ofCommit(state.name, state.branch, commit)();

/**
 * After a call that may or may not have been carried out: what MBS has of this commit is the answer.
 * A time-out leaves MBS working, so "nothing" counts only once the deadline has passed.
 */
const afterUnknown = async (
  deps: RebuildDeps,
  deadlines: Deadlines,
  submission: Submission,
  failure: MbsFailure,
): Step => {
  const rows = await ask(deps, submission);
  if (E.isLeft(rows)) return rows;
  if (rows.right.length > 0) return submitted(deps, submission, rows.right, true);
  const left = (known(deadlines, submission)?.deadline ?? 0) - deps.monotonic();
  const mayStillCome = failure.code === 'mbs-unknown-outcome' && left > 0;
  if (mayStillCome) return E.right({ after: Math.min(left, deps.settings.pollEvery) });
  return failed(deps, submission, failure);
};

const call = async (deps: RebuildDeps, deadlines: Deadlines, submission: Submission): Step => {
  const { state, commit } = submission;
  const scmurl = deps.distGit.scmurl('modules', state.name, commit);
  note(deadlines, submission, known(deadlines, submission)?.deadline ?? 0, true);
  const answer = await deps.mbs.submit({ scmurl, branch: state.branch })();
  if (E.isRight(answer)) return submitted(deps, submission, answer.right, false);
  const { code } = answer.left;
  if (code === 'mbs-refused' || code === 'mbs-unavailable') {
    return failed(deps, submission, answer.left);
  }
  return afterUnknown(deps, deadlines, submission, answer.left);
};

const noAnswer: MbsFailure = {
  code: 'mbs-unknown-outcome',
  reason: 'MBS did not answer, and has no row for the commit.',
};

/** The owner asks first, and calls at most once within its deadline. */
const settleOwn = async (deps: RebuildDeps, deadlines: Deadlines, submission: Submission): Step => {
  if (known(deadlines, submission)?.called === true)
    return afterUnknown(deps, deadlines, submission, noAnswer);
  const rows = await ask(deps, submission);
  if (E.isLeft(rows)) return rows;
  if (rows.right.length > 0) return submitted(deps, submission, rows.right, true);
  const left = (known(deadlines, submission)?.deadline ?? 0) - deps.monotonic();
  if (left >= deps.mbs.submitTimeout) return call(deps, deadlines, submission);
  return takeOver(deps, deadlines, submission);
};

const takeOver = async (deps: RebuildDeps, deadlines: Deadlines, submission: Submission): Step => {
  const { stream, running, intent } = submission;
  const callTimeout = callTimeoutOf(deps);
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
  deadlines: Deadlines,
  submission: Submission,
): Step => {
  if (submission.intent.owner === deps.owner) return settleOwn(deps, deadlines, submission);
  const deadline =
    known(deadlines, submission)?.deadline ?? deps.monotonic() + submission.intent.callTimeout;
  note(deadlines, submission, deadline, false);
  const left = deadline - deps.monotonic();
  if (left > 0) return E.right({ after: left });
  return takeOver(deps, deadlines, submission);
};
