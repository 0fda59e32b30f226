import { setTimeout as sleep } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import { catchUp } from '../../domain/catch-up/catch-up.ts';
import { coveredTo } from '../../domain/catch-up/coverage.ts';
import type { CatchUpState, Completed } from '../../domain/catch-up/state.ts';
import { laneOf } from '../../domain/catch-up/state.ts';
import type { Window } from '../../domain/catch-up/window.ts';
import { catchUpStream } from '../../domain/stream-names.ts';
import { loadStream } from '../../event-log/carry-out.ts';
import type { Aim } from './aim.ts';
import { windowOf } from './aim.ts';
import type { RunDeps } from './finish-run.ts';
import { deadlineFrom, finishRun, tellStream, usualTiming } from './finish-run.ts';
import type { Trouble } from './walk.ts';

export type CatchUpDeps = RunDeps & {
  /** Told in a sentence that another process is at it, whenever that is looked at. */
  readonly onWait?: (reason: string) => void;
  /** Told what is left out, because it is longer ago than is fetched by itself. */
  readonly onLeftOut?: (window: Window & { readonly leftOutFrom: string }) => void;
};

/** What it came to: messages looked at, and how many of them were not on record before. */
export type CaughtUp = { readonly messages: number; readonly missed: number };

type Step = E.Either<Trouble, 'again' | 'wait'>;

/** What another process did first: looked at anew, it is no failure. */
const others: ReadonlyMap<string, 'again' | 'wait'> = new Map([
  ['outdated', 'again'],
  ['not-the-owner', 'again'],
  ['conflict', 'wait'],
  ['under-way', 'wait'],
]);

const stepAfter = (deps: CatchUpDeps, trouble: Trouble): Step => {
  const next = others.get(trouble.code);
  if (trouble.code === 'under-way') deps.onWait?.(trouble.reason);
  return next === undefined ? E.left(trouble) : E.right(next);
};

/** Begins what is wanted, or goes on with what was begun, and brings it to its end. */
const oneRun = async (
  deps: CatchUpDeps,
  aim: Aim,
  window: Window,
  { covered }: CatchUpState,
  signal: AbortSignal,
): Promise<Step> => {
  const { owner, ingest, topics, timing = usualTiming } = deps;
  const now = ingest.now();
  const { why, by } = aim.why === 'order' ? aim : { why: aim.why, by: null };
  const claimed = await tellStream(deps, {
    ...{ type: 'Claim', why, by, window, topics, owner, now },
    coveredTo: coveredTo(covered, topics),
    deadline: deadlineFrom(now, timing),
  });
  if (E.isLeft(claimed)) return stepAfter(deps, claimed.left);
  const { running } = claimed.right[laneOf(why)];
  if (running === null) return E.right('again');
  const { leftOutFrom } = running;
  if (leftOutFrom !== null && running.progress === null) {
    deps.onLeftOut?.({ from: running.from, to: running.to, leftOutFrom });
  }
  const finished = await finishRun(deps, running, signal);
  return E.isLeft(finished) ? stepAfter(deps, finished.left) : E.right('again');
};

const sumOf = (completed: ReadonlyArray<Completed>): CaughtUp => ({
  messages: completed.reduce((sum, { messages }) => sum + messages, 0),
  missed: completed.reduce((sum, { missed }) => sum + missed, 0),
});

const pause = async (
  { timing = usualTiming }: Pick<CatchUpDeps, 'timing'>,
  signal: AbortSignal,
): Promise<void> => {
  // Only the signal ends a pause early, and then the loop ends by itself.
  await sleep(timing.look, undefined, { signal }).catch(() => undefined);
};

/** Runs that others or we completed, from the first look on: each once. */
const completions = () => {
  const completed: Array<Completed> = [];
  let seen: number | undefined;
  return (last: Completed | null): ReadonlyArray<Completed> => {
    const run = last?.run ?? 0;
    if (last !== null && run > (seen ?? run)) completed.push(last);
    seen = run;
    return completed;
  };
};

/**
 * Fetches from datagrepper what the aim asks for, or waits while another process does. What was
 * begun before for the like is brought to its end first, with the topics it was begun with. Right when all of it is on record; left says why it is
 * not, and the next call goes on from there. `interrupted` when the signal fired.
 */
export const catchUpWith =
  (deps: CatchUpDeps) =>
  async (aim: Aim, signal: AbortSignal): Promise<E.Either<Trouble, CaughtUp>> => {
    const load = loadStream(deps.ingest.log, deps.cache);
    const completedBy = completions();
    while (!signal.aborted) {
      const loaded = await load(catchUpStream(deps.realm), catchUp);
      if (E.isLeft(loaded)) return loaded;
      const { state } = loaded.right;
      const completed = completedBy(state[laneOf(aim.why)].last);
      const window = windowOf(aim, deps.topics, state, completed);
      if (window === undefined) return E.right(sumOf(completed));
      const step = await oneRun(deps, aim, window, state, signal);
      if (E.isLeft(step)) return step;
      if (step.right === 'wait') await pause(deps, signal);
    }
    return E.left({ code: 'interrupted', reason: 'it was interrupted' });
  };
