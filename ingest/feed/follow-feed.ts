import { setTimeout as sleep } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import type { Realm } from '../../domain/stream-names.ts';
import type { Ingest, NotAppended } from '../append-message.ts';
import { appendInOrder, reasonOf } from '../append-all.ts';
import type { FeedFailure } from './ask.ts';
import { ask } from './ask.ts';
import type { Cursor, CursorFailure } from './cursor.ts';

export type FeedDeps = {
  readonly ingest: Ingest;
  /** `rehearsal` where the whole service only rehearses; `real` unless given. */
  readonly realm?: Realm;
  readonly url: string;
  readonly cursor: Cursor;
  /** Told when the feed or the log fails, and when it works again. */
  readonly report: (sentence: string) => void;
  /** Called at every turn of the loop, and for each message. */
  readonly beat?: () => void;
  /** From 0 up to 1, for the jitter of pauses. */
  readonly random: () => number;
  /** Seconds the feed may wait with an answer; default 20. */
  readonly wait?: number;
  /** Messages in one answer; default 100. */
  readonly max?: number;
  /** Milliseconds of the first pause after a failure, and of the longest; default 500 and 30,000. */
  readonly pauses?: { readonly first: number; readonly longest: number };
};

type Failure = FeedFailure | CursorFailure | NotAppended;

const pausesByDefault = { first: 500, longest: 30_000 };

/** Milliseconds to pause after so many failures in a row: doubling, with jitter, bounded. */
export const pauseAfter = (
  failures: number,
  { first, longest }: { readonly first: number; readonly longest: number },
  random: () => number,
): number => Math.min(longest, first * 2 ** Math.min(failures - 1, 20)) * (0.5 + random() / 2);

const pause = async (milliseconds: number, signal: AbortSignal): Promise<void> => {
  if (signal.aborted) return;
  // Only the signal ends a pause early, and then the loop ends by itself.
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
};

/** A cursor the feed does not know is of no use ever: the next question is for its beginning. */
const beginAnew = async (
  { cursor }: FeedDeps,
  after: string | undefined,
  failure: FeedFailure,
): Promise<E.Either<Failure, never>> => {
  if (failure.code !== 'cursor-unknown' || after === undefined || after === '') {
    return E.left(failure);
  }
  const saved = await cursor.save('')();
  if (E.isLeft(saved)) return saved;
  const reason = `${failure.reason}: it does not know the cursor "${after}" and is read from its beginning`;
  return E.left({ ...failure, reason });
};

/** One question and all that follows from it; right with how many messages it brought. */
const round = async (deps: FeedDeps, signal: AbortSignal): Promise<E.Either<Failure, number>> => {
  const { ingest, realm = 'real', url, cursor, wait = 20, max = 100 } = deps;
  const after = await cursor.load()();
  if (E.isLeft(after)) return after;
  const batch = await ask(url, signal)({ after: after.right, wait, max })();
  if (E.isLeft(batch)) return beginAnew(deps, after.right, batch.left);
  const appended = await appendInOrder(ingest, realm, batch.right.messages, deps.beat);
  if (E.isLeft(appended)) return appended;
  const { next, messages } = batch.right;
  if (next === after.right) return E.right(messages.length);
  const saved = await cursor.save(next)();
  return E.isLeft(saved) ? saved : E.right(messages.length);
};

/**
 * Follows a feed until the signal aborts: asks what is new, puts each message on record, and only
 * then moves the cursor. Failures are reported and tried again after a pause; nothing is skipped, and
 * what the log refuses for good is set aside. A feed that does not know the cursor (410) is read from
 * its beginning.
 */
export const followFeed = async (deps: FeedDeps, signal: AbortSignal): Promise<void> => {
  const { report, random, url, pauses = pausesByDefault } = deps;
  const isOver = (): boolean => signal.aborted;
  let failures = 0;
  while (!isOver()) {
    deps.beat?.();
    const began = performance.now();
    const outcome = await round(deps, signal);
    if (E.isLeft(outcome)) {
      if (isOver()) return;
      failures += 1;
      const milliseconds = pauseAfter(failures, pauses, random);
      deps.beat?.();
      report(`feed: ${reasonOf(outcome.left)}; next try in ${Math.round(milliseconds)} ms`);
      await pause(milliseconds, signal);
      continue;
    }
    if (failures > 0) report(`feed: ${url} answers again after ${failures} failed tries`);
    failures = 0;
    // A feed that does not hold its answers back must not be asked without a break.
    const wasQuick = performance.now() - began < pauses.first;
    if (outcome.right === 0 && wasQuick) await pause(pauseAfter(1, pauses, random), signal);
  }
};
