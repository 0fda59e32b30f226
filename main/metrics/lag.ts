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

/** `oldest`: when the first of the events was recorded (ISO); null where there is none. */
export type Lag = {
  readonly consumer: string;
  readonly events: number;
  readonly oldest: string | null;
};

type Log = Pick<EventLog, 'head' | 'readAll'>;
/** What lies between a position and `upTo`; `isAll` where that was the end of the log. */
type Counted = {
  readonly position: string;
  readonly head: string;
  readonly upTo: string;
  readonly isAll: boolean;
  readonly lag: Lag;
};

/** Who is further behind than this is shown as exactly this far: counting on would cost too much. */
export const mostCounted = 1000;

/** Whether a count holds still: of the same events, or of so many that more make no difference. */
const holds = (counted: Counted, position: string, head: string): boolean =>
  counted.position === position &&
  ((counted.head === head && counted.isAll) || counted.lag.events >= mostCounted);

/** Counts one page on from where the count before it ended. */
const count = async (
  log: Log,
  { name: consumer, filter }: Consumer,
  head: string,
  before: Omit<Counted, 'head'>,
): Promise<E.Either<unknown, Counted>> => {
  const { position, upTo: after, lag } = before;
  if (position === head) return E.right({ ...before, head, isAll: true });
  const page = await log.readAll(after, filter, mostCounted - lag.events)();
  if (E.isLeft(page)) return page;
  const { events, upTo, atEnd: isAll } = page.right;
  const oldest = lag.oldest ?? events[0]?.metadata.recordedAt ?? null;
  const counted = { consumer, events: lag.events + events.length, oldest };
  return E.right({ position, head, upTo, isAll, lag: counted });
};

/** Undefined while none was found and there is more to look at. */
const toldOf = ({ lag, isAll }: Counted): Lag | undefined =>
  isAll || lag.events > 0 ? lag : undefined;

const uncounted = (consumer: string, position: string): Omit<Counted, 'head'> => ({
  ...{ position, upTo: position, isAll: false },
  lag: { consumer, events: 0, oldest: null },
});

/**
 * Tells how far each consumer is behind the log, in events that concern it. Those whose checkpoint
 * cannot be read are left out, as are those of whom nothing is known yet: a page of the log is looked
 * at per call, and may hold nothing that concerns them. Left where the log cannot be read. What was counted is counted again
 * only where either end has moved, and nothing once there is more than is counted.
 */
export const lagsOf = (
  log: Log,
  consumers: ReadonlyArray<Consumer>,
): (() => Promise<E.Either<unknown, ReadonlyArray<Lag>>>) => {
  const known = new Map<string, Counted>();
  const lagOf = async (
    consumer: Consumer,
    head: string,
  ): Promise<E.Either<unknown, Lag | undefined>> => {
    const checkpoint = await consumer.reader.checkpoint()();
    if (E.isLeft(checkpoint)) return checkpoint;
    const position = checkpoint.right?.position ?? start;
    const before = known.get(consumer.name);
    if (before !== undefined && holds(before, position, head)) return E.right(before.lag);
    const from = before?.position === position ? before : uncounted(consumer.name, position);
    const counted = await count(log, consumer, head, from);
    if (E.isLeft(counted)) return counted;
    known.set(consumer.name, counted.right);
    return E.right(toldOf(counted.right));
  };
  return async () => {
    const head = await log.head()();
    if (E.isLeft(head)) return head;
    const lags: Array<Lag> = [];
    for (const consumer of consumers) {
      const lag = await lagOf(consumer, head.right);
      if (E.isRight(lag) && lag.right !== undefined) lags.push(lag.right);
    }
    return E.right(lags);
  };
};

const secondsSince = (oldest: string | null, now: number): number =>
  oldest === null ? 0 : Math.max(0, (now - Date.parse(oldest)) / 1000);

/** How far each consumer is behind, and by the age of the oldest event that it has not taken in. */
export const lagFamilies = (lags: ReadonlyArray<Lag>, now: number): ReadonlyArray<Family> => [
  {
    ...{ name: 'freshmaker_consumer_lag_events', type: 'gauge' },
    help: `Events that a consumer of the log has not taken in yet; ${mostCounted} means so many or more.`,
    samples: lags.map(({ consumer, events }) => ({ labels: { consumer }, value: events })),
  },
  {
    ...{ name: 'freshmaker_consumer_lag_seconds', type: 'gauge' },
    help: 'Age of the oldest event that a consumer of the log has not taken in yet.',
    samples: lags.map(({ consumer, oldest }) => ({
      labels: { consumer },
      value: secondsSince(oldest, now),
    })),
  },
];
