import { setTimeout as sleep } from 'node:timers/promises';
import { pauseAfter } from '../feed/follow-feed.ts';
import type { NotAppended } from '../append-message.ts';
import type { Pauses, Report } from './report.ts';

export type HoldDeps = {
  readonly report: Report;
  /** From 0 up to 1, for the jitter of pauses. */
  readonly random: () => number;
  readonly pauses: Pauses;
};

/** One pause for all deliveries under way, while the log takes nothing. */
export type Hold = {
  /** Resolves when an append may be tried, or at the signal. */
  readonly passed: (signal: AbortSignal) => Promise<void>;
  /** Told that an attempt to append begins; what it answers is called when that is over. */
  readonly attempt: () => () => void;
  /** Milliseconds that the oldest attempt under way has taken, pauses not counted; 0 without one. */
  readonly longest: () => number;
  readonly worked: () => void;
  readonly failed: (failure: NotAppended) => void;
};

const reasonOf = (failure: NotAppended): string =>
  'reason' in failure ? failure.reason : `an append failed: ${failure.code}`;

export const openHold = ({ report, random, pauses }: HoldDeps): Hold => {
  let rounds = 0;
  let until = 0;
  const underWay = new Map<symbol, number>();
  return {
    passed: async (signal) => {
      const left = (): number => until - performance.now();
      // Only the signal ends a pause early, and then nothing is tried any more.
      while (left() > 0 && !signal.aborted) {
        await sleep(left(), undefined, { signal }).catch(() => undefined);
      }
    },
    attempt: () => {
      const one = Symbol('attempt');
      underWay.set(one, performance.now());
      return () => void underWay.delete(one);
    },
    longest: () => {
      const now = performance.now();
      const [oldest = now] = underWay.values();
      return now - oldest;
    },
    worked: () => {
      if (rounds > 0) report('info', `amqp: the log takes messages again after ${rounds} tries`);
      rounds = 0;
      until = 0;
    },
    failed: (failure) => {
      if (performance.now() < until) return; // another delivery of the same round
      rounds += 1;
      until = performance.now() + pauseAfter(rounds, pauses, random);
      if (rounds > 1) return;
      const reason = reasonOf(failure);
      report(
        'error',
        `amqp: the log takes no message: ${reason}. What was delivered is kept and tried again, and nothing is acknowledged before it is on record.`,
      );
    },
  };
};
