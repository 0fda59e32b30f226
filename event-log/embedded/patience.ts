import * as E from 'fp-ts/lib/Either.js';
import { setTimeout as pause } from 'node:timers/promises';
import type { LogFailure } from '../event-log.ts';
import { explain, isBusy } from './failures.ts';

export type Patience = {
  readonly file: string;
  /** For how long, in milliseconds, a lock of another process is waited for. */
  readonly lockWait: number;
};

/**
 * Does a synchronous piece of work, and does it again while another process holds the lock, without
 * blocking the event loop in between. Left `locked` when the time is over, or what else went wrong.
 */
export const patiently = async <A>(
  { file, lockWait }: Patience,
  work: () => A,
): Promise<E.Either<LogFailure, A>> => {
  const deadline = performance.now() + lockWait;
  for (;;) {
    try {
      return E.right(work());
    } catch (error) {
      if (!isBusy(error) || performance.now() >= deadline) return E.left(explain(file, error));
    }
    await pause(2 + Math.random() * 20);
  }
};
