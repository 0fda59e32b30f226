import * as E from 'fp-ts/lib/Either.js';
import type {
  Abandon,
  ArtifactRejection,
  Intend,
  PrepareCommit,
  RecordFailure,
  RecordSubmitted,
  TakeOver,
} from './commands.ts';
import { current } from './current.ts';
import type { ArtifactEvent } from './events.ts';
import type { ArtifactState, Running } from './state.ts';

type Decided = E.Either<ArtifactRejection, ReadonlyArray<ArtifactEvent>>;

const nothing: Decided = E.right([]);

/** The commit of an attempt is fixed once: whoever comes second submits the first one's. */
export const prepareCommit = (command: PrepareCommit, state: ArtifactState): Decided => {
  const running = current(state, command);
  if (running?.attempt.commit !== null) return nothing;
  const { build, attempt, commit, bumped } = command;
  return E.right([{ type: 'CommitPrepared', build, attempt, commit, bumped }]);
};

/**
 * Gives up a build that has not been submitted, with all it was to answer; or some of its claims
 * only, and the build once none is left.
 */
export const abandon = (command: Abandon, state: ArtifactState): Decided => {
  const running = current(state, command);
  if (running?.attempt.intent !== null) return nothing;
  const { build, code, reason, at, triggers = running.triggers } = command;
  const open = running.triggers.filter((trigger) => state.causes[trigger]?.status === 'open');
  const withdrawn = open.filter((trigger) => triggers.includes(trigger));
  const canceled: ArtifactEvent = { type: 'BuildCanceled', build, code, reason, at };
  return E.right([
    ...withdrawn.map((trigger): ArtifactEvent => ({
      ...{ type: 'CauseWithdrawn', build, trigger, code, explanation: reason },
    })),
    ...(withdrawn.length === open.length ? [canceled] : []),
  ]);
};

/** One process wins the right to call: the append of this event is the reservation. */
export const intend = (command: Intend, state: ArtifactState): Decided => {
  const attempt = current(state, command)?.attempt;
  if (attempt?.commit == null || attempt.intent !== null) return nothing;
  const { build, key, owner, callTimeout } = command;
  const { attempt: number } = attempt;
  return E.right([{ type: 'SubmissionIntended', build, attempt: number, key, owner, callTimeout }]);
};

/** The owner's deadline has passed without a word: another carries on, unless it just spoke. */
export const takeOver = (command: TakeOver, state: ArtifactState): Decided => {
  const attempt = current(state, command)?.attempt;
  if (attempt?.intent?.owner !== command.from || attempt.externalIds.length > 0) return nothing;
  const { build, owner, callTimeout } = command;
  const { attempt: number } = attempt;
  return E.right([{ type: 'SubmissionTakenOver', build, attempt: number, owner, callTimeout }]);
};

/** Only the owner of the call says what came of it. */
export const recordSubmitted = (command: RecordSubmitted, state: ArtifactState): Decided => {
  const running = current(state, command);
  if (running === null) return E.left({ code: 'not-running' });
  if (running.attempt.externalIds.length > 0) return nothing;
  if (running.attempt.intent?.owner !== command.owner) return E.left({ code: 'not-the-owner' });
  const { build, attempt, externalIds, found, at } = command;
  return E.right([{ type: 'BuildSubmitted', build, attempt, externalIds, found, at }]);
};

const isTheirs = (running: Running, owner: string | null): boolean =>
  running.attempt.intent !== null && running.attempt.intent.owner !== owner;

/** A failed attempt is followed by another while it may pass and policy allows, else by the end. */
export const recordFailure = (command: RecordFailure, state: ArtifactState): Decided => {
  const running = current(state, command);
  if (running === null) return E.left({ code: 'not-running' });
  if (running.attempt.externalIds.length > 0) return nothing;
  if (isTheirs(running, command.owner)) return E.left({ code: 'not-the-owner' });
  const { build, attempt, code, reason, retries, retryAt, at } = command;
  const failed: ArtifactEvent = {
    ...{ type: 'SubmissionFailed', build, attempt, class: command.class, code, reason },
  };
  if (command.class === 'transient' && running.failedSubmissions < retries) {
    const next = attempt + 1;
    return E.right([
      failed,
      { type: 'BuildRetryScheduled', build, attempt: next, notBefore: retryAt, code, reason },
    ]);
  }
  return E.right([failed, { type: 'BuildFailed', build, code, reason, at }]);
};
