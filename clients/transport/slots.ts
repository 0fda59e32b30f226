/** A bounded number of places; whoever has none waits in turn. */
export type Slots = {
  /** Runs when there is a place; undefined when `signal` aborts before that. */
  readonly use: <A>(run: () => Promise<A>, signal?: AbortSignal) => Promise<A | undefined>;
};

/** At most `count` runs at a time, first come, first served. */
export const slots = (count: number): Slots => {
  let free = Math.max(1, Math.floor(count));
  const waiting: Array<() => void> = [];
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  const enter = (signal?: AbortSignal): Promise<boolean> => {
    if (signal?.aborted === true) return Promise.resolve(false);
    if (free > 0) {
      free -= 1;
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const giveUp = (): void => {
        waiting.splice(waiting.indexOf(admit), 1);
        resolve(false);
      };
      const admit = (): void => {
        signal?.removeEventListener('abort', giveUp);
        resolve(true);
      };
      signal?.addEventListener('abort', giveUp, { once: true });
      waiting.push(admit);
    });
  };
  return {
    use: async (run, signal) => {
      if (!(await enter(signal))) return undefined;
      try {
        return await run();
      } finally {
        leave();
      }
    },
  };
};
