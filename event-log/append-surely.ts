import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { setTimeout as pause } from 'node:timers/promises';
import type {
  AppendFailure,
  Appended,
  EventLog,
  ExpectedRevision,
  SealedEvent,
} from './event-log.ts';

export type Persistence = {
  /** How often it is tried at most, the first time included; 10 unless given. */
  readonly tries?: number;
  /** Ends the waiting; the outcome is then still unknown. */
  readonly signal?: AbortSignal;
  /** The wait before the second try in milliseconds, doubled each time up to 5 s; 50 unless given. */
  readonly firstWait?: number;
};

const longestWait = 5000;

/** These do not tell whether an earlier attempt was written: only a success or a conflict does. */
const saysNothing = (failure: AppendFailure): boolean =>
  failure.code === 'outcome-unknown' ||
  failure.code === 'unavailable' ||
  failure.code === 'locked' ||
  failure.code === 'access-denied' ||
  failure.code === 'disk-full';

const unknown = (stream: string, failure: AppendFailure): AppendFailure => ({
  code: 'outcome-unknown',
  reason: `whether the append to ${stream} was written could not be found out${
    'reason' in failure ? `: ${failure.reason}` : ''
  }; read the stream again before deciding anew`,
});

const waited = async (milliseconds: number, signal: AbortSignal | undefined): Promise<boolean> => {
  try {
    await pause(milliseconds, undefined, signal === undefined ? {} : { signal });
    return true;
  } catch {
    return false;
  }
};

/**
 * Appends, and while the outcome is unknown asks again with the same ids and the same revision, so
 * that the events are written once. Left `outcome-unknown` only when tries or signal have run out.
 */
export const appendSurely =
  (
    log: Pick<EventLog, 'append'>,
    stream: string,
    expected: ExpectedRevision,
    events: ReadonlyArray<SealedEvent>,
    { tries = 10, signal, firstWait = 50 }: Persistence = {},
  ): TaskEither<AppendFailure, Appended> =>
  async () => {
    const append = log.append(stream, expected, events);
    let result = await append();
    if (E.isRight(result) || result.left.code !== 'outcome-unknown') return result;
    for (let attempt = 1; attempt < tries; attempt += 1) {
      const wait =
        Math.min(firstWait * 2 ** (attempt - 1), longestWait) * (0.5 + Math.random() / 2);
      if (!(await waited(wait, signal))) break;
      result = await append();
      if (E.isRight(result)) return result;
      if (result.left.code === 'closed') break;
      if (!saysNothing(result.left)) return result;
    }
    return E.mapLeft((failure: AppendFailure) => unknown(stream, failure))(result);
  };
