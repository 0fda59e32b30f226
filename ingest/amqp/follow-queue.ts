import { setTimeout as sleep } from 'node:timers/promises';
import type { Realm } from '../../domain/stream-names.ts';
import type { Ingest } from '../append-message.ts';
import { pauseAfter } from '../feed/follow-feed.ts';
import type { Broker } from './broker.ts';
import { placeOf } from './broker.ts';
import { within } from './connection.ts';
import { consumeOnce } from './consume.ts';
import type { BrokerFailure } from './failure.ts';
import { openHold } from './hold.ts';
import type { Queue } from './queue.ts';
import type { Pauses, Report } from './report.ts';
import { takeDelivery } from './take.ts';

export type QueueDeps = {
  readonly ingest: Ingest;
  /** `rehearsal` where the whole service only rehearses; `real` unless given. */
  readonly realm?: Realm;
  readonly broker: Broker;
  readonly queue: Queue;
  /** Messages the broker hands over before one of them is acknowledged. */
  readonly prefetch: number;
  readonly report: Report;
  /** From 0 up to 1, for the jitter of pauses. */
  readonly random: () => number;
  /** Called for every message that comes, also one that was seen before. */
  readonly heard?: () => void;
  /** Called every `turn` at least, also in pauses; not while one attempt to append is stuck. */
  readonly beat?: () => void;
  /** Milliseconds between two beats; default 5000. */
  readonly turn?: number;
  /** Milliseconds after which an attempt that neither worked nor failed is stuck; default 60,000. */
  readonly stuck?: number;
  /** After a failure that may pass by itself; default 500 and 30,000 ms. */
  readonly pauses?: Pauses;
  /** After a refusal, which a person has to put right; default 30,000 and 300,000 ms. */
  readonly refusedPauses?: Pauses;
  /** Milliseconds for what is under way when the signal comes; default 5000. */
  readonly patience?: number;
};

const nothing = (): void => undefined;
const byDefault = {
  ...{ realm: 'real' as const, heard: nothing, patience: 5000, turn: 5000, stuck: 60_000 },
  pauses: { first: 500, longest: 30_000 },
  refusedPauses: { first: 30_000, longest: 300_000 },
};

/** Tries after which a broker that is not ready counts as one that refuses. */
const starting = 5;

type Outage = {
  /** In a row, and over connections that did not last. */
  failures: number;
  /** In a row. */
  refusals: number;
  /** In a row, of a broker that may be starting. */
  notReady: number;
  /** Since the queue was last consumed. */
  tries: number;
  /** Level and reason that were reported last; undefined while all is well. */
  told: string | undefined;
};

/** Pauses, but not in silence. Only the signal ends it early, and then the loop ends by itself. */
const rest = async (
  milliseconds: number,
  { turn, beat }: { readonly turn: number; readonly beat: () => void },
  signal: AbortSignal,
): Promise<void> => {
  const until = performance.now() + milliseconds;
  const left = (): number => until - performance.now();
  while (left() > 0 && !signal.aborted) {
    await sleep(Math.min(turn, left()), undefined, { signal }).catch(() => undefined);
    beat();
  }
};

/** Counts one more failure; whether it is for a person to put right. */
const isRefusalAfter = (outage: Outage, { code }: BrokerFailure): boolean => {
  outage.failures += 1;
  outage.tries += 1;
  outage.notReady = code === 'broker-not-ready' ? outage.notReady + 1 : 0;
  const isRefusal = code === 'broker-refuses' || outage.notReady > starting;
  outage.refusals = isRefusal ? outage.refusals + 1 : 0;
  return isRefusal;
};

const seconds = (milliseconds: number): string => `${Math.ceil(milliseconds / 1000)} s`;

/**
 * Consumes a queue until the signal aborts. Every delivery is put on record, and acknowledged only
 * when that is durable; while the log takes nothing, deliveries are kept and the prefetch stops the
 * intake. A connection that ends is made anew after a pause that doubles, with jitter. A refusal is
 * reported as an error with what to do, and tried again slowly.
 */
export const followQueue = async (deps: QueueDeps, signal: AbortSignal): Promise<void> => {
  const { broker, queue, prefetch, report, random } = deps;
  const { ingest, realm, heard, patience, turn, stuck, pauses, refusedPauses } = {
    ...byDefault,
    ...deps,
  };
  const hold = openHold({ report, random, pauses });
  const beat = (): void => (hold.longest() < stuck ? deps.beat?.() : undefined);
  const underWay = new Set<Promise<unknown>>();
  const outage: Outage = { failures: 0, refusals: 0, notReady: 0, tries: 0, told: undefined };

  const take: Parameters<typeof consumeOnce>[0]['take'] = (delivery, giveUp) => {
    heard();
    const taking = takeDelivery({ ingest, realm, hold }, delivery, giveUp);
    underWay.add(taking);
    return taking.finally(() => underWay.delete(taking));
  };
  const onConsuming = (name: string): void => {
    const again = outage.tries > 0 ? ` again after ${outage.tries} failed tries` : '';
    report('info', `amqp: ${placeOf(broker)} answers${again}; queue ${name} is consumed`);
    outage.tries = 0;
    outage.told = undefined;
    beat();
  };
  const tell = ({ reason }: BrokerFailure, level: 'warn' | 'error', pause: number): void => {
    if (outage.told === `${level} ${reason}`) return;
    outage.told = `${level} ${reason}`;
    report(level, `amqp: ${reason} The next try is in ${seconds(pause)}.`);
  };
  while (!signal.aborted) {
    const began = performance.now();
    beat();
    const session = { broker, queue, prefetch, take, onConsuming, beat, turn, patience };
    const failure = await consumeOnce(session, signal);
    if (failure === undefined) break;
    if (performance.now() - began > pauses.longest) outage.failures = 0;
    const isRefusal = isRefusalAfter(outage, failure);
    const pause = isRefusal
      ? pauseAfter(outage.refusals, refusedPauses, random)
      : pauseAfter(outage.failures, pauses, random);
    tell(failure, isRefusal ? 'error' : 'warn', pause);
    await rest(pause, { turn, beat }, signal);
  }
  await within(patience, Promise.all(underWay));
};
