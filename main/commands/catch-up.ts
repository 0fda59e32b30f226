import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Progress, Run } from '../../domain/catch-up/state.ts';
import { shareDone } from '../../domain/catch-up/window.ts';
import type { EventLog, LogFailure } from '../../event-log/event-log.ts';
import type { CatchUpDeps, CaughtUp } from '../../ingest/datagrepper/catch-up.ts';
import { catchUpWith } from '../../ingest/datagrepper/catch-up.ts';
import type { Search } from '../../ingest/datagrepper/search.ts';
import type { Trouble } from '../../ingest/datagrepper/walk.ts';
import { patiently } from './backfill/patience.ts';
import type { Order } from './catch-up/order.ts';
import { cancelOrder } from './catch-up/cancel.ts';
import { readOrder } from './catch-up/order.ts';
import { exit } from './exit-codes.ts';
import type { Far } from './progress.ts';
import { farOn } from './progress.ts';

/** `clock`: milliseconds that never go back. */
export type CatchUpCommandDeps = {
  readonly openLog: () => TaskEither<LogFailure, EventLog>;
  /** What the walk works with on this log. */
  readonly walkDeps: (log: EventLog) => CatchUpDeps;
  readonly by: string;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly isTerminal: boolean;
  readonly clock: () => number;
  /** ISO 8601 UTC. */
  readonly now: () => string;
  /** Milliseconds until what was published counts as stored. */
  readonly settle: number;
  readonly signal: AbortSignal;
  /** Milliseconds before asking again after each failure in a row; then it is given up. */
  readonly patience?: ReadonlyArray<number>;
};

export type CatchUpOptions = {
  readonly since?: string;
  readonly until?: string;
  readonly json?: boolean;
  /** Gives up an order that was interrupted. */
  readonly cancel?: boolean;
};

const say = (text: string): string => `freshmaker catch-up: ${text}\n`;

/** How many messages there may be in all is told by how much of the time is done. */
const farOf = (run: Run, progress: Progress, before: number): Far => {
  const [from, to] = [Date.parse(run.from), Date.parse(run.to)];
  const [partFrom, partTo] = [Date.parse(progress.partFrom), Date.parse(progress.partTo)];
  const share = shareDone({ from, to }, { ...progress, from: partFrom, to: partTo });
  const { messages: done, missed } = progress;
  const total = share > 0 ? Math.round(done / share) : null;
  return { done, total, what: `messages (${missed} missed)`, before };
};

/** Shows how far it is; what is taken over from an earlier run is said once. */
const watcherOf = (deps: CatchUpCommandDeps) => {
  const screen = farOn({ ...deps, write: deps.stderr });
  const before = new Map<number, number>();
  let waited = '';
  return {
    onProgress: (run: Run, progress: Progress): void => {
      const known = before.get(run.run);
      const earlier = known ?? run.progress?.messages ?? 0;
      before.set(run.run, earlier);
      if (known === undefined && run.progress !== null) {
        deps.stderr(
          `Going on with what was sent from ${run.from} to ${run.to}, after ${earlier} messages.\n`,
        );
      }
      screen.show(farOf(run, progress, earlier));
    },
    onWait: (reason: string): void => {
      const isKnown = waited === reason.replace(/\d+/gu, '0');
      waited = reason.replace(/\d+/gu, '0');
      if (!isKnown) deps.stderr(`Waiting: ${reason}.\n`);
    },
    clear: screen.clear,
  };
};

const withPatience = (deps: CatchUpCommandDeps, search: Search): Search => {
  const ask = patiently(deps);
  return (question, signal) => ask(`Page ${question.page}`, search(question, signal));
};

const tell = (
  { stdout }: CatchUpCommandDeps,
  { from, to }: Order,
  { messages, missed }: CaughtUp,
  isJson: boolean,
): void => {
  const seenBefore = messages - missed;
  stdout(
    isJson
      ? `${JSON.stringify({ complete: true, from, to, messages, missed, seenBefore })}\n`
      : `${messages} messages sent from ${from} to ${to} looked at: ${missed} newly on record, ${seenBefore} on record before.\n`,
  );
};

const onward = ' What was fetched is on record: run it again to go on.';

const complain = (
  { stdout, stderr }: CatchUpCommandDeps,
  { from, to }: Order,
  { code, reason }: Trouble,
  isJson: boolean,
): number => {
  if (isJson) stdout(`${JSON.stringify({ complete: false, from, to, code, reason })}\n`);
  if (code === 'interrupted') {
    stderr('Interrupted; run it again to go on, or give it up: freshmaker catch-up --cancel\n');
    return exit.interrupted;
  }
  stderr(say(`${reason}.${code === 'datagrepper-refused' ? '' : onward}`));
  return exit.unreachable;
};

/**
 * `catch-up`: fetches from datagrepper what was published in a time, and puts on record what is not.
 * Goes on where an interrupted run stopped; with `cancel` that one is given up instead. Exit 0 done, 2 wrong use, 4 datagrepper or the log cannot
 * be reached, 130 interrupted.
 */
export const catchUpCommand = async (
  deps: CatchUpCommandDeps,
  { json = false, cancel = false, ...asked }: CatchUpOptions,
): Promise<number> => {
  if (cancel) return cancelOrder(deps, { json, ...asked });
  const now = Date.parse(deps.now());
  const order = readOrder(asked, now, now - deps.settle);
  if (E.isLeft(order)) {
    deps.stderr(say(order.left));
    return exit.usage;
  }
  const log = await deps.openLog()();
  if (E.isLeft(log)) {
    deps.stderr(say(`the log cannot be opened: ${log.left.reason}`));
    return exit.unreachable;
  }
  try {
    const walkDeps = deps.walkDeps(log.right);
    const watcher = watcherOf(deps);
    const search = withPatience(deps, walkDeps.search);
    const run = catchUpWith({ ...walkDeps, ...watcher, search });
    const caught = await run({ why: 'order', by: deps.by, ...order.right }, deps.signal);
    watcher.clear();
    if (E.isLeft(caught)) return complain(deps, order.right, caught.left, json);
    tell(deps, order.right, caught.right, json);
    return exit.done;
  } finally {
    await log.right.close();
  }
};
