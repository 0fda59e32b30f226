import { silence } from './failures.ts';

/** What the client gives for a read: a stream whose call stays open on the server until cancelled. */
export type Call<A> = AsyncIterable<A> & {
  readonly on: (event: 'error', listener: () => void) => unknown;
  readonly destroy: (error: Error) => unknown;
  readonly cancel: () => Promise<void>;
};

const ignore = (): void => undefined;

/**
 * Reads until `take` says it has enough or the call ends, and tells which; no call is left open.
 * Throws what the call or `take` throws, and a silence after `patience` milliseconds of nothing.
 */
export const drain = async <A>(
  call: Call<A>,
  patience: number,
  take: (item: A) => 'more' | 'enough',
): Promise<'end' | 'enough'> => {
  // The client may report an error after the last read; without a listener that ends the process.
  call.on('error', ignore);
  const timer = setTimeout(() => call.destroy(silence(patience)), patience);
  const state: { isEnough: boolean; failure?: Error } = { isEnough: false };
  const cancel = (): void => {
    // Rejects only where the call was never made, which the loop throws by itself.
    call.cancel().catch(ignore);
  };
  const look = (item: A): void => {
    try {
      state.isEnough = take(item) === 'enough';
    } catch (error) {
      state.isEnough = true;
      state.failure = error as Error;
    }
    if (state.isEnough) cancel();
  };
  try {
    // What still comes after the cancelling is read too: a call that has ended with something unread
    // stays on the client's list for ever, and its dispose waits for it.
    for await (const item of call) {
      timer.refresh();
      if (!state.isEnough) look(item);
    }
  } catch (error) {
    if (!state.isEnough) throw error;
  } finally {
    clearTimeout(timer);
    cancel();
  }
  if (state.failure !== undefined) throw state.failure;
  return state.isEnough ? 'enough' : 'end';
};
