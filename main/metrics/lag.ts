import * as E from 'fp-ts/lib/Either.js';
import type { EventLog, Filter } from '../../event-log/event-log.ts';
import { start } from '../../event-log/event-log.ts';
import type { Reader } from '../../projectors/read-models.ts';
import type { Family } from './exposition.ts';

/** Somebody who follows the log and keeps how far it has come. */
export type Consumer = {
  readonly name: string;
  readonly filter: Filter;
  readonly reader: Pick<Reader, 'checkpoint'>;
};

type Lag = { readonly consumer: string; readonly events: number; readonly seconds: number };

/** Who is further behind than this is shown as exactly this far: counting on would cost too much. */
export const mostCounted = 1000;

const lagOf = async (
  log: Pick<EventLog, 'readAll'>,
  { name: consumer, filter, reader }: Consumer,
  head: string,
  now: number,
): Promise<E.Either<unknown, Lag>> => {
  const checkpoint = await reader.checkpoint()();
  if (E.isLeft(checkpoint)) return checkpoint;
  const position = checkpoint.right?.position ?? start;
  if (position === head) return E.right({ consumer, events: 0, seconds: 0 });
  const page = await log.readAll(position, filter, mostCounted)();
  if (E.isLeft(page)) return page;
  const { events } = page.right;
  const oldest = events[0];
  const waiting = oldest === undefined ? now : Date.parse(oldest.metadata.recordedAt);
  return E.right({ consumer, events: events.length, seconds: Math.max(0, (now - waiting) / 1000) });
};

/**
 * How far each consumer is behind the log, in events that concern it and by the age of the oldest of
 * them. Those whose checkpoint cannot be read are left out. Left where the log cannot be read.
 */
export const lagFamilies = async (
  log: Pick<EventLog, 'head' | 'readAll'>,
  consumers: ReadonlyArray<Consumer>,
  now: number,
): Promise<E.Either<unknown, ReadonlyArray<Family>>> => {
  const head = await log.head()();
  if (E.isLeft(head)) return head;
  const lags: Array<Lag> = [];
  for (const consumer of consumers) {
    const lag = await lagOf(log, consumer, head.right, now);
    if (E.isRight(lag)) lags.push(lag.right);
  }
  return E.right([
    {
      ...{ name: 'freshmaker_consumer_lag_events', type: 'gauge' },
      help: `Events that a consumer of the log has not taken in yet; ${mostCounted} means so many or more.`,
      samples: lags.map(({ consumer, events }) => ({ labels: { consumer }, value: events })),
    },
    {
      ...{ name: 'freshmaker_consumer_lag_seconds', type: 'gauge' },
      help: 'Age of the oldest event that a consumer of the log has not taken in yet.',
      samples: lags.map(({ consumer, seconds }) => ({ labels: { consumer }, value: seconds })),
    },
  ]);
};
