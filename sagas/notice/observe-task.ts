import * as E from 'fp-ts/lib/Either.js';
import { artifact } from '../../domain/artifact/artifact.ts';
import { artifactStream, imageArtifact } from '../../domain/stream-names.ts';
import type { Reading } from '../../domain/trigger/reading.ts';
import { loadStream } from '../../event-log/carry-out.ts';
import type { Done, NoticeDeps, Understood } from './deps.ts';
import { observeBuild } from './observe-build.ts';

type TaskReading = Extract<Reading, { readonly kind: 'BrewContainerTaskStateChangeEvent' }>;

const failed = 5;

/**
 * A task of ours moved on. One of somebody else's, or that says not of what, concerns nobody. That it
 * failed is left to polling: such a message has no reason, and Koji tells it when asked.
 */
export const observeTask = async (
  deps: NoticeDeps,
  understood: Understood,
  { taskId, state, stateName, repo, branch }: TaskReading,
): Promise<Done> => {
  if (repo === null || branch === null || state === failed) return E.right(undefined);
  const stream = artifactStream('real', imageArtifact(repo, branch));
  const loaded = await loadStream(deps.hand.log, deps.cache)(stream, artifact);
  if (E.isLeft(loaded)) return loaded;
  if (!loaded.right.state.ownIds.includes(taskId)) return E.right(undefined);
  const row = { externalId: taskId, state, stateName, stateReason: null };
  return observeBuild(deps, understood, stream, row);
};
