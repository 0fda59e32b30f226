import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { EventLog, LogFailure } from './event-log.ts';

type Answer = E.Either<LogFailure, 'newer' | 'waited'>;
type Sleeper = { readonly after: string; readonly wake: (answer: Answer) => void };

/** Tells those who have read the log to its end when it goes on. One tail serves them all. */
export type WakeUps = {
  /** Settles when something lies after the position, when `longest` ms are over, or on abort. */
  readonly newer: (
    after: string,
    longest: number,
    signal: AbortSignal,
  ) => TaskEither<LogFailure, 'newer' | 'waited'>;
  /** Says that a follower is gone; the last one ends the tail. */
  readonly leave: () => void;
};

const isLogFailure = (thrown: unknown): thrown is LogFailure =>
  thrown instanceof Error && 'code' in thrown && 'reason' in thrown;

const listen = (log: EventLog) => {
  const sleepers = new Set<Sleeper>();
  let newest = '';
  let stop: AbortController | undefined;
  let followers = 0;

  const wakeAll = (answer: Answer): void => {
    for (const sleeper of [...sleepers]) sleeper.wake(answer);
  };
  const hear = (upTo: string): void => {
    if (upTo > newest) newest = upTo;
    for (const sleeper of [...sleepers]) {
      if (newest > sleeper.after) sleeper.wake(E.right('newer'));
    }
  };
  const tail = async (after: string, stopped: AbortController): Promise<void> => {
    try {
      for await (const page of log.tail(after, {}, stopped.signal)) hear(page.upTo);
    } catch (thrown) {
      if (!isLogFailure(thrown)) throw thrown;
      const { code, reason } = thrown;
      wakeAll(E.left({ code, reason }));
    } finally {
      if (stop === stopped) stop = undefined;
      wakeAll(E.right('waited'));
    }
  };
  const newer: WakeUps['newer'] = (after, longest, signal) => () =>
    new Promise((resolve) => {
      if (newest > after || signal.aborted) {
        resolve(E.right(newest > after ? 'newer' : 'waited'));
        return;
      }
      const wake = (answer: Answer): void => {
        sleepers.delete(sleeper);
        clearTimeout(timer);
        signal.removeEventListener('abort', give);
        resolve(answer);
      };
      const give = (): void => wake(E.right('waited'));
      const sleeper = { after, wake };
      const timer = setTimeout(give, longest);
      signal.addEventListener('abort', give);
      sleepers.add(sleeper);
      if (stop !== undefined) return;
      stop = new AbortController();
      void tail(after, stop);
    });
  return (): WakeUps => {
    followers += 1;
    const leave = (): void => {
      followers -= 1;
      if (followers === 0) stop?.abort();
    };
    return { newer, leave };
  };
};

const listening = new WeakMap<EventLog, () => WakeUps>();

/** Joins those who follow this log in this process. */
export const joinWakeUps = (log: EventLog): WakeUps => {
  const join = listening.get(log) ?? listen(log);
  listening.set(log, join);
  return join();
};
