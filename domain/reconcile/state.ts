import type { DifferenceFound, Marks, ReconcileEvent } from './events.ts';

/** The run under way. */
export type Run = {
  readonly run: number;
  readonly owner: string;
  /** Milliseconds of silence after which another process may take over. */
  readonly patience: number;
  /** ISO. */
  readonly begunAt: string;
  /** Rises with everything the owner lets be known; what others watch for. */
  readonly pulse: number;
  readonly prolongedAt: string | null;
  /** Differences on record, each by what tells it from others. */
  readonly noted: ReadonlyArray<string>;
};

export type ReconcileState = {
  /** Number of the newest run; 0 before the first. */
  readonly runs: number;
  readonly running: Run | null;
  /** When the newest completed run began, and the newest abandoned one ended. ISO. */
  readonly completedFrom: string | null;
  readonly abandonedAt: string | null;
  readonly marks: Marks;
};

/** What a difference tells, whichever run found it. */
export type Difference = Omit<DifferenceFound, 'type' | 'run'>;

/** Before the first run. */
export const initial: ReconcileState = {
  runs: 0,
  running: null,
  completedFrom: null,
  abandonedAt: null,
  marks: { readyModules: null, finishedImages: null, ownTasks: null, ownComposes: null },
};

/** What tells a difference from the others of its run. */
export const keyOf = ({ code, system, stream, externalId, found }: Difference): string =>
  JSON.stringify([code, system, stream, externalId, found]);

/** How many differences a run has on record, by whichever owner: all, or of one code. */
export const countNoted = ({ noted }: Pick<Run, 'noted'>, code?: Difference['code']): number =>
  code === undefined
    ? noted.length
    : noted.filter((key) => key.startsWith(`[${JSON.stringify(code)},`)).length;

const withRun = (state: ReconcileState, change: (run: Run) => Partial<Run>): ReconcileState => {
  const { running } = state;
  if (running === null) return state;
  return { ...state, running: { ...running, pulse: running.pulse + 1, ...change(running) } };
};

/** The state after one more event. */
export const evolve = (state: ReconcileState, event: ReconcileEvent): ReconcileState => {
  switch (event.type) {
    case 'ReconcileBegun': {
      const { run, owner, patience, at: begunAt } = event;
      const running = { run, owner, patience, begunAt, pulse: 0, prolongedAt: null, noted: [] };
      return { ...state, runs: run, running };
    }
    case 'ReconcileProlonged':
      return withRun(state, () => ({ prolongedAt: event.at }));
    case 'ReconcileTakenOver': {
      const { owner, patience } = event;
      return withRun(state, () => ({ owner, patience, prolongedAt: null }));
    }
    case 'DifferenceFound':
      return withRun(state, ({ noted }) => ({ noted: [...noted, keyOf(event)] }));
    case 'ReconcileCompleted': {
      const completedFrom = state.running?.begunAt ?? event.at;
      return { ...state, running: null, completedFrom, abandonedAt: null, marks: event.marks };
    }
    case 'ReconcileAbandoned':
      return { ...state, running: null, abandonedAt: event.at };
  }
};
