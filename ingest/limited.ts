export type Limit = { readonly signal: AbortSignal; readonly lift: () => void };

/**
 * Aborts with `signal` or after so many milliseconds, whichever is first, until it is lifted. (Node
 * 20 may collect an AbortSignal.any before it fires.)
 */
export const limited = (signal: AbortSignal, milliseconds: number, who: string): Limit => {
  const limit = new AbortController();
  const stop = (): void => limit.abort(signal.reason);
  const timer = setTimeout(() => {
    limit.abort(new DOMException(`${who} did not answer in time`, 'TimeoutError'));
  }, milliseconds);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const lift = (): void => {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  };
  return { signal: limit.signal, lift };
};
