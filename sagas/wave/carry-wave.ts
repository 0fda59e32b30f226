import * as E from 'fp-ts/lib/Either.js';
import { countStandings } from '../../domain/trigger/outcome.ts';
import type { Noticed, TriggerCommand, TriggerState } from '../../domain/trigger/trigger.ts';
import { trigger } from '../../domain/trigger/trigger.ts';
import { loadStream } from '../../event-log/carry-out.ts';
import type { Act, Hindrance } from '../act.ts';
import { again, idle } from '../act.ts';
import { conclude } from './conclude.ts';
import { decide, hasLaters, reconsider } from './decide.ts';
import type { WaveDeps } from './deps.ts';
import { launch, toLaunch } from './launch.ts';
import type { Question } from './look-up-container.ts';
import { isAboutImages, nextQuestion } from './look-up-container.ts';
import { lookUp } from './look-up.ts';
import { readyModule } from './ready-module.ts';
import { recordAnswers } from './record-answers.ts';
import { whatWasSkipped } from './skipped.ts';
import type { Step } from './tell.ts';
import { isUnknown, tell } from './tell.ts';
import { touchedFiles } from './touched-files.ts';

const needsFiles = (state: TriggerState, { reading }: Noticed): boolean =>
  'filesKnown' in reading && !reading.filesKnown && isUnknown(state, 'touches-its-file');

const needsContents = (state: TriggerState, { reading }: Noticed): boolean =>
  reading.kind === 'MBSModuleStateChangeEvent' && isUnknown(state, 'contents');

/** Asks, and records the answer; an index that is behind is asked again in a moment. */
const asking = async (
  deps: WaveDeps,
  stream: string,
  ask: (needed: string) => Promise<E.Either<Hindrance, unknown>>,
): Step => {
  const head = await deps.hand.log.last(stream)();
  if (E.isLeft(head)) return head;
  const asked = await ask(head.right?.position ?? '');
  if (E.isRight(asked)) return E.right(again);
  return asked.left.code === 'index-behind' ? E.right({ after: 50 }) : asked;
};

const answer = (deps: WaveDeps, stream: string, noticed: Noticed, question: Question): Step =>
  asking(deps, stream, async (needed) => {
    const answers = await question(deps, needed);
    return E.isLeft(answers) ? answers : recordAnswers(deps, stream, noticed, answers.right);
  });

const decideWave = (
  deps: WaveDeps,
  stream: string,
  state: TriggerState,
  noticed: Noticed,
): Step => {
  if (needsContents(state, noticed)) return readyModule(deps, stream, noticed);
  if (needsFiles(state, noticed)) return touchedFiles(deps, stream, noticed);
  const question = nextQuestion(state, noticed);
  if (question !== undefined) return answer(deps, stream, noticed, question);
  if (!isAboutImages(noticed) && isUnknown(state, 'dependents')) {
    return asking(deps, stream, (needed) => lookUp(deps, stream, noticed, needed));
  }
  return decide(deps, stream, state, noticed);
};

const nothingToDo = (state: TriggerState): TriggerCommand => {
  const declined = state.decisions.length;
  const why =
    declined === 0
      ? 'Nothing holds what changed.'
      : `No candidate of ${declined} was accepted; their decisions say why.`;
  const code = declined === 0 ? 'no-candidates' : 'all-declined';
  const reason = `${why}${whatWasSkipped(state.lookups)}`;
  const counts = countStandings([]);
  return { type: 'Conclude', outcome: 'nothing-to-do', code, reason, counts };
};

const afterDecisions = (
  deps: WaveDeps,
  stream: string,
  state: TriggerState,
  noticed: Noticed,
): Step => {
  if (toLaunch(state).length > 0) return launch(deps, stream, state, noticed);
  if (hasLaters(state)) return reconsider(deps, stream, state, noticed);
  if (state.launched) return conclude(deps, stream, state, noticed);
  return tell(deps, stream, noticed, nothingToDo(state));
};

const isOver = ({ noticed, concluded }: TriggerState): boolean =>
  noticed === null || concluded?.blocked === 0;

/**
 * Takes a trigger one step further: look up, decide, launch the wave, decide again what was put off,
 * conclude.
 */
export const carryWave =
  (deps: WaveDeps): Act =>
  async (stream) => {
    const loaded = await loadStream(deps.hand.log, deps.cache)(stream, trigger);
    if (E.isLeft(loaded)) return loaded;
    const { state } = loaded.right;
    const { noticed } = state;
    if (noticed === null || isOver(state)) return E.right(idle);
    const step = state.completed ? afterDecisions : decideWave;
    return step(deps, stream, state, noticed);
  };
