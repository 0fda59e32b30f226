import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import * as E from 'fp-ts/lib/Either.js';
import type { Broker } from './broker.ts';
import { closeConnection, openConnection, within } from './connection.ts';
import type { BrokerFailure } from './failure.ts';
import { failureOf } from './failure.ts';
import type { Queue } from './queue.ts';
import { declareQueue } from './queue.ts';

export type ConsumeDeps = {
  readonly broker: Broker;
  readonly queue: Queue;
  readonly prefetch: number;
  /** Puts a delivery on record; left when it was given up, which then is not acknowledged. */
  readonly take: (
    delivery: ConsumeMessage,
    signal: AbortSignal,
  ) => Promise<E.Either<unknown, unknown>>;
  /** Told when deliveries are under way, with the name of the queue. */
  readonly onConsuming: (queue: string) => void;
  /** Called every `turn` milliseconds while the broker is there. */
  readonly beat: () => void;
  readonly turn: number;
  /** Milliseconds for what is under way when the signal comes. */
  readonly patience: number;
};

/** How a connection ends: once, by the first thing that happens to it. */
type Ending = {
  readonly signal: AbortSignal;
  readonly end: (error: unknown) => void;
  readonly error: () => unknown;
};

const endingOf = (connection: ChannelModel): Ending => {
  const over = new AbortController();
  let first: unknown;
  const end = (error: unknown): void => {
    first ??= error;
    over.abort();
  };
  connection.on('close', (error) => end(error ?? new Error('the connection was closed')));
  connection.on('error', end);
  return { signal: over.signal, end, error: () => first };
};

const channelOf = async (connection: ChannelModel, { end }: Ending): Promise<Channel> => {
  const channel = await connection.createChannel();
  channel.on('error', end);
  channel.on('handler-error', end);
  // A channel is also closed where its connection is, which then says why.
  channel.on('close', () => setImmediate(end, new Error('the channel was closed')));
  return channel;
};

const eitherAborted = async (one: AbortSignal, other: AbortSignal): Promise<void> =>
  new Promise((done) => {
    const end = (): void => {
      for (const signal of [one, other]) signal.removeEventListener('abort', end);
      done();
    };
    for (const signal of [one, other]) signal.addEventListener('abort', end);
    if (one.aborted || other.aborted) end();
  });

type Session = {
  readonly deps: ConsumeDeps;
  readonly channel: Channel;
  readonly ending: Ending;
  readonly signal: AbortSignal;
  readonly underWay: Set<Promise<void>>;
};

const takeAndAck = async (
  { deps, channel, ending }: Session,
  delivery: ConsumeMessage,
  giveUp: AbortSignal,
): Promise<void> => {
  try {
    const taken = await deps.take(delivery, giveUp);
    if (E.isLeft(taken) || ending.signal.aborted) return;
    channel.ack(delivery);
  } catch (error) {
    ending.end(error); // of a channel that closes just now: delivered again, and seen before
  }
};

/** Consumes until the connection ends or the signal comes; then nothing new is begun. */
const consume = async (session: Session): Promise<void> => {
  const { deps, channel, ending, signal, underWay } = session;
  const givingUp = new AbortController();
  const queue = await declareQueue(channel, deps.queue);
  const { consumerTag } = await channel.consume(queue, (delivery) => {
    if (delivery === null) return ending.end(new Error(`the queue ${queue} was deleted`));
    if (givingUp.signal.aborted) return;
    const taking = takeAndAck(session, delivery, givingUp.signal);
    underWay.add(taking);
    void taking.then(() => underWay.delete(taking));
  });
  deps.onConsuming(queue);
  const beating = setInterval(deps.beat, deps.turn);
  await eitherAborted(ending.signal, signal);
  clearInterval(beating);
  givingUp.abort();
  if (ending.signal.aborted) return;
  const settled = async (): Promise<void> => {
    await channel.cancel(consumerTag);
    await Promise.all(underWay);
    await channel.close(); // after the acknowledgements, which a connection's end might overtake
  };
  await within(deps.patience, settled());
};

/**
 * One connection, from its beginning to its end: resolves with why it ended, or with undefined when
 * the signal came. What is not acknowledged by then is the broker's again.
 */
export const consumeOnce = async (
  deps: ConsumeDeps,
  signal: AbortSignal,
): Promise<BrokerFailure | undefined> => {
  const connection = await openConnection(deps.broker, signal);
  if (connection === undefined) return undefined;
  if (E.isLeft(connection)) return connection.left;
  const ending = endingOf(connection.right);
  try {
    const channel = await channelOf(connection.right, ending);
    await channel.prefetch(deps.prefetch);
    await consume({ deps, channel, ending, signal, underWay: new Set() });
  } catch (error) {
    ending.end(error);
  } finally {
    await closeConnection(connection.right);
  }
  return signal.aborted ? undefined : failureOf(deps.broker, ending.error());
};
