import { silence } from './failures.ts';

/** What the client gives for a read: a stream whose call stays open on the server until cancelled. */
export type Call<A> = AsyncIterable<A> & {
  readonly on: (event: 'error', listener: () => void) => unknown;
  readonly destroy: (error: Error) => unknown;
  readonly cancel: () => Promise<void>;
};

const ignore = (): void => undefined;

/**
 * Reads until `take` says it has enough or the call ends, and tells which; the call is cancelled.
 * Throws what the call throws, and after `patience` milliseconds without anything a silence.
 */
export const drain = async <A>(
  call: Call<A>,
  patience: number,
  take: (item: A) => 'more' | 'enough',
): Promise<'end' | 'enough'> => {
  // The client may report an error after the last read; without a listener that ends the process.
  call.on('error', ignore);
  const timer = setTimeout(() => call.destroy(silence(patience)), patience);
  try {
    for await (const item of call) {
      timer.refresh();
      if (take(item) === 'enough') return 'enough';
    }
    return 'end';
  } finally {
    clearTimeout(timer);
    // Rejects only where the call was never made, which the loop has already thrown.
    call.cancel().catch(ignore);
  }
};
