import * as E from 'fp-ts/lib/Either.js';
import { artifactStream, imageArtifact } from '../../domain/stream-names.ts';
import type { Reading } from '../../domain/trigger/reading.ts';
import type { Done, NoticeDeps, Understood } from './deps.ts';
import { observeBuild } from './observe-build.ts';

type TaskReading = Extract<Reading, { readonly kind: 'BrewContainerTaskStateChangeEvent' }>;

/**
 * A task moved on that may be ours: what the record of its image does not wait for, it passes over. A
 * message that does not say of what image is left to polling.
 */
export const observeTask = (
  deps: NoticeDeps,
  understood: Understood,
  { taskId, state, stateName, repo, branch }: TaskReading,
): Promise<Done> => {
  if (repo === null || branch === null) return Promise.resolve(E.right(undefined));
  const stream = artifactStream('real', imageArtifact(repo, branch));
  const row = { externalId: taskId, state, stateName, stateReason: null };
  return observeBuild(deps, understood, stream, row);
};
