/** The first pause, and what no pause exceeds, in milliseconds. */
const shortest = 100;
const longest = 5000;

/**
 * Waits before one tries again, longer with each failure and never twice the same, so that not all
 * processes come back at once. Ends early on abort.
 */
export const backOff = (failures: number, signal: AbortSignal): Promise<void> => {
  const most = Math.min(longest, shortest * 2 ** Math.min(failures, 10));
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, most / 2 + (Math.random() * most) / 2);
    signal.addEventListener('abort', done);
  });
};

/** Aborts when either does; `forget` when done, for one of them may live as long as the process. */
export const bothSignals = (
  one: AbortSignal,
  other: AbortSignal,
): { readonly signal: AbortSignal; readonly forget: () => void } => {
  const both = new AbortController();
  const abort = (): void => {
    both.abort();
  };
  for (const signal of [one, other]) {
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort);
  }
  const forget = (): void => {
    one.removeEventListener('abort', abort);
    other.removeEventListener('abort', abort);
  };
  return { signal: both.signal, forget };
};
