import { setTimeout as pause } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import type { Reader } from '../../projectors/read-models.ts';
import type { SourceRow } from '../../projectors/sources/row.ts';
import type { Hearing } from '../hearing.ts';
import type { Logger } from '../logger.ts';
import type { Beat } from './heartbeats.ts';

type Watch = {
  readonly hearing: Hearing;
  /** The read model `sources`. */
  readonly sources: Reader;
  readonly pino: Pick<Logger['pino'], 'error' | 'info'>;
  readonly beat: Beat;
  /** Unix time in milliseconds. */
  readonly clock: () => number;
  /** Milliseconds between two looks; default 5,000. */
  readonly every?: number;
};

const tellChange = (
  { pino, clock }: Watch,
  transport: string,
  before: string | undefined,
  since: string | null,
): void => {
  if (before === undefined && since !== null) {
    const sentence = `The source ${transport} has been silent since ${since}. Look whether it, the way there and its configuration are in order.`;
    pino.error({ source: transport, code: 'silent', since }, sentence);
  }
  if (before !== undefined && since === null) {
    const seconds = Math.round((clock() - Date.parse(before)) / 1000);
    const sentence = `The source ${transport} speaks again, after ${seconds} s of silence.`;
    pino.info({ source: transport, seconds }, sentence);
  }
};

/** Logs once when a live source falls silent, and once when it speaks again; until the signal. */
export const watchSilence = async (deps: Watch, signal: AbortSignal): Promise<void> => {
  const { hearing, sources, beat, every = 5000 } = deps;
  const silent = new Map<string, string>();
  const look = async (transport: string): Promise<void> => {
    const row = await sources.get(transport)();
    // Rows that cannot be read are told of by whoever keeps them; here they are no silence.
    if (E.isLeft(row)) return;
    const recordedAt = (row.right?.body as SourceRow | undefined)?.lastObservedAt;
    const since = hearing.silentSince(transport, recordedAt);
    tellChange(deps, transport, silent.get(transport), since);
    if (since === null) silent.delete(transport);
    else if (!silent.has(transport)) silent.set(transport, since);
  };
  const isOver = (): boolean => signal.aborted;
  while (!isOver()) {
    beat();
    for (const transport of hearing.transports) await look(transport);
    await pause(every, undefined, { signal }).catch(() => undefined);
  }
};
