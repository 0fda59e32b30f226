import { setTimeout as sleep } from 'node:timers/promises';
import type { ConfirmChannel, Options } from 'amqplib';
import { connect } from 'amqplib';
import type { ExecutionContext } from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import type { EventLog, RecordedEvent } from '../../event-log/event-log.ts';
import { bindingOf } from '../../ingest/amqp/binding.ts';
import type { Broker, Tls } from '../../ingest/amqp/broker.ts';
import { brokerOf } from '../../ingest/amqp/broker.ts';
import type { QueueDeps } from '../../ingest/amqp/follow-queue.ts';
import { followQueue } from '../../ingest/amqp/follow-queue.ts';
import type { Queue } from '../../ingest/amqp/queue.ts';
import { aLog, anIngest } from './ingest-world.ts';

const right = <A>(result: E.Either<unknown, A>): A => {
  if (E.isRight(result)) return result.right;
  throw new Error(JSON.stringify(result.left));
};

export const aBroker = (url: string, tls: Tls = {}): Broker => right(brokerOf(url, tls));

/** The queue `freshmaker`, durable, bound to all of amq.topic, unless told otherwise. */
export const aQueue = (
  changes: Partial<Queue> = {},
  bindings: ReadonlyArray<string> = ['amq.topic:#'],
): Queue => ({
  ...{ name: 'freshmaker', declare: 'active', durable: true },
  bindings: bindings.map((text) => right(bindingOf(text))),
  ...changes,
});

/** Waits until this holds; fails when it does not within so many seconds. */
export const until = async (
  holds: () => boolean | Promise<boolean>,
  seconds = 90,
): Promise<void> => {
  const deadline = performance.now() + seconds * 1000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`not within ${seconds} s: ${String(holds)}`);
    await sleep(20);
  }
};

/** All messages on record, in the order of the log. */
export const recorded = async (log: EventLog): Promise<ReadonlyArray<RecordedEvent>> =>
  right(await log.readAll('', { types: ['MessageObserved'] }, 100_000)()).events;

export const idsIn = async (log: EventLog): Promise<ReadonlyArray<unknown>> =>
  (await recorded(log)).map(({ data }) => data['messageId']);

export type Told = { readonly level: string; readonly sentence: string };
export type Follower = {
  readonly log: EventLog;
  readonly told: ReadonlyArray<Told>;
  /** Resolves when something was reported that matches. */
  readonly hasTold: (mark: RegExp) => Promise<void>;
  readonly stop: () => Promise<void>;
};

/** Follows a queue in this process until the test ends; quick to try again. */
export const aFollower = async (
  t: ExecutionContext,
  { broker, ...changes }: Partial<QueueDeps> & { readonly broker: Broker },
): Promise<Follower> => {
  const log = changes.ingest?.log ?? (await aLog(t));
  const stopping = new AbortController();
  const told: Array<Told> = [];
  const running = followQueue(
    {
      ...{ ingest: { ...anIngest(log), transport: 'amqp' }, broker, queue: aQueue(), prefetch: 25 },
      ...{ random: () => 0, report: (level, sentence) => told.push({ level, sentence }) },
      ...{ pauses: { first: 100, longest: 400 }, refusedPauses: { first: 200, longest: 400 } },
      ...changes,
    },
    stopping.signal,
  );
  const stop = async (): Promise<void> => {
    stopping.abort();
    await running;
  };
  t.teardown(stop);
  const hasTold = async (mark: RegExp): Promise<void> => {
    const isTold = (): boolean => told.some(({ sentence }) => mark.test(sentence));
    await until(isTold).catch(() => {
      throw new Error(`told was not ${mark.source}, but: ${JSON.stringify(told)}`);
    });
  };
  return { log, told, hasTold, stop };
};

/** As `aFollower`, when the queue is there and consumed. */
export const aConsumer = async (
  t: ExecutionContext,
  deps: Parameters<typeof aFollower>[1],
): Promise<Follower> => {
  const follower = await aFollower(t, deps);
  await follower.hasTold(/is consumed/);
  return follower;
};

export type Sent = Options.Publish & {
  readonly topic?: string;
  readonly exchange?: string;
  readonly body?: string | Buffer;
};

export type Publisher = {
  readonly channel: ConfirmChannel;
  /** Publishes as fedora-messaging does, each confirmed. */
  readonly send: (...messages: ReadonlyArray<Sent>) => Promise<void>;
};

export const aPublisher = async (t: ExecutionContext, url: string): Promise<Publisher> => {
  const connection = await connect(url);
  connection.on('error', () => undefined);
  t.teardown(() => connection.close().catch(() => undefined));
  const channel = await connection.createConfirmChannel();
  channel.on('error', () => undefined);
  const send: Publisher['send'] = async (...messages) => {
    for (const { topic, exchange = 'amq.topic', body = '{}', ...options } of messages) {
      channel.publish(exchange, topic ?? 'org.fedoraproject.prod.test', Buffer.from(body), {
        ...{ contentType: 'application/json', contentEncoding: 'utf-8', persistent: true },
        ...options,
      });
    }
    await channel.waitForConfirms();
  };
  return { channel, send };
};
