import * as E from 'fp-ts/lib/Either.js';
import type { ArtifactRejection, NoteLateReady, Revive } from './commands.ts';
import type { ArtifactEvent } from './events.ts';
import type { ArtifactState } from './state.ts';

type Decided = E.Either<ArtifactRejection, ReadonlyArray<ArtifactEvent>>;

/** True of a build that has ended in failure. */
export const hasFailed = ({ finished, running }: ArtifactState, build: number): boolean =>
  running?.build !== build &&
  finished.some((ended) => ended.build === build && ended.outcome === 'failed');

/** A row of a build that was given up is ready: worth asking whether all of its rows are. */
export const noteLateReady = (command: NoteLateReady, state: ArtifactState): Decided => {
  const { externalId, commit } = command;
  const build = state.ownCommits[commit];
  if (build === undefined || !hasFailed(state, build)) return E.right([]);
  if (state.late?.externalIds.includes(externalId) === true) return E.right([]);
  return E.right([{ type: 'LateReadyObserved', build, externalId, commit }]);
};

/** The build counts as a success after all; once. */
export const revive = ({ build, at }: Revive, state: ArtifactState): Decided =>
  E.right(hasFailed(state, build) ? [{ type: 'BuildRevived', build, at }] : []);
