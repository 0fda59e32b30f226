import * as E from 'fp-ts/lib/Either.js';
import { reconcileStream } from '../../domain/reconcile/events.ts';
import type { RecordedEvent } from '../../event-log/event-log.ts';
import type { Hindrance } from '../../sagas/act.ts';
import type { Completed } from '../../sagas/reconcile/completed.ts';
import { carryRun } from '../../sagas/reconcile/carry-run.ts';
import type { Watch } from '../../sagas/reconcile/claim.ts';
import { claim } from '../../sagas/reconcile/claim.ts';
import type { CatchUp, ReconcileDeps } from '../../sagas/reconcile/deps.ts';
import type { Config } from '../config/settings.ts';
import type { Logger } from '../logger.ts';
import type { Stores } from '../open-stores.ts';
import type { Clients } from './clients.ts';
import type { Part } from './faults.ts';
import { followOn } from './follow-on.ts';
import type { Heartbeats } from './heartbeats.ts';
import { logBeganAt, pause, reconcileDepsOf } from './reconcile-deps.ts';
import { summaryOf } from './reconcile-summary.ts';

const name = 'The reconcile';
const watching = 'The watch of differences';

/** Milliseconds between two looks at what is due, at most; runs of others are seen by then. */
const longest = 10_000;
/** Milliseconds until the log is asked again after it failed. */
const breath = 2000;

export type ReconcilePart = {
  readonly config: Config;
  readonly stores: Stores;
  readonly clients: Clients;
  readonly logger: Logger;
  /** What a catch-up beats by meanwhile is given; null where no archive of the bus is configured. */
  readonly catchUpBeating: (beat: () => void) => CatchUp | null;
  readonly owner: string;
  /** Has the sagas look at these streams at once. */
  readonly wake: (streams: ReadonlyArray<string>) => Promise<void>;
  readonly beatOf: Heartbeats['beatOf'];
};

const tellOf = ({ logger, config }: ReconcilePart, done: E.Either<Hindrance, Completed>): void => {
  const told = {
    saga: 'reconcile',
    stream: reconcileStream(config.rehearsal ? 'rehearsal' : 'real'),
  };
  if (E.isLeft(done)) {
    const { code, reason = code } = done.left;
    const level = code === 'interrupted' || code === 'not-the-owner' ? 'info' : 'warn';
    logger.saga({ ...told, level, code, reason });
    return;
  }
  const level = done.right.unreachable.length > 0 ? 'warn' : 'info';
  const code = level === 'warn' ? 'incomplete' : 'completed';
  logger.saga({ ...told, level, code, reason: summaryOf(done.right) });
};

/** Looks whether a run is due, and does it; how long (ms) until the next look. */
const turn = async (
  part: ReconcilePart,
  deps: ReconcileDeps,
  watch: Watch,
  signal: AbortSignal,
): Promise<number> => {
  const every = part.config.reconcileEvery * 1000;
  const claimed = await claim(deps, watch, { why: 'schedule', every });
  if (E.isLeft(claimed)) {
    tellOf(part, claimed);
    return breath;
  }
  if (claimed.right.type === 'wait') return Math.min(claimed.right.after, longest);
  const { run, marks } = claimed.right;
  tellOf(part, await carryRun(deps, run, marks, signal));
  return 0;
};

const depsFor = async (
  part: ReconcilePart,
  beat: () => void,
): Promise<E.Either<Hindrance, ReconcileDeps>> => {
  const logBegan = await logBeganAt(part.stores.log);
  if (E.isLeft(logBegan)) return logBegan;
  const process = { ...part, actor: 'freshmaker', beat, catchUp: part.catchUpBeating(beat) };
  return E.right(reconcileDepsOf({ ...process, logBegan: logBegan.right }));
};

const runs = async (part: ReconcilePart, signal: AbortSignal): Promise<void> => {
  const beat = part.beatOf(name);
  const isOver = (): boolean => signal.aborted;
  const watch: Watch = { seen: null };
  let deps: ReconcileDeps | undefined;
  const once = async (): Promise<number> => {
    const found = deps === undefined ? await depsFor(part, beat) : E.right(deps);
    if (E.isLeft(found)) {
      tellOf(part, found);
      return breath;
    }
    deps = found.right;
    return turn(part, deps, watch, signal);
  };
  while (!isOver()) {
    beat();
    const after = await once().catch((error: unknown) => {
      part.logger.bug(error);
      return longest;
    });
    if (!isOver()) await pause(Math.max(after, 50), signal);
  }
};

const streamIn = ({ data }: RecordedEvent): ReadonlyArray<string> =>
  typeof data['stream'] === 'string' ? [data['stream']] : [];

/** Wakes whoever follows a stream in which a difference was found, by whichever process. */
const watchDifferences = async (part: ReconcilePart, signal: AbortSignal): Promise<void> => {
  const { stores, wake, logger } = part;
  const beat = part.beatOf(watching);
  const isOver = (): boolean => signal.aborted;
  const watchOnce = followOn({
    log: stores.log,
    filter: { types: ['DifferenceFound'] },
    tell: (events) => wake([...new Set(events.flatMap(streamIn))]).catch(logger.bug),
    beat,
  });
  while (!isOver()) {
    beat();
    await watchOnce(signal).catch(logger.bug);
    await pause(1000, signal);
  }
};

/**
 * Compares what is on record with what the services say, every `reconcileEvery` seconds, and soon
 * after a start where that is overdue: of several backends one does it.
 */
export const startReconcile = (part: ReconcilePart, signal: AbortSignal): ReadonlyArray<Part> => [
  [name, runs(part, signal).then(E.right)],
  [watching, watchDifferences(part, signal).then(E.right)],
];
