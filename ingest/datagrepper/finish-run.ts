import * as E from 'fp-ts/lib/Either.js';
import { catchUp } from '../../domain/catch-up/catch-up.ts';
import type { CatchUpCommand } from '../../domain/catch-up/commands.ts';
import type { CatchUpState, Progress, Run } from '../../domain/catch-up/state.ts';
import { catchUpStream } from '../../domain/stream-names.ts';
import type { FoldCache } from '../../event-log/carry-out.ts';
import { carryOut } from '../../event-log/carry-out.ts';
import type { Trouble, WalkDeps } from './walk.ts';
import { walk } from './walk.ts';

export type RunDeps = WalkDeps & {
  /** This process, for as long as it runs. */
  readonly owner: string;
  readonly cache: FoldCache;
  /** Milliseconds on a clock that never goes back. */
  readonly monotonic: () => number;
  /** Told after each page. */
  readonly onProgress?: (run: Run, progress: Progress) => void;
  readonly timing?: Timing;
};

/** Milliseconds: a run counts as alive; between two notes of progress; between two looks at others. */
export type Timing = { readonly lease: number; readonly note: number; readonly look: number };
export const usualTiming: Timing = { lease: 120_000, note: 10_000, look: 1000 };

const pagesPerNote = 20;
const interrupted: Trouble = { code: 'interrupted', reason: 'it was interrupted' };

type Said = E.Either<Trouble, CatchUpState>;

/** Carries a command out on the stream of catch-ups; right with the state after it. */
export const tellStream = async (
  { ingest, cache, realm }: Pick<RunDeps, 'ingest' | 'cache' | 'realm'>,
  command: CatchUpCommand,
): Promise<Said> => {
  const stream = catchUpStream(realm);
  const context = { correlationId: stream };
  const said = await carryOut(ingest, cache)(stream, catchUp, context, command);
  if (E.isRight(said)) return E.right(said.right.state);
  const { left } = said;
  const reason = 'reason' in left ? left.reason : `the log could not be written: ${left.code}`;
  return E.left({ code: left.code, reason });
};

/** When a run that is alive now may be taken over. */
export const deadlineFrom = (now: string, { lease }: Timing): string =>
  new Date(Date.parse(now) + lease).toISOString();

/** Notes progress now and then, and so keeps the run ours. */
const noteWith = (
  deps: RunDeps,
  run: Run,
): ((progress: Progress) => Promise<E.Either<Trouble, unknown>>) => {
  const { timing = usualTiming, owner, ingest, monotonic } = deps;
  let noted = monotonic();
  let pages = 0;
  return async (progress) => {
    deps.onProgress?.(run, progress);
    pages += 1;
    const isDue = pages >= pagesPerNote || monotonic() - noted >= timing.note;
    if (!isDue) return E.right(undefined);
    pages = 0;
    noted = monotonic();
    const deadline = deadlineFrom(ingest.now(), timing);
    return tellStream(deps, { type: 'Advance', run: run.run, owner, deadline, progress });
  };
};

/** Ends our work on a run that is not over: it is let go, or given up where it never could be. */
const leave = (
  deps: RunDeps,
  { run }: Run,
  { code, reason }: Trouble,
  progress: Progress,
): Promise<Said> => {
  const { owner, ingest } = deps;
  // A question that is refused would be refused for ever.
  if (code === 'datagrepper-refused') {
    return tellStream(deps, { type: 'Abandon', run, owner, code, reason });
  }
  const deadline = ingest.now();
  return tellStream(deps, { type: 'Advance', run, owner, deadline, progress });
};

/**
 * Brings a run of ours to its end. Left: why not; then it is let go with what was done, so that
 * whoever comes next goes on there. `not-the-owner`: another process has taken it over.
 */
export const finishRun = async (
  deps: RunDeps,
  run: Run,
  signal: AbortSignal,
): Promise<E.Either<Trouble, void>> => {
  const walked = await walk(deps, run, noteWith(deps, run), signal);
  if (E.isRight(walked) && walked.right.isOver) {
    const { messages, missed } = walked.right.progress;
    const said = await tellStream(deps, {
      ...{ type: 'Complete', run: run.run, owner: deps.owner, messages, missed },
    });
    return E.isLeft(said) ? said : E.right(undefined);
  }
  const trouble = E.isLeft(walked) ? walked.left : interrupted;
  const { progress } = E.isLeft(walked) ? walked.left : walked.right;
  // The first trouble is the one to tell; a run that could not be let go is free at its deadline.
  if (trouble.code !== 'not-the-owner') await leave(deps, run, trouble, progress);
  return E.left({ code: trouble.code, reason: trouble.reason });
};
