import * as E from 'fp-ts/lib/Either.js';
import type { ArtifactRejection, ConcludeSuccess, ObserveState } from './commands.ts';
import type { ArtifactEvent } from './events.ts';
import type { ArtifactState, ExternalRow, Running } from './state.ts';

type Decided = E.Either<ArtifactRejection, ReadonlyArray<ArtifactEvent>>;

const failedState = 4;
const readyState = 5;

/** MBS goes init 0, wait 1, build 2, done 3 and ends in failed 4 or ready 5: nothing goes back. */
const rank = (state: number): number => (state === failedState ? readyState : state);

const isOver = (row: ExternalRow | undefined): boolean =>
  row?.state === failedState || row?.state === readyState;

const rowsOf = (running: Running): ReadonlyArray<ExternalRow | undefined> =>
  running.attempt.externalIds.map((id) => running.attempt.rows[String(id)]);

/** True when the build system calls every row of the attempt ready. */
export const isAllReady = (running: Running): boolean =>
  running.attempt.externalIds.length > 0 &&
  rowsOf(running).every((row) => row?.state === readyState);

const afterFailure = (
  command: ObserveState,
  running: Running,
  failed: ExternalRow,
): ArtifactEvent => {
  const { build, attempt, failedBuilds } = running;
  const { at, retries, retryAt } = command;
  const code = 'build-failed';
  const reason = failed.stateReason ?? 'The build system gives no reason.';
  if (failedBuilds >= retries) return { type: 'BuildFailed', build, code, reason, at };
  const next = attempt.attempt + 1;
  return { type: 'BuildRetryScheduled', build, attempt: next, notBefore: retryAt, code, reason };
};

/** Notes how far a row is. When all rows are over and one has failed, the attempt has failed. */
export const observeState = (command: ObserveState, state: ArtifactState): Decided => {
  const { running } = state;
  const { externalId, state: seen, stateName, stateReason, via } = command;
  if (!running?.attempt.externalIds.includes(externalId)) return E.right([]);
  const known = running.attempt.rows[String(externalId)];
  if (known !== undefined && rank(seen) <= rank(known.state)) return E.right([]);
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
  const failed = rows.find((other) => other?.state === failedState);
  if (failed === undefined || !rows.every(isOver)) return E.right([observed]);
  return E.right([observed, afterFailure(command, running, failed)]);
};

/** The end of a build whose rows are all ready. */
export const concludeSuccess = (command: ConcludeSuccess, state: ArtifactState): Decided => {
  const { running } = state;
  if (running?.build !== command.build || !isAllReady(running)) return E.right([]);
  return E.right([{ type: 'BuildSucceeded', build: command.build, at: command.at }]);
};
