import type { AppendExpectedRevision, EventStoreDBClient } from '@eventstore/db-client';
import { FORWARDS, jsonEvent, NO_STREAM, START, streamNameFilter } from '@eventstore/db-client';
import { setTimeout as pause } from 'node:timers/promises';
import type { Scenario, Step } from './exchanges.ts';

/** What of an error was written down in the recording: the class, the type, the code, the message. */
export type ErrorKind = string;

/** Ports, times and the way a kernel says that the other side has gone differ from run to run. */
const masked = (message: string): string =>
  message
    .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT')
    .replaceAll(/\(\d[^)]*\)/g, '(TIME)')
    .replace('read ECONNRESET', 'Connection dropped');

export const kindOf = (error: unknown): ErrorKind => {
  const { constructor, type, code, message } = error as Error & {
    readonly type?: string;
    readonly code?: number;
  };
  return masked(`${constructor.name}/${type}/${code}/${message}`);
};

/** What the recording's client saw, in the words of `kindOf`. */
export const recordedKind = (written: string): ErrorKind => masked(written);

export const stepOf = (scenario: Scenario, name: string): Step & { readonly result?: unknown } => {
  const step = scenario.steps.find((one) => one.step === name);
  if (step === undefined) throw new Error(`${scenario.name} has no step ${name}`);
  return step;
};

export type Appending = {
  /** How many have been acknowledged. */
  readonly acknowledged: () => number;
  readonly positions: () => ReadonlyArray<bigint>;
  /** The kinds of errors, each once, in the order of the first of each. */
  readonly kinds: () => ReadonlyArray<ErrorKind>;
  readonly errors: () => number;
  readonly stop: () => Promise<void>;
};

/** Appends one event after another, each again with the same id and revision until it is acknowledged. */
export const keepAppending = (client: EventStoreDBClient, stream: string): Appending => {
  const kinds: Array<ErrorKind> = [];
  const positions: Array<bigint> = [];
  const running = { isOver: false, errors: 0 };
  const one = async (revision: number): Promise<void> => {
    const event = jsonEvent({ type: 'thing-happened', data: { n: revision } });
    const expectedRevision: AppendExpectedRevision =
      revision === 0 ? NO_STREAM : BigInt(revision - 1);
    while (!running.isOver) {
      try {
        const answer = await client.appendToStream(stream, event, { expectedRevision });
        positions.push(answer.position?.commit ?? -1n);
        return;
      } catch (error) {
        running.errors += 1;
        kinds.push(kindOf(error));
        await pause(20);
      }
    }
  };
  const all = (async () => {
    for (let revision = 0; !running.isOver; revision += 1) await one(revision);
  })();
  return {
    acknowledged: () => positions.length,
    positions: () => positions,
    kinds: () => [...new Set(kinds)],
    errors: () => running.errors,
    stop: async () => {
      running.isOver = true;
      await all;
    },
  };
};

export type Seen =
  'confirmation' | 'caughtUp' | { readonly data: number } | { readonly error: ErrorKind };

/** What a subscription to the events of one stream is told, in order; it is not begun again. */
export const subscribed = (client: EventStoreDBClient, stream: string): ReadonlyArray<Seen> => {
  const seen: Array<Seen> = [];
  const filter = streamNameFilter({ prefixes: [stream], checkpointInterval: 1 });
  client
    .subscribeToAll({ fromPosition: START, filter })
    .on('confirmation', () => seen.push('confirmation'))
    .on('caughtUp', () => seen.push('caughtUp'))
    .on('error', (error) => seen.push({ error: kindOf(error) }))
    .on('data', ({ event }) => {
      seen.push({ data: (event?.data as { readonly n: number }).n });
    });
  return seen;
};

/** The numbers in a stream's events, from its beginning. */
export const numbersIn = async (
  client: EventStoreDBClient,
  stream: string,
): Promise<ReadonlyArray<number>> => {
  const numbers: Array<number> = [];
  const read = client.readStream(stream, { direction: FORWARDS, fromRevision: START });
  for await (const { event } of read) numbers.push((event?.data as { readonly n: number }).n);
  return numbers;
};
