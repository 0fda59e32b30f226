import { randomUUID } from 'node:crypto';
import type { Store } from '../store.ts';

/** The dump form of fedora-messaging, as its own fixtures and datagrepper v2 show it. */
export type BusMessage = {
  readonly topic: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly id: string;
  readonly body: unknown;
  readonly queue: null;
  readonly priority: number | null;
};

export type FeedPage = { readonly messages: ReadonlyArray<BusMessage>; readonly next: string };

/** Whether a message is lost on its way to those who follow the bus. */
export type IsDropped = (message: BusMessage) => boolean;

export type Bus = {
  readonly publish: (message: BusMessage) => void;
  /** The messages after a cursor, oldest first; undefined when the cursor is of another world. */
  readonly page: (after: string, max: number) => FeedPage | undefined;
  /** Resolves at the next message, when the signal fires or when the bus closes. */
  readonly nextMessage: (signal: AbortSignal) => Promise<void>;
  readonly close: () => void;
};

export const TOPIC_PREFIX = 'org.fedoraproject.prod.';

/** Second precision with an offset, as publishers write `sent-at`. */
export const sentAt = (now: Date): string => now.toISOString().replace(/\.\d+Z$/, '+00:00');

const severity = { fedora_messaging_severity: 20 } as const;

/** A message of a publisher that speaks fedora-messaging itself. */
export const nativeMessage = (topic: string, schema: string, body: unknown): BusMessage => ({
  topic: TOPIC_PREFIX + topic,
  headers: { fedora_messaging_schema: schema, ...severity, 'sent-at': sentAt(new Date()) },
  id: randomUUID(),
  body,
  queue: null,
  priority: null,
});

/** A message that came over the bridge from fedmsg: generic schema, the year in front of its id. */
export const bridgedMessage = (topic: string, body: unknown): BusMessage => ({
  topic: TOPIC_PREFIX + topic,
  headers: { fedora_messaging_schema: 'base.message', ...severity, 'sent-at': sentAt(new Date()) },
  id: `${new Date().getUTCFullYear()}-${randomUUID()}`,
  body,
  queue: null,
  priority: null,
});

const worldId = (store: Store): string => {
  const known = store.setting('world');
  if (known !== undefined) return known;
  const fresh = randomUUID().slice(0, 8);
  store.set('world', fresh);
  return fresh;
};

/** A durable, ordered feed. A cursor is `<world>-<number>`; the empty one is before everything. */
export const openBus = (store: Store, isDropped: IsDropped = () => false): Bus => {
  const world = worldId(store);
  const waiting = new Set<() => void>();
  let closed = false;
  const wakeAll = (): void => {
    for (const wake of [...waiting]) wake();
  };
  const position = (after: string): number | undefined => {
    if (after === '') return 0;
    if (after === 'latest') return store.lastMessage();
    const [of, number] = after.split('-');
    const seq = Number(number);
    const known = of === world && Number.isSafeInteger(seq) && seq <= store.lastMessage();
    return known ? seq : undefined;
  };
  return {
    publish: (message) => {
      const seq = store.addMessage(JSON.stringify(message));
      if (isDropped(message)) store.dropMessage(seq);
      setImmediate(wakeAll); // after the transaction this may be part of
    },
    page: (after, max) => {
      const seq = position(after);
      if (seq === undefined) return undefined;
      const found = store.messagesAfter(seq, max);
      const messages = found.map(({ body }) => JSON.parse(body) as BusMessage);
      return { messages, next: `${world}-${found.at(-1)?.seq ?? seq}` };
    },
    nextMessage: async (signal) =>
      new Promise((resolve) => {
        const wake = (): void => {
          waiting.delete(wake);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        if (closed || signal.aborted) return resolve();
        waiting.add(wake);
        signal.addEventListener('abort', wake, { once: true });
      }),
    close: () => {
      closed = true;
      wakeAll();
    },
  };
};
