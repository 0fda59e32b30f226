/** How a process that runs is asked to stop. */
export type Stopping = {
  /** Listens from now on; resolves with the name of the first signal. */
  readonly asked: () => Promise<string>;
  /** A sentence while it stops; none before. */
  readonly reasons: () => ReadonlyArray<string>;
};

const signals = { SIGINT: 2, SIGTERM: 15 } as const;
type Signal = keyof typeof signals;

/** Ctrl-C reaches a process twice where npm runs it, at once: from the terminal and from npm. */
const sameWish = 500;

type StopDeps = {
  readonly write: (text: string) => void;
  readonly exit: (code: number) => void;
  /** Milliseconds, never going back. */
  readonly monotonic: () => number;
};

/**
 * Listens for SIGTERM and SIGINT: the first one asks to stop, the next one ends the
 * process at once. What is cut off by that is found again at the next start.
 */
export const stoppingOn = ({ write, exit, monotonic }: StopDeps): Stopping => {
  let askedAt: number | undefined;
  const hear = (signal: Signal, done: (signal: Signal) => void): void => {
    if (askedAt === undefined) {
      askedAt = monotonic();
      done(signal);
    } else if (monotonic() - askedAt >= sameWish) {
      write(`${signal} again: ending at once; what was under way is found at the next start.\n`);
      exit(128 + signals[signal]);
    }
  };
  const asked = (): Promise<Signal> =>
    new Promise((done) => {
      for (const signal of ['SIGTERM', 'SIGINT'] as const) {
        process.on(signal, () => hear(signal, done));
      }
    });
  const reasons = (): ReadonlyArray<string> =>
    askedAt === undefined
      ? []
      : ['stopping: this process finishes what is under way and takes nothing new.'];
  return { asked, reasons };
};
