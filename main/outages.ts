/** A failure that a part of the service reports; `stream` is empty where none is concerned. */
export type Failing = {
  readonly part: string;
  readonly stream: string;
  readonly code: string;
  readonly level: 'warn' | 'error';
  readonly reason: string;
};

/** One line of the log. */
export type Line = {
  readonly level: 'info' | 'warn' | 'error';
  readonly fields: Readonly<Record<string, string | number>>;
  readonly sentence: string;
};

export type Outages = {
  /** The line to log of a failure; undefined where it is one more of what was told before. */
  readonly failed: (failing: Failing) => Line | undefined;
  /** A part got on with a stream: lines for what is over by that. */
  readonly recovered: (part: string, stream: string) => ReadonlyArray<Line>;
  /** To be called now and then: lines for what is over since nothing has failed any more, or goes on. */
  readonly look: () => ReadonlyArray<Line>;
};

export type OutageDeps = {
  /** Milliseconds, never going back. */
  readonly monotonic: () => number;
  /** Milliseconds without a failure after which it is over; longer than any pause between tries. */
  readonly quiet?: number;
  /** Milliseconds between two lines about what goes on. */
  readonly reminder?: number;
};

type Outage = {
  readonly part: string;
  readonly code: string;
  readonly level: Failing['level'];
  readonly since: number;
  readonly streams: Set<string>;
  readonly everFailed: Set<string>;
  failures: number;
  lastFailure: number;
  lastTold: number;
};

/** Codes of what is wrong with a service or a store, and so with every stream that needs it. */
const ofServices =
  /(?:^|-)(?:unavailable|locked|unknown-outcome)$|^(?:access-denied|disk-full|no-policy)$/u;

const keyOf = ({ part, stream, code }: Failing): string =>
  ofServices.test(code) ? `${part}\n${code}` : `${part}\n${code}\n${stream}`;

const seconds = (milliseconds: number): number => Math.round(milliseconds / 1000);

const tally = ({ failures, everFailed }: Outage): string => {
  const times = failures === 1 ? '1 failure' : `${failures} failures`;
  if (everFailed.size === 0) return times;
  return `${times} of ${everFailed.size === 1 ? '1 stream' : `${everFailed.size} streams`}`;
};

const fieldsOf = (outage: Outage, now: number): Line['fields'] => ({
  ...{ part: outage.part, code: outage.code, seconds: seconds(now - outage.since) },
  ...{ failures: outage.failures, streams: outage.everFailed.size },
});

const overLine = (outage: Outage, until: number): Line => {
  const fields = fieldsOf(outage, until);
  const sentence = `${outage.part} goes on: ${outage.code} is over, after ${seconds(until - outage.since)} s and ${tally(outage)}.`;
  return { level: 'info', fields, sentence };
};

const stillLine = (outage: Outage, now: number): Line => {
  const fields = fieldsOf(outage, now);
  const sentence = `${outage.part}: ${outage.code} goes on, for ${seconds(now - outage.since)} s and ${tally(outage)} by now.`;
  return { level: outage.level, fields, sentence };
};

const begun = ({ part, code, level }: Failing, now: number): Outage => ({
  ...{ part, code, level, since: now, streams: new Set(), everFailed: new Set() },
  ...{ failures: 0, lastFailure: now, lastTold: now },
});

const count = (outage: Outage, stream: string, now: number): void => {
  outage.failures += 1;
  outage.lastFailure = now;
  if (stream === '') return;
  outage.streams.add(stream);
  outage.everFailed.add(stream);
};

/**
 * Makes one line of many failures: one when an outage of a service begins for a part, one when it is
 * over, and a reminder in between; likewise for what fails again and again in one stream alone.
 */
export const outagesOf = (deps: OutageDeps): Outages => {
  const { monotonic, quiet = 150_000, reminder = 600_000 } = deps;
  const open = new Map<string, Outage>();
  const closeIf = (isOver: (outage: Outage) => boolean, now: number): ReadonlyArray<Line> =>
    [...open].flatMap(([key, outage]) => {
      if (!isOver(outage)) return [];
      open.delete(key);
      return [overLine(outage, now)];
    });
  const remind = (now: number): ReadonlyArray<Line> =>
    [...open.values()].flatMap((outage) => {
      if (now - outage.lastTold < reminder) return [];
      outage.lastTold = now;
      return [stillLine(outage, now)];
    });
  return {
    failed: (failing) => {
      const now = monotonic();
      const key = keyOf(failing);
      const known = open.get(key);
      const outage = known ?? begun(failing, now);
      open.set(key, outage);
      count(outage, failing.stream, now);
      if (known !== undefined) return undefined;
      const { part, code, stream, level, reason } = failing;
      const fields = stream === '' ? { part, code } : { part, code, stream };
      return { level, fields, sentence: reason };
    },
    recovered: (part, stream) => {
      const now = monotonic();
      // A part that fails without a stream has failed as a whole: it recovers as a whole, too.
      const hasGoneOn = (outage: Outage): boolean => {
        if (outage.part !== part) return false;
        if (stream === '') return outage.everFailed.size === 0;
        return outage.streams.delete(stream) && outage.streams.size === 0;
      };
      return closeIf(hasGoneOn, now);
    },
    look: () => {
      const now = monotonic();
      const over = closeIf(({ lastFailure }) => now - lastFailure >= quiet, now);
      return [...over, ...remind(now)];
    },
  };
};
