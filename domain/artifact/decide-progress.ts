import * as E from 'fp-ts/lib/Either.js';
import { artifactParts } from '../stream-names.ts';
import type { ArtifactRejection, ConcludeSuccess, ObserveState } from './commands.ts';
import type { ArtifactEvent } from './events.ts';
import { isAllReady, isGood, isOver, rank, rowsOf } from './external-states.ts';
import type { ArtifactState, ExternalRow, Running } from './state.ts';

type Decided = E.Either<ArtifactRejection, ReadonlyArray<ArtifactEvent>>;

type Failure = {
  readonly code: string;
  readonly reason: string;
  /** Further tries policy allows. */
  readonly retries: number;
  readonly retryAt: string;
  readonly at: string;
};

/** A build that came to nothing is tried again while policy allows, else it has failed. */
export const afterFailure = (failure: Failure, running: Running): ArtifactEvent => {
  const { build, attempt, failedBuilds } = running;
  const { code, reason, retries, retryAt, at } = failure;
  if (failedBuilds >= retries) return { type: 'BuildFailed', build, code, reason, at };
  const next = attempt.attempt + 1;
  return { type: 'BuildRetryScheduled', build, attempt: next, notBefore: retryAt, code, reason };
};

/** Koji's messages of failed tasks give no reason: it is asked, so that its words go on record. */
const tellsTooLittle = (
  { state: seen, stateReason, via }: ObserveState,
  state: ArtifactState,
): boolean =>
  artifactParts(state.artifact).kind === 'image' &&
  via === 'message' &&
  stateReason === null &&
  isOver(state, seen) &&
  !isGood(state, seen);

const isNews = (command: ObserveState, state: ArtifactState, running: Running): boolean => {
  const known = running.attempt.rows[String(command.externalId)];
  const before = known === undefined ? -1 : rank(state, known.state);
  return rank(state, command.state) > before && !tellsTooLittle(command, state);
};

/** Notes how far a row is. When all rows are over and one has failed, the attempt has failed. */
export const observeState = (command: ObserveState, state: ArtifactState): Decided => {
  const { running } = state;
  const { externalId, state: seen, stateName, stateReason, via } = command;
  if (!running?.attempt.externalIds.includes(externalId)) return E.right([]);
  if (!isNews(command, state, running)) return E.right([]);
  const row: ExternalRow = { state: seen, stateName, stateReason };
  const attempt = {
    ...running.attempt,
    rows: { ...running.attempt.rows, [String(externalId)]: row },
  };
  const observed: ArtifactEvent = {
    ...{ type: 'BuildStateObserved', build: running.build, attempt: attempt.attempt },
    ...{ externalId, state: seen, stateName, stateReason, via },
  };
  const rows = rowsOf({ ...running, attempt });
  if (!rows.every((other) => other !== undefined && isOver(state, other.state))) {
    return E.right([observed]);
  }
  const failed = rows.find((other) => other !== undefined && !isGood(state, other.state));
  if (failed === undefined) return E.right([observed]);
  const reason = failed.stateReason ?? 'The build system gives no reason.';
  return E.right([observed, afterFailure({ ...command, code: 'build-failed', reason }, running)]);
};

const isWithoutResult = ({ artifact }: ArtifactState, { attempt }: Running): boolean =>
  artifactParts(artifact).kind === 'image' && attempt.nvr === null;

/** The end of a build whose rows are all ready; of an image, once it is known what was built. */
export const concludeSuccess = (command: ConcludeSuccess, state: ArtifactState): Decided => {
  const { running } = state;
  if (running?.build !== command.build || !isAllReady(state, running)) return E.right([]);
  if (isWithoutResult(state, running)) return E.right([]);
  return E.right([{ type: 'BuildSucceeded', build: command.build, at: command.at }]);
};
