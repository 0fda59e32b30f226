import type { Coverage } from './coverage.ts';
import { covered, coveredTo, nothingCovered } from './coverage.ts';
import type { CatchUpEvent, Why } from './events.ts';
import type { Window } from './window.ts';

/** How far a run is; times ISO 8601 UTC. */
export type Progress = {
  readonly partFrom: string;
  readonly partTo: string;
  readonly page: number;
  readonly pages: number;
  readonly messages: number;
  readonly missed: number;
};

export type Run = Window & {
  readonly run: number;
  readonly why: Why;
  readonly by: string | null;
  /** All there are when empty. */
  readonly topics: ReadonlyArray<string>;
  readonly owner: string;
  readonly deadline: string;
  /** Null before anything was noted. */
  readonly progress: Progress | null;
};

export type Completed = {
  readonly run: number;
  readonly from: string;
  readonly to: string;
  readonly topics: ReadonlyArray<string>;
  readonly messages: number;
  readonly missed: number;
};

/** Runs of one kind follow each other; those of the other kind are no business of theirs. */
export type Lane = { readonly running: Run | null; readonly last: Completed | null };

export type CatchUpState = {
  readonly runs: number;
  readonly covered: Coverage;
  /** What nobody ordered. */
  readonly byItself: Lane;
  /** What people ordered may take hours, and holds up nothing else. */
  readonly ordered: Lane;
};

const nothing: Lane = { running: null, last: null };

export const initial: CatchUpState = {
  ...{ runs: 0, covered: nothingCovered, byItself: nothing, ordered: nothing },
};

type LaneName = 'byItself' | 'ordered';

/** Which lane a run belongs in. */
export const laneOf = (why: Why): LaneName => (why === 'order' ? 'ordered' : 'byItself');

/** The lane that a run is under way in; undefined when it is over. */
export const laneRunning = (state: CatchUpState, run: number): LaneName | undefined =>
  (['byItself', 'ordered'] as const).find((lane) => state[lane].running?.run === run);

/** What was ordered counts, topic by topic, where it leaves no hole behind what was covered before. */
const coveredAfter = (state: CatchUpState, { why, from, to, topics }: Run): Coverage => {
  const before = state.covered;
  if (why !== 'order') return covered(before, topics, to);
  const joins = (known: ReadonlyArray<string>): boolean => {
    const end = coveredTo(before, known);
    return end !== null && from <= end && to > end;
  };
  if (topics.length > 0) {
    const joined = topics.filter((topic) => joins([topic]));
    return joined.length === 0 ? before : covered(before, joined, to);
  }
  const isWhole = joins([]) && [...before.topics.keys()].every((topic) => joins([topic]));
  return isWhole ? covered(before, [], to) : before;
};

const held = (
  state: CatchUpState,
  run: number,
  change: Partial<Pick<Run, 'owner' | 'deadline' | 'progress'>>,
): CatchUpState => {
  const lane = laneRunning(state, run);
  const running = lane && state[lane].running;
  if (lane === undefined || running == null) return state;
  return { ...state, [lane]: { ...state[lane], running: { ...running, ...change } } };
};

/** The state without a run that is over. */
const ended = (
  state: CatchUpState,
  run: number,
  how: (running: Run, lane: Lane) => Partial<CatchUpState> & { readonly last: Completed | null },
): CatchUpState => {
  const name = laneRunning(state, run);
  const running = name && state[name].running;
  if (name === undefined || running == null) return state;
  const { last, ...change } = how(running, state[name]);
  return { ...state, ...change, [name]: { running: null, last } };
};

export const evolve = (state: CatchUpState, event: CatchUpEvent): CatchUpState => {
  switch (event.type) {
    case 'CatchUpBegun': {
      const { run, why, by, owner, deadline, from, to, topics, leftOutFrom } = event;
      const begun = { run, why, by, owner, deadline, from, to, topics, leftOutFrom };
      const lane = laneOf(why);
      const running = { ...begun, progress: null };
      return { ...state, runs: run, [lane]: { ...state[lane], running } };
    }
    case 'CatchUpTakenOver': {
      const { run, owner, deadline } = event;
      return held(state, run, { owner, deadline });
    }
    case 'CatchUpAdvanced': {
      const { run, owner, deadline, partFrom, partTo, page, pages, messages, missed } = event;
      const progress = { partFrom, partTo, page, pages, messages, missed };
      return held(state, run, { owner, deadline, progress });
    }
    case 'CatchUpCompleted': {
      const { run, messages, missed } = event;
      return ended(state, run, (running) => {
        const { from, to, topics } = running;
        const last = { run, from, to, topics, messages, missed };
        return { last, covered: coveredAfter(state, running) };
      });
    }
    case 'CatchUpAbandoned':
      return ended(state, event.run, (_, { last }) => ({ last }));
  }
};
