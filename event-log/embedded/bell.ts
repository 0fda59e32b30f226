/** Lets those who follow the log sleep until there may be something new. */
export type Bell = {
  readonly ring: () => void;
  /** Settles at the next ring after `heard` was taken, at once if it has rung since, or on abort. */
  readonly wait: (heard: number, signal: AbortSignal) => Promise<void>;
  /** How often it has rung. */
  readonly count: () => number;
};

/**
 * Rings when told to, and while somebody waits also when `hasChanged` says, every `every`
 * milliseconds, that another process has written.
 */
export const openBell = (hasChanged: () => boolean, every: number): Bell => {
  const sleepers = new Set<() => void>();
  let rung = 0;
  let watch: NodeJS.Timeout | undefined;

  const ring = (): void => {
    rung += 1;
    for (const wake of [...sleepers]) wake();
  };
  const look = (): void => {
    try {
      if (!hasChanged()) return;
    } catch {
      // Whoever is woken reads, meets the same trouble, and can tell its caller.
    }
    ring();
  };
  const wait = (heard: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (signal.aborted || rung !== heard) {
        resolve();
        return;
      }
      const wake = (): void => {
        sleepers.delete(wake);
        signal.removeEventListener('abort', wake);
        if (sleepers.size === 0) {
          clearInterval(watch);
          watch = undefined;
        }
        resolve();
      };
      sleepers.add(wake);
      signal.addEventListener('abort', wake);
      watch ??= setInterval(look, every);
    });
  return { ring, wait, count: () => rung };
};
