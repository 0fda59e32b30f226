import * as E from 'fp-ts/lib/Either.js';
import type { EventLog } from '../event-log/event-log.ts';
import type { CorrelationOf } from './logger.ts';
import { answeredWithin } from '../query-api/answered-within.ts';

/** Milliseconds a line of the log waits for its correlation id. */
const patience = 1000;

/** Reads the correlation id off a stream's newest event; undefined where the log does not tell. */
export const correlationFrom =
  ({ last }: Pick<EventLog, 'last'>): CorrelationOf =>
  async (stream) => {
    const newest = await answeredWithin(patience, () => last(stream)())();
    return E.isRight(newest) ? newest.right?.metadata.correlationId : undefined;
  };
