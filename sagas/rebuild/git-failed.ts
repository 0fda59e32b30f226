import * as E from 'fp-ts/lib/Either.js';
import type { DistGitFailure } from '../../clients/dist-git/port.ts';
import type { ArtifactState, Running } from '../../domain/artifact/state.ts';
import type { RebuildDeps } from './deps.ts';
import type { Step } from './tell.ts';
import { correlationOf, retryAt, tellOn } from './tell.ts';

/** Records that dist-git would not do what an attempt needs, before anything was called. */
export const gitFailed = async (
  deps: RebuildDeps,
  stream: string,
  state: ArtifactState,
  running: Running,
  failure: DistGitFailure,
): Step => {
  const inForce = await deps.policy();
  if (E.isLeft(inForce)) return inForce;
  const { policy } = inForce.right;
  const { build, attempt, triggers, failedSubmissions } = running;
  return tellOn(deps, stream, correlationOf(state, triggers), {
    ...{ type: 'RecordFailure', build, attempt: attempt.attempt, owner: null },
    class: failure.code === 'git-refused' ? 'refused' : 'transient',
    ...{ code: failure.code, reason: failure.reason },
    retries: policy.retries.submission,
    retryAt: retryAt(deps, policy, failedSubmissions),
    at: deps.hand.now(),
  });
};
