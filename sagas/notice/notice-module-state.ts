import * as E from 'fp-ts/lib/Either.js';
import { artifact } from '../../domain/artifact/artifact.ts';
import { artifactStream, moduleArtifact, realmOf } from '../../domain/stream-names.ts';
import type { ModuleStateReading } from '../../domain/trigger/reading.ts';
import { carryOut, loadStream } from '../../event-log/carry-out.ts';
import type { Done, NoticeDeps, Understood } from './deps.ts';
import { contextOf } from './deps.ts';
import { noticeUpdate } from './notice-update.ts';
import { observeBuild } from './observe-build.ts';

const ready = 5;

/** Also tells of a row that is ready although its build was given up. */
const observeOwn = async (
  deps: NoticeDeps,
  understood: Understood,
  stream: string,
  reading: ModuleStateReading,
): Promise<Done> => {
  const { commit, buildId: externalId, state, stateName, stateReason } = reading;
  if (state === ready && commit !== null) {
    const late = await carryOut(deps.hand, deps.cache)(stream, artifact, contextOf(understood), {
      ...{ type: 'NoteLateReady', externalId, commit },
    });
    if (E.isLeft(late)) return late;
  }
  return observeBuild(deps, understood, stream, { externalId, state, stateName, stateReason });
};

/** A state of a build of ours is an observation; `ready` of any other build is a trigger. */
export const noticeModuleState = async (
  deps: NoticeDeps,
  understood: Understood,
  reading: ModuleStateReading,
): Promise<Done> => {
  const { name, stream: moduleStream, buildId, commit } = reading;
  const stream = artifactStream('real', moduleArtifact(name, moduleStream));
  const loaded = await loadStream(deps.hand.log, deps.cache)(stream, artifact);
  if (E.isLeft(loaded)) return loaded;
  const { ownIds, ownCommits } = loaded.right.state;
  if (ownIds.includes(buildId) || (commit !== null && commit in ownCommits)) {
    const isRehearsal = realmOf(understood.recorded.stream) === 'rehearsal';
    return isRehearsal ? E.right(undefined) : observeOwn(deps, understood, stream, reading);
  }
  if (reading.state !== ready) return E.right(undefined);
  return noticeUpdate(deps, understood, reading);
};
