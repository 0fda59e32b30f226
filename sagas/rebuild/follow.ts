import * as E from 'fp-ts/lib/Either.js';
import type { ArtifactState, Running } from '../../domain/artifact/state.ts';
import { again } from '../act.ts';
import { isBeyondDescribing, recordContents } from '../record-contents.ts';
import type { RebuildDeps } from './deps.ts';
import type { Step } from './tell.ts';
import { correlationOf, retryAt, tell, tellOn } from './tell.ts';

/** Asks the build system how far every row is; only what differs is recorded. */
export const follow = async (
  deps: RebuildDeps,
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
    const row = await deps.mbs.get(id)();
    if (E.isLeft(row)) return row;
    const { state: rowState, stateName, stateReason } = row.right;
    const told = await tell(deps, stream, correlation, {
      ...{ type: 'ObserveState', externalId: id, state: rowState, stateName, stateReason },
      ...{ via: 'poll', retries: policy.retries.build },
      ...{ retryAt: retryAt(deps, policy, running.failedBuilds), at: deps.hand.now() },
    });
    if (E.isLeft(told)) return told;
    latest = told.right;
  }
  const stands = latest.running === null || latest.running.attempt !== state.running?.attempt;
  return E.right(stands ? again : { after: deps.settings.pollEvery });
};

/** What the new build holds is recorded first, so that whoever asks after it finds it. */
export const concludeBuild = async (
  deps: RebuildDeps,
  stream: string,
  state: ArtifactState,
  { build, triggers, attempt }: Running,
): Step => {
  const correlationId = correlationOf(state, triggers);
  for (const id of attempt.externalIds) {
    const contents = await deps.mbs.contents(id)();
    if (E.isLeft(contents)) {
      if (!isBeyondDescribing(contents.left)) return contents;
      const { code, reason } = contents.left;
      deps.report({ level: 'error', saga: 'rebuild', stream, code, reason });
      continue;
    }
    const recorded = await recordContents(deps.hand, { correlationId }, contents.right);
    if (E.isLeft(recorded)) return recorded;
  }
  const at = deps.hand.now();
  return tellOn(deps, stream, correlationId, { type: 'ConcludeSuccess', build, at });
};
