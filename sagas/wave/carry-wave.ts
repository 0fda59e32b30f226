import * as E from 'fp-ts/lib/Either.js';
import { artifact } from '../../domain/artifact/artifact.ts';
import { artifactStream, moduleArtifact } from '../../domain/stream-names.ts';
import type { Noticed, TriggerCommand, TriggerState } from '../../domain/trigger/trigger.ts';
import { trigger } from '../../domain/trigger/trigger.ts';
import { carryOut, loadStream } from '../../event-log/carry-out.ts';
import type { Act, Hindrance, Next } from '../act.ts';
import { again, idle } from '../act.ts';
import { isBeyondDescribing, recordContents } from '../record-contents.ts';
import { conclude } from './conclude.ts';
import { decide } from './decide.ts';
import type { WaveDeps } from './deps.ts';
import { launch } from './launch.ts';
import { lookUp } from './look-up.ts';

type Step = Promise<E.Either<Hindrance, Next>>;

const none = { succeeded: 0, failed: 0, blocked: 0, withdrawn: 0, rehearsed: 0 };

const tell = async (
  deps: WaveDeps,
  stream: string,
  noticed: Noticed,
  command: TriggerCommand,
): Step => {
  const context = { correlationId: noticed.messageId };
  const told = await carryOut(deps.hand, deps.cache)(stream, trigger, context, command);
  return E.isLeft(told) ? told : E.right(again);
};

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
const readyModule = async (deps: WaveDeps, stream: string, noticed: Noticed): Step => {
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
    ...{ type: 'Conclude', outcome: 'nothing-to-do', code: 'own-build', reason, counts: none },
  });
};

const contentsKnown = (answer: boolean | string): TriggerCommand => ({
  type: 'RecordLookups',
  lookups: [{ question: 'contents', answer, asOf: '' }],
});

/** A push whose message lists no files: dist-git is asked which changed. */
const changedFiles = async (deps: WaveDeps, stream: string, noticed: Noticed): Step => {
  const { reading } = noticed;
  const answered = (answer: boolean): Step =>
    tell(deps, stream, noticed, {
      type: 'RecordLookups',
      lookups: [{ question: 'touches-its-file', answer, asOf: '' }],
    });
  if (!('filesKnown' in reading) || noticed.rehearsal) return answered(true);
  const isSpec = reading.kind === 'GitRPMSpecChangeEvent';
  const namespace = isSpec ? 'rpms' : 'modules';
  const { repo, oldRev, rev } = reading;
  const files = await deps.distGit.changedFiles(namespace, repo, oldRev, rev)();
  if (E.isLeft(files)) return files;
  return answered(files.right.includes(isSpec ? `${repo}.spec` : `${repo}.yaml`));
};

const isUnknown = (state: TriggerState, question: string): boolean =>
  !Object.hasOwn(state.lookups, question);

const needsFiles = (state: TriggerState, { reading }: Noticed): boolean =>
  'filesKnown' in reading && !reading.filesKnown && isUnknown(state, 'touches-its-file');

const askIndex = async (deps: WaveDeps, stream: string, noticed: Noticed): Step => {
  const head = await deps.hand.log.last(stream)();
  if (E.isLeft(head)) return head;
  const looked = await lookUp(deps, stream, noticed, head.right?.position ?? '');
  if (E.isRight(looked)) return E.right(again);
  return looked.left.code === 'index-behind' ? E.right({ after: 50 }) : looked;
};

const needsContents = (state: TriggerState, { reading }: Noticed): boolean =>
  reading.kind === 'MBSModuleStateChangeEvent' && isUnknown(state, 'contents');

const decideWave = async (
  deps: WaveDeps,
  stream: string,
  state: TriggerState,
  noticed: Noticed,
): Step => {
  if (needsContents(state, noticed)) return readyModule(deps, stream, noticed);
  if (needsFiles(state, noticed)) return changedFiles(deps, stream, noticed);
  if (isUnknown(state, 'dependents')) return askIndex(deps, stream, noticed);
  const decided = await decide(deps, stream, state, noticed);
  return E.isLeft(decided) ? decided : E.right(again);
};

const nothingToDo = (state: TriggerState): TriggerCommand => {
  const declined = state.decisions.length;
  const reason =
    declined === 0
      ? 'Nothing holds what changed.'
      : `No candidate of ${declined} was accepted; their decisions say why.`;
  const code = declined === 0 ? 'no-candidates' : 'all-declined';
  return { type: 'Conclude', outcome: 'nothing-to-do', code, reason, counts: none };
};

const launchWave = async (
  deps: WaveDeps,
  stream: string,
  state: TriggerState,
  noticed: Noticed,
): Step => {
  if (!state.decisions.some(({ verdict }) => verdict === 'yes')) {
    return tell(deps, stream, noticed, nothingToDo(state));
  }
  const launched = await launch(deps, stream, state, noticed);
  return E.isLeft(launched) ? launched : E.right(again);
};

const isOver = ({ noticed, concluded }: TriggerState): boolean =>
  noticed === null || concluded?.blocked === 0;

/** Takes a trigger one step further: look up, decide, launch the wave, conclude. */
export const carryWave =
  (deps: WaveDeps): Act =>
  async (stream) => {
    const loaded = await loadStream(deps.hand.log, deps.cache)(stream, trigger);
    if (E.isLeft(loaded)) return loaded;
    const { state } = loaded.right;
    const { noticed } = state;
    if (noticed === null || isOver(state)) return E.right(idle);
    if (state.launched) return conclude(deps, stream, state, noticed);
    if (state.completed) return launchWave(deps, stream, state, noticed);
    return decideWave(deps, stream, state, noticed);
  };
