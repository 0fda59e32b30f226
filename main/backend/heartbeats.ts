import type { Logger } from '../logger.ts';

/** Called by a part at every turn of its loop. */
export type Beat = () => void;

export type Heartbeat = { readonly part: string; readonly secondsSinceBeat: number };

export type Heartbeats = {
  /**
   * From now on the part is expected to beat, until it has `ended`. `longest` is how many
   * milliseconds one turn of its loop may take by right, where that is more than usual.
   */
  readonly beatOf: (part: string, longest?: number) => Beat;
  readonly ended: (part: string) => void;
  /** Every part that runs, and how long ago it beat. */
  readonly list: () => ReadonlyArray<Heartbeat>;
  /** The parts that are stuck now, each as a sentence; empty while all is well. */
  readonly alarms: () => ReadonlyArray<string>;
  /** Looks at every part every few seconds, until the signal. */
  readonly watch: (signal: AbortSignal) => void;
};

export type HeartbeatDeps = {
  readonly pino: Pick<Logger['pino'], 'error' | 'info'>;
  /** Milliseconds, never going back. */
  readonly monotonic: () => number;
  /** Milliseconds without a beat after which a part is stuck; default 60,000. */
  readonly patience?: number;
  /** Milliseconds between two looks; default 5,000. */
  readonly every?: number;
  /** Does something every so many milliseconds until what it returns is called. */
  readonly timer?: (work: () => void, every: number) => () => void;
};

const interval = (work: () => void, every: number): (() => void) => {
  const timer = setInterval(work, every);
  timer.unref();
  return () => clearInterval(timer);
};

/**
 * A clock that stands still while the whole process does (suspended, starved, paged out): a part is
 * stuck only where the others went on.
 */
const wakefulClock = (monotonic: () => number, every: number) => {
  let lastTick = monotonic();
  let before = 0;
  const now = (): number => before + Math.min(monotonic() - lastTick, 2 * every);
  const tick = (): void => {
    before = now();
    lastTick = monotonic();
  };
  return { now, tick };
};

const rounded = (milliseconds: number): number => Math.round(milliseconds / 1000);

/**
 * Knows when each part of this process last went through its loop. A part that has not for `patience`
 * is logged once as an error, is an alarm for as long as it stays so, and is logged again when it
 * goes on.
 */
export const heartbeatsOf = (deps: HeartbeatDeps): Heartbeats => {
  const { pino, monotonic, patience = 60_000, every = 5000, timer = interval } = deps;
  const clock = wakefulClock(monotonic, every);
  const beats = new Map<string, number>();
  const allowed = new Map<string, number>();
  const stuck = new Map<string, number>();

  const sentenceFor = (part: string, since: number): string =>
    `${part} is stuck: its loop has not turned for ${rounded(clock.now() - since)} s. If it stays so, restart the service; nothing is lost by that.`;

  const look = (): void => {
    clock.tick();
    for (const [part, at] of beats) {
      if (stuck.has(part) || clock.now() - at < (allowed.get(part) ?? patience)) continue;
      stuck.set(part, at);
      pino.error({ part, code: 'stuck' }, sentenceFor(part, at));
    }
  };

  const beat = (part: string): void => {
    const since = stuck.get(part);
    beats.set(part, clock.now());
    if (since === undefined) return;
    stuck.delete(part);
    const seconds = rounded(clock.now() - since);
    pino.info({ part, seconds }, `${part} goes on, after ${seconds} s without a turn.`);
  };

  return {
    beatOf: (part, longest = 0) => {
      beats.set(part, clock.now());
      allowed.set(part, Math.max(patience, longest));
      return () => {
        if (beats.has(part)) beat(part);
      };
    },
    ended: (part) => {
      beats.delete(part);
      stuck.delete(part);
    },
    list: () =>
      [...beats].map(([part, at]) => ({ part, secondsSinceBeat: (clock.now() - at) / 1000 })),
    alarms: () => [...stuck].map(([part, since]) => sentenceFor(part, since)),
    watch: (signal) => {
      if (signal.aborted) return;
      signal.addEventListener('abort', timer(look, every), { once: true });
    },
  };
};
