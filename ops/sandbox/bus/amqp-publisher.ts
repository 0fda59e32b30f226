import { setTimeout as sleep } from 'node:timers/promises';
import type { ChannelModel, ConfirmChannel } from 'amqplib';
import { connect } from 'amqplib';
import type { Store } from '../store.ts';
import type { Bus, BusMessage } from './bus.ts';

export type AmqpPublisher = {
  /** Ends what is under way; what is not yet confirmed is published again at the next start. */
  readonly close: () => Promise<void>;
};

type Deps = {
  readonly url: string;
  readonly store: Store;
  readonly bus: Bus;
  readonly warn: (text: string) => void;
  /** Fires before the bus closes. */
  readonly closing: AbortSignal;
};

const NATIVE = 'amq.topic';
/** Where the bridge from fedmsg published. */
const BRIDGED = 'zmq.topic';
const PAGE = 100;
const CURSOR = 'amqp-cursor';
/** Milliseconds. */
const PAUSE = 500;
const PATIENCE = 5000;

// Only the bridge puts the year in front of an id, and no UUID begins with four digits and a dash.
const exchangeOf = ({ id }: BusMessage): string => (/^\d{4}-/.test(id) ? BRIDGED : NATIVE);

const publish = (channel: ConfirmChannel, message: BusMessage): void => {
  const { topic, id, body, priority, headers } = message;
  channel.publish(exchangeOf(message), topic, Buffer.from(JSON.stringify(body)), {
    ...{ contentType: 'application/json', contentEncoding: 'utf-8', persistent: true },
    ...{ messageId: id, headers: { ...headers, ...(priority === null ? {} : { priority }) } },
    ...(priority === null ? {} : { priority }),
  });
};

/** Publishes what comes after the cursor until the connection is over. */
const publishOn = async (
  { store, bus }: Deps,
  connection: ChannelModel,
  over: AbortSignal,
  stopping: AbortSignal,
  onReady: () => void,
): Promise<void> => {
  const channel = await connection.createConfirmChannel();
  channel.on('error', () => undefined); // what waits for an answer is told
  await channel.assertExchange(BRIDGED, 'topic', { durable: true });
  onReady();
  while (!over.aborted && !stopping.aborted) {
    const page = bus.page(store.setting(CURSOR) ?? '', PAGE) ?? bus.page('', PAGE);
    if (page === undefined || page.messages.length === 0) {
      await bus.nextMessage(over);
      continue;
    }
    for (const message of page.messages) publish(channel, message);
    await channel.waitForConfirms();
    store.set(CURSOR, page.next);
  }
};

const why = (error: unknown): string => {
  const { message, code } = error as { readonly message?: string; readonly code?: string };
  return [message, code].find((text) => text !== undefined && text !== '') ?? String(error);
};

/** What the driver leaves behind of a broken connection. */
type Inner = {
  readonly stream?: { readonly destroy?: () => void };
  readonly heartbeater?: { readonly clear?: () => void };
};

const leave = async (connection: ChannelModel): Promise<void> => {
  const enough = new AbortController();
  const patience = sleep(PATIENCE, undefined, { signal: enough.signal });
  await Promise.race([connection.close(), patience]).catch(() => undefined); // closed already
  enough.abort();
  await patience.catch(() => undefined);
  // else the socket of a broker that is gone would keep the process alive
  // and so would the timers of its heartbeat
  const { stream, heartbeater } = connection.connection as Inner;
  stream?.destroy?.();
  heartbeater?.clear?.();
};

/**
 * Publishes every message of the bus to RabbitMQ as Fedora's services and bridge did: in order,
 * persistent, each confirmed before the cursor passes it. A broker that is away loses nothing; some
 * messages may then come twice.
 */
export const startAmqpPublisher = (deps: Deps): AmqpPublisher => {
  const stopping = new AbortController();
  const { signal } = stopping;
  deps.closing.addEventListener('abort', () => stopping.abort(), { once: true });
  let told = false;
  const isOver = (): boolean => signal.aborted;
  const tell = (error: unknown): void => {
    if (told || isOver()) return;
    told = true;
    deps.warn(`the broker cannot be published to, and is tried again: ${why(error)}`);
  };
  const onReady = (): void => {
    if (told) deps.warn('the broker is published to again');
    told = false;
  };
  const once = async (): Promise<void> => {
    const connection = await connect(deps.url, { timeout: PATIENCE, noDelay: true });
    const over = new AbortController();
    connection.on('error', tell);
    connection.on('close', () => over.abort());
    const stop = (): void => void leave(connection).then(() => over.abort());
    signal.addEventListener('abort', stop, { once: true });
    if (isOver()) stop();
    try {
      await publishOn(deps, connection, over.signal, signal, onReady);
    } finally {
      signal.removeEventListener('abort', stop);
      await leave(connection);
    }
  };
  const run = async (): Promise<void> => {
    while (!isOver()) {
      await once().catch(tell);
      await sleep(PAUSE, undefined, { signal }).catch(() => undefined); // told to stop: the loop ends
    }
  };
  const running = run();
  return {
    close: async () => {
      stopping.abort();
      await running;
    },
  };
};
