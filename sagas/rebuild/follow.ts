import * as E from 'fp-ts/lib/Either.js';
import type { ArtifactState, ExternalRow, Running } from '../../domain/artifact/state.ts';
import type { Hindrance } from '../act.ts';
import { again } from '../act.ts';
import type { RebuildDeps } from './deps.ts';
import type { Step } from './tell.ts';
import { correlationOf, retryAt, tell } from './tell.ts';

/** Asks the build system how far one row or task is. */
export type Look = (id: number) => Promise<E.Either<Hindrance, ExternalRow>>;

/** A row that MBS no longer has will never be ready. */
const goneRow: ExternalRow = {
  ...{ state: 4, stateName: 'gone', stateReason: 'MBS no longer has this build.' },
};

export const lookAtRow =
  ({ mbs }: { readonly mbs: Pick<RebuildDeps['mbs'], 'get'> }): Look =>
  async (id) => {
    const row = await mbs.get(id)();
    if (E.isLeft(row)) return row.left.code === 'mbs-missing' ? E.right(goneRow) : row;
    const { state, stateName, stateReason } = row.right;
    return E.right({ state, stateName, stateReason });
  };

/** A task that Koji does not know will never be closed. */
const goneTask: ExternalRow = {
  ...{ state: 5, stateName: 'gone', stateReason: 'Koji no longer has this task.' },
};
const canceled = 3;

export const lookAtTask =
  ({ koji }: { readonly koji: Pick<RebuildDeps['koji'], 'task'> }): Look =>
  async (id) => {
    const task = await koji.task(id)();
    if (E.isLeft(task)) return task.left.code === 'koji-missing' ? E.right(goneTask) : task;
    const { state, stateName, reason } = task.right;
    const silent = state === canceled ? `Task ${id} was cancelled in Koji.` : null;
    return E.right({ state, stateName, stateReason: reason ?? silent });
  };

/** Asks the build system how far every row is; only what differs is recorded. */
export const follow = async (
  deps: RebuildDeps,
  look: Look,
  stream: string,
  state: ArtifactState,
  running: Running,
): Step => {
  const inForce = await deps.policy();
  if (E.isLeft(inForce)) return inForce;
  const { policy } = inForce.right;
  const correlation = correlationOf(state, running.triggers);
  let latest = state;
  for (const id of running.attempt.externalIds) {
    const row = await look(id);
    if (E.isLeft(row)) return row;
    const told = await tell(deps, stream, correlation, {
      ...{ type: 'ObserveState', externalId: id, ...row.right, via: 'poll' },
      retries: policy.retries.build,
      ...{ retryAt: retryAt(deps, policy, running.failedBuilds), at: deps.hand.now() },
    });
    if (E.isLeft(told)) return told;
    latest = told.right;
  }
  const stands = latest.running === null || latest.running.attempt !== state.running?.attempt;
  return E.right(stands ? again : { after: deps.settings.pollEvery });
};
