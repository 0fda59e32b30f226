import * as E from 'fp-ts/lib/Either.js';
import type { CatchUp } from '../../sagas/reconcile/deps.ts';

/**
 * Asks the archive, and goes on without its answer after so many milliseconds: `archive-unfinished`.
 * What was fetched by then is on record; the next call goes on from there.
 */
export const archiveWithin =
  (catchUp: CatchUp, milliseconds: number): CatchUp =>
  async (why, signal) => {
    // Not AbortSignal.any of time-outs: Node 20 may collect those before they fire.
    const over = new AbortController();
    const end = (): void => over.abort();
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    try {
      const caught = await catchUp(why, over.signal);
      if (E.isRight(caught) || caught.left.code !== 'interrupted' || signal.aborted) return caught;
      const reason = `what was missed is not all fetched after ${milliseconds / 1000} s; the services are asked meanwhile, and the next catch-up goes on from there`;
      return E.left({ code: 'archive-unfinished', reason });
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
    }
  };
