import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Verdict } from '../../audit/chain.ts';
import { verify } from '../../audit/verify.ts';
import { copyLog } from '../../event-log/copy/copy-log.ts';
import { standingOf } from '../../event-log/copy/standing.ts';
import type { EventLog, LogFailure } from '../../event-log/event-log.ts';
import { start } from '../../event-log/event-log.ts';
import { exit, exitFor } from './exit-codes.ts';
import { inWords, type Outcome } from './log-copy/outcome.ts';
import { farOn } from './progress.ts';

type Opened = TaskEither<LogFailure, EventLog>;

/** What the command works with. `clock`: milliseconds that never go back. */
export type CopyDeps = {
  readonly openSource: Opened;
  readonly openTarget: Opened;
  readonly stdout: (text: string) => Promise<void>;
  readonly stderr: (text: string) => void;
  readonly isTerminal: boolean;
  readonly clock: () => number;
  readonly signal?: AbortSignal;
};

type Failure = { readonly code: string; readonly reason: string };
type Pair = { readonly source: EventLog; readonly target: EventLog };
type Stopped = { readonly exit: number; readonly reason: string };
type Step<A> = Promise<E.Either<Stopped, A>>;
/** A log that was walked up to this position and found intact. */
type Proven = { readonly verdict: Verdict; readonly upTo: string };

const failed = (reason: string): Stopped => ({ exit: exit.failed, reason });

const stoppedBy =
  (what: string) =>
  ({ code, reason }: Failure): Stopped => {
    const how = code === 'corrupt' ? exit.failed : exitFor(code);
    const sentence = /[.?!]$/u.test(reason) ? reason : `${reason}.`;
    const advice = how === exit.unreachable ? ' Run it again to go on.' : '';
    return { exit: how, reason: `${what}: ${sentence}${advice}` };
  };

/** Shows how far one part of the work is, with what it is called. */
const showing = (deps: CopyDeps, total: number | null, before = 0) => {
  const progress = farOn({ ...deps, write: deps.stderr });
  const show =
    (what: string) =>
    (done: number): void =>
      progress.show({ done, total, what, before });
  return { show, clear: progress.clear };
};

const proven = async (
  deps: CopyDeps,
  log: EventLog,
  which: string,
  total: number | null = null,
): Step<Proven> => {
  const { show, clear } = showing(deps, total);
  const tell = show(`events of the ${which} verified`);
  let upTo = start;
  const verdict = await verify(log, ({ events, head }) => {
    upTo = head;
    tell(events);
  })();
  clear();
  if (E.isLeft(verdict)) return E.left(stoppedBy(`the ${which} cannot be read`)(verdict.left));
  const { firstFault, faultCount } = verdict.right;
  if (firstFault === undefined) return E.right({ verdict: verdict.right, upTo });
  const { at, code, reason } = firstFault;
  const advice =
    which === 'source'
      ? 'Nothing was copied. freshmaker log verify lists every fault.'
      : 'Do not use the target: empty it, and copy once more.';
  return E.left(
    failed(
      `the ${which} is BROKEN (faults: ${faultCount}), the first at ${at} (${code}): ${reason}. ${advice}`,
    ),
  );
};

const standing = async (deps: CopyDeps, { source, target }: Pair, total: number) => {
  const { show, clear } = showing(deps, total);
  const found = await standingOf(source, target, show('events compared'));
  clear();
  return E.mapLeft((failure: Failure): Stopped => {
    if (failure.code !== 'target-differs') return stoppedBy('the logs cannot be compared')(failure);
    const reason = `the target holds something else than the source: ${failure.reason}. Nothing was copied; name an empty target, or the one of a copy that was cut short.`;
    return { exit: exit.usage, reason };
  })(found);
};

const copied = async (deps: CopyDeps, pair: Pair, { upTo, verdict }: Proven): Step<number> => {
  const from = await standing(deps, pair, verdict.events);
  if (E.isLeft(from)) return from;
  const { events: before } = from.right;
  if (before > 0) deps.stderr(`${before} events are there already; going on after them.\n`);
  const { show, clear } = showing(deps, verdict.events, before);
  const { signal } = deps;
  const course = { upTo, from: from.right, progress: show('events copied') };
  const done = await copyLog(pair.source, pair.target, {
    ...course,
    ...(signal === undefined ? {} : { signal }),
  });
  clear();
  if (E.isLeft(done)) return E.left(stoppedBy('the copy stopped')(done.left));
  if (done.right.events === verdict.events) return E.right(done.right.events - before);
  const reason = `Interrupted after ${done.right.events} of ${verdict.events} events; run it again to go on.`;
  return E.left({ exit: exit.interrupted, reason });
};

const compared = (source: Verdict, target: Verdict): Stopped | undefined =>
  source.digest === target.digest
    ? undefined
    : failed(
        `the two sides differ: the source has ${source.events} events, digest ${source.digest}; the target ${target.events}, digest ${target.digest}. Somebody wrote to the target: empty it, and copy once more.`,
      );

const run = async (deps: CopyDeps, pair: Pair): Step<Outcome> => {
  const source = await proven(deps, pair.source, 'source');
  if (E.isLeft(source)) return source;
  const copy = await copied(deps, pair, source.right);
  if (E.isLeft(copy)) return copy;
  const target = await proven(deps, pair.target, 'target', source.right.verdict.events);
  if (E.isLeft(target)) return target;
  const difference = compared(source.right.verdict, target.right.verdict);
  if (difference !== undefined) return E.left(difference);
  const now = await pair.source.head()();
  if (E.isLeft(now)) return E.left(stoppedBy('the source cannot be read')(now.left));
  const { events, streams, digest } = target.right.verdict;
  const wentOn = now.right !== source.right.upTo;
  return E.right({ events, streams, digest, copied: copy.right, wentOn });
};

const opened = async (deps: CopyDeps): Step<Pair> => {
  const source = await deps.openSource();
  if (E.isLeft(source)) {
    return E.left(stoppedBy('the source cannot be opened')(source.left));
  }
  const target = await deps.openTarget();
  if (E.isRight(target)) return E.right({ source: source.right, target: target.right });
  await source.right.close();
  return E.left(stoppedBy('the target cannot be opened')(target.left));
};

const told = async (
  { stdout, stderr }: CopyDeps,
  outcome: E.Either<Stopped, Outcome>,
  json: boolean,
): Promise<number> => {
  if (E.isLeft(outcome)) {
    stderr(`freshmaker log copy: ${outcome.left.reason}\n`);
    return outcome.left.exit;
  }
  await stdout(json ? `${JSON.stringify(outcome.right)}\n` : inWords(outcome.right));
  return outcome.right.wentOn ? exit.failed : exit.done;
};

/**
 * `log copy`: a whole log from one place to another, so that it is the same log there: verified
 * before, compared as far as the target holds it already, copied, and verified again. Exit 0 done, 1
 * a side is broken, they differ or the source went on meanwhile, 2 the target holds something else, 4
 * a side is out of reach, 130 interrupted; after 4 and 130 the same command goes on.
 */
export const logCopy = async (
  deps: CopyDeps,
  { json = false }: { readonly json?: boolean },
): Promise<number> => {
  const pair = await opened(deps);
  if (E.isLeft(pair)) return told(deps, pair, json);
  const { source, target } = pair.right;
  try {
    return await told(deps, await run(deps, pair.right), json);
  } finally {
    await target.close();
    await source.close();
  }
};
