/** Aborts what runs after `ms` milliseconds, or when `outer` does, with an error that says so. */
export const within = async <A>(
  ms: number,
  run: (signal: AbortSignal) => Promise<A>,
  outer?: AbortSignal,
): Promise<A> => {
  const controller = new AbortController();
  const late = (): void => controller.abort(new Error(`no answer within ${ms} ms`));
  const outerLate = (): void => controller.abort(outer?.reason);
  const timer = setTimeout(late, ms);
  outer?.addEventListener('abort', outerLate, { once: true });
  if (outer?.aborted === true) outerLate();
  try {
    return await run(controller.signal);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener('abort', outerLate);
  }
};
