import { setTimeout as pause } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { EventLog, Filter, LogFailure, Page } from './event-log.ts';
import type { WakeUps } from './wake-up.ts';
import { joinWakeUps } from './wake-up.ts';

/** Who follows the log, from where, and what it does with what it reads. */
export type Follower<Failure> = {
  readonly filter: Filter;
  /** The position to go on after: asked for once, at the start. */
  readonly load: () => TaskEither<Failure, string>;
  /** Does the work of one page and keeps `page.upTo` together with it. Pages may hold no event. */
  readonly handle: (page: Page) => TaskEither<Failure, void>;
  /** Called whenever the end of the log is reached, and about every second while it stays there. */
  readonly atEnd?: () => TaskEither<Failure, void>;
  /** Called at every turn of the loop: before each page, and about every second at the end. */
  readonly beat?: () => void;
  /** Events in a page at most, asked for before each page where it varies; 1000 unless given. */
  readonly pageSize?: number | (() => number);
};

type Ended<Failure> = E.Either<Failure | LogFailure, void>;

const restless = 1000;
const breath = 50;
const done: E.Either<never, void> = E.right(undefined);

type Step = { readonly upTo: string; readonly isNews: boolean; readonly atEnd: boolean };

/** Reads and handles one page. */
const step = async <Failure>(
  log: EventLog,
  { filter, handle, beat, pageSize = 1000 }: Follower<Failure>,
  after: string,
): Promise<E.Either<Failure | LogFailure, Step>> => {
  beat?.();
  const most = typeof pageSize === 'number' ? pageSize : pageSize();
  const page = await log.readAll(after, filter, most)();
  if (E.isLeft(page)) return page;
  const { upTo, atEnd } = page.right;
  const isNews = upTo !== after;
  const handled = isNews ? await handle(page.right)() : done;
  return E.isLeft(handled) ? handled : E.right({ upTo, isNews, atEnd });
};

/** Who was woken for nothing takes a breath first: the tail may be ahead of what can be read. */
const sleep = async (
  wakeUps: WakeUps,
  after: string,
  inVain: boolean,
  signal: AbortSignal,
): Promise<E.Either<LogFailure, 'newer' | 'waited'>> => {
  if (inVain) await pause(breath, undefined, { signal }).catch(() => undefined);
  return wakeUps.newer(after, restless, signal)();
};

const readOn = async <Failure>(
  log: EventLog,
  follower: Follower<Failure>,
  wakeUps: WakeUps,
  signal: AbortSignal,
): Promise<Ended<Failure>> => {
  const loaded = await follower.load()();
  if (E.isLeft(loaded)) return loaded;
  let after = loaded.right;
  let isCalled = false;
  while (!signal.aborted) {
    const stepped = await step(log, follower, after);
    if (E.isLeft(stepped)) return stepped;
    const { upTo, isNews, atEnd } = stepped.right;
    after = upTo;
    if (!atEnd) continue;
    const ended = (await follower.atEnd?.()()) ?? done;
    if (E.isLeft(ended)) return ended;
    const woken = await sleep(wakeUps, after, isCalled && !isNews, signal);
    if (E.isLeft(woken)) return woken;
    isCalled = woken.right === 'newer';
  }
  return done;
};

/**
 * The one runner: pull a bounded page after position p, handle it, keep p'. Right when the signal
 * says stop, between two pages; left with the first failure, which the caller may start over from.
 */
export const follow =
  (log: EventLog) =>
  <Failure>(follower: Follower<Failure>) =>
  async (signal: AbortSignal): Promise<Ended<Failure>> => {
    const wakeUps = joinWakeUps(log);
    try {
      return await readOn(log, follower, wakeUps, signal);
    } finally {
      wakeUps.leave();
    }
  };
