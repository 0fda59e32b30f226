import * as E from 'fp-ts/lib/Either.js';
import { artifact } from '../../domain/artifact/artifact.ts';
import { artifactStream, moduleArtifact } from '../../domain/stream-names.ts';
import { countStandings } from '../../domain/trigger/outcome.ts';
import type { Noticed, TriggerCommand } from '../../domain/trigger/trigger.ts';
import { loadStream } from '../../event-log/carry-out.ts';
import type { Hindrance } from '../act.ts';
import { isBeyondDescribing, recordContents } from '../record-contents.ts';
import type { WaveDeps } from './deps.ts';
import type { Step } from './tell.ts';
import { tell } from './tell.ts';

const contentsKnown = (answer: boolean | string): TriggerCommand => ({
  type: 'RecordLookups',
  lookups: [{ question: 'contents', answer, asOf: '' }],
});

/** Whether a module made ready by others was ours after all, which its message could not say. */
const isOurs = async (
  deps: WaveDeps,
  noticed: Noticed,
  commit: string | null,
): Promise<E.Either<Hindrance, boolean>> => {
  const { reading } = noticed;
  if (reading.kind !== 'MBSModuleStateChangeEvent') return E.right(false);
  const stream = artifactStream('real', moduleArtifact(reading.name, reading.stream));
  const loaded = await loadStream(deps.hand.log, deps.cache)(stream, artifact);
  if (E.isLeft(loaded)) return loaded;
  const { ownIds, ownCommits } = loaded.right.state;
  return E.right(ownIds.includes(reading.buildId) || (commit !== null && commit in ownCommits));
};

/** What a module made ready by others holds goes into the record before anything is asked of it. */
export const readyModule = async (deps: WaveDeps, stream: string, noticed: Noticed): Step => {
  const { reading } = noticed;
  if (reading.kind !== 'MBSModuleStateChangeEvent' || noticed.rehearsal) {
    return tell(deps, stream, noticed, contentsKnown(true));
  }
  const contents = await deps.mbs.contents(reading.buildId)();
  if (E.isLeft(contents)) {
    if (!isBeyondDescribing(contents.left)) return contents;
    return tell(deps, stream, noticed, contentsKnown(contents.left.reason));
  }
  const context = { correlationId: noticed.messageId };
  const recorded = await recordContents(deps.hand, context, contents.right);
  if (E.isLeft(recorded)) return recorded;
  const ours = await isOurs(deps, noticed, contents.right.commit);
  if (E.isLeft(ours)) return ours;
  if (!ours.right) return tell(deps, stream, noticed, contentsKnown(true));
  const reason = 'This build is one of ours: its wave has its dependents already.';
  return tell(deps, stream, noticed, {
    ...{ type: 'Conclude', outcome: 'nothing-to-do', code: 'own-build', reason },
    counts: countStandings([]),
  });
};
