import * as E from 'fp-ts/lib/Either.js';
import { artifact } from '../../domain/artifact/artifact.ts';
import type { ArtifactState, Running } from '../../domain/artifact/state.ts';
import { parseNvr } from '../../domain/rpm/nvr.ts';
import { artifactStream, isCompose, realmOf } from '../../domain/stream-names.ts';
import { loadStream } from '../../event-log/carry-out.ts';
import type { Hindrance } from '../act.ts';
import type { RebuildDeps } from './deps.ts';

type Freed = { readonly parent: string; readonly build: number };

/** Parents that freed claims of the build, the one that was freed last first. */
const parentsOf = (state: ArtifactState, { triggers }: Running): ReadonlyArray<string> => {
  const freed = triggers
    .flatMap((trigger): ReadonlyArray<Freed> => {
      const claim = state.causes[trigger];
      return claim?.status === 'open' ? claim.freedBy : [];
    })
    .filter(({ parent }) => !isCompose(parent));
  return [...new Set([...freed].sort((a, b) => b.build - a.build).map(({ parent }) => parent))];
};

/** The newest image that was built of an artifact by us; null for none. */
export const newestOf = ({ finished }: ArtifactState): string | null =>
  finished.findLast(({ outcome, nvr }) => outcome === 'succeeded' && nvr !== null)?.nvr ?? null;

const nameOf = (nvr: string | null): string | null => {
  const parsed = parseNvr(nvr ?? '');
  return E.isRight(parsed) ? parsed.right.name : null;
};

/**
 * NVR of the image to build on in place of FROM: the newest successful rebuild of a parent that the
 * build waited for. Of several parents it is the one the image was built on last, else the one that
 * was freed last. Null when it waited for none.
 */
export const parentImage = async (
  deps: RebuildDeps,
  stream: string,
  state: ArtifactState,
  running: Running,
  originalParent: string | null,
): Promise<E.Either<Hindrance, string | null>> => {
  const results: Array<string> = [];
  for (const parent of parentsOf(state, running)) {
    const parentStream = artifactStream(realmOf(stream), parent);
    const loaded = await loadStream(deps.hand.log, deps.cache)(parentStream, artifact);
    if (E.isLeft(loaded)) return loaded;
    const newest = newestOf(loaded.right.state);
    if (newest !== null) results.push(newest);
  }
  const asBefore = results.find((nvr) => nameOf(nvr) === nameOf(originalParent));
  return E.right(asBefore ?? results[0] ?? null);
};
