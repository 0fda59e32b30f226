import * as E from 'fp-ts/lib/Either.js';
import type { ReconcileDeps } from './deps.ts';
import { tell } from './tell.ts';

/**
 * Does the work of a run, and lets others know of it meanwhile. The signal that the work is given
 * aborts with the outer one, and when the run has become somebody else's.
 */
export const keepAlive = async <A>(
  deps: ReconcileDeps,
  { run, patience }: { readonly run: number; readonly patience: number },
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<A>,
): Promise<A> => {
  const [working, done] = [new AbortController(), new AbortController()];
  const stop = (): void => {
    working.abort();
    done.abort();
  };
  outer.addEventListener('abort', stop, { once: true });
  if (outer.aborted) stop();
  const isDone = (): boolean => done.signal.aborted;
  const prolong = async (): Promise<void> => {
    while (!isDone()) {
      await deps.pause(patience / 3, done.signal);
      if (isDone()) return;
      const told = await tell(deps, {
        ...{ type: 'Prolong', run, owner: deps.owner, at: deps.hand.now() },
      });
      // A log that cannot be reached now cannot be reached by others to take over, either.
      if (E.isLeft(told) && told.left.code === 'not-the-owner') stop();
    }
  };
  const prolonging = prolong();
  try {
    return await work(working.signal);
  } finally {
    outer.removeEventListener('abort', stop);
    done.abort();
    await prolonging;
  }
};
