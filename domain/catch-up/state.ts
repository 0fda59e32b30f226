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
  readonly owner: string;
  readonly deadline: string;
  /** Null before anything was noted. */
  readonly progress: Progress | null;
};

export type Completed = {
  readonly run: number;
  readonly from: string;
  readonly to: string;
  readonly messages: number;
  readonly missed: number;
};

export type CatchUpState = {
  readonly runs: number;
  /** Everything sent up to here was fetched once; null before the first run that was not ordered. */
  readonly coveredTo: string | null;
  readonly running: Run | null;
  readonly last: Completed | null;
};

export const initial: CatchUpState = { runs: 0, coveredTo: null, running: null, last: null };

/** What was ordered counts where it leaves no hole behind what was covered before. */
const coveredAfter = ({ coveredTo }: CatchUpState, { why, from, to }: Run): string | null => {
  if (why !== 'order') return to;
  return coveredTo !== null && from <= coveredTo && to > coveredTo ? to : coveredTo;
};

const held = (
  state: CatchUpState,
  run: number,
  change: Partial<Pick<Run, 'owner' | 'deadline' | 'progress'>>,
): CatchUpState =>
  state.running?.run === run ? { ...state, running: { ...state.running, ...change } } : state;

export const evolve = (state: CatchUpState, event: CatchUpEvent): CatchUpState => {
  const { running } = state;
  switch (event.type) {
    case 'CatchUpBegun': {
      const { run, why, by, owner, deadline, from, to, leftOutFrom } = event;
      const begun = { run, why, by, owner, deadline, from, to, leftOutFrom };
      return { ...state, runs: run, running: { ...begun, progress: null } };
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
      if (running?.run !== event.run) return state;
      const { run, messages, missed } = event;
      const last = { run, from: running.from, to: running.to, messages, missed };
      return { ...state, running: null, last, coveredTo: coveredAfter(state, running) };
    }
    case 'CatchUpAbandoned':
      return running?.run === event.run ? { ...state, running: null } : state;
  }
};
