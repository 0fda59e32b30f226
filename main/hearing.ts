import { silentSince } from '../domain/silence/silence.ts';
import type { Config } from './config/settings.ts';

/** What this process knows of the sources it listens to. */
export type Hearing = {
  /** The live sources that are configured. */
  readonly transports: ReadonlyArray<string>;
  /** A message came from there just now, be it new or seen before. */
  readonly heard: (transport: string) => void;
  /**
   * Since when a live source is silent (ISO 8601 UTC), null while it speaks. `recordedAt` (ISO) is
   * when its newest message was put on record, by whomever; undefined where there is none.
   */
  readonly silentSince: (transport: string, recordedAt: string | undefined) => string | null;
};

type Named = Pick<Config, 'feedUrl' | 'amqpUrl' | 'fedmsgEndpoints' | 'silentAfter'>;

/** The live sources that a configuration names, as their messages name them. */
export const liveTransports = (config: Omit<Named, 'silentAfter'>): ReadonlyArray<string> => [
  ...(config.feedUrl === null ? [] : ['feed']),
  ...(config.amqpUrl === null ? [] : ['amqp']),
  ...(config.fedmsgEndpoints.length > 0 ? ['fedmsg'] : []),
];

/** Listens from now on. `clock` is Unix time in milliseconds. */
export const hearingOf = (config: Named, clock: () => number = Date.now): Hearing => {
  const transports = liveTransports(config);
  const listeningSince = clock();
  const newest = new Map<string, number>();
  const lastMessageAt = (transport: string, recordedAt: string | undefined): number | undefined => {
    const recorded = recordedAt === undefined ? NaN : Date.parse(recordedAt);
    const known = [newest.get(transport) ?? NaN, recorded].filter((time) => !Number.isNaN(time));
    return known.length === 0 ? undefined : Math.max(...known);
  };
  return {
    transports,
    heard: (transport) => void newest.set(transport, clock()),
    silentSince: (transport, recordedAt) => {
      if (!transports.includes(transport)) return null;
      const heard = { lastMessageAt: lastMessageAt(transport, recordedAt), listeningSince };
      const since = silentSince(heard, config.silentAfter * 1000, clock());
      return since === undefined ? null : new Date(since).toISOString();
    },
  };
};

/**
 * Of a process that listens to nothing itself. It does not judge silence: on record is only which
 * source was first with a message, so one that is always second would look silent.
 */
export const hearsNothing: Hearing = {
  transports: [],
  heard: () => undefined,
  silentSince: () => null,
};
