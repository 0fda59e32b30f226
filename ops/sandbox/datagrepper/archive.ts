import { TOPIC_PREFIX, type BusMessage } from '../bus/bus.ts';
import type { Store } from '../store.ts';

/** What is known of one message without reading its body again. Time: Unix seconds. */
export type Filed = {
  readonly seq: number;
  readonly id: string;
  readonly time: number;
  readonly topic: string;
  readonly category: string;
  readonly users: ReadonlyArray<string>;
  readonly packages: ReadonlyArray<string>;
};

export type Archive = {
  /** Everything ever published, also what the bus dropped; by time, oldest first. */
  readonly all: () => ReadonlyArray<Filed>;
  readonly byId: (id: string) => Filed | undefined;
  readonly message: (filed: Filed) => BusMessage;
};

const named = (headers: BusMessage['headers'], kind: string): ReadonlyArray<string> =>
  Object.keys(headers).flatMap((name) =>
    name.startsWith(`fedora_messaging_${kind}_`)
      ? [name.slice(`fedora_messaging_${kind}_`.length)]
      : [],
  );

const textAt = (value: unknown, key: string): ReadonlyArray<string> => {
  const found = (value as Readonly<Record<string, unknown>> | null)?.[key];
  return typeof found === 'string' ? [found] : [];
};

const inCommit = (body: unknown): unknown =>
  (body as Readonly<Record<string, unknown>> | null)?.['commit'] ?? null;

const fileAway = (seq: number, { id, topic, headers, body }: BusMessage): Filed => {
  const said = Date.parse(String(headers['sent-at']));
  const commit = inCommit(body);
  const bare = topic.startsWith(TOPIC_PREFIX) ? topic.slice(TOPIC_PREFIX.length) : topic;
  return {
    ...{ seq, id, topic, category: bare.split('.', 1)[0] ?? bare },
    time: (Number.isNaN(said) ? Date.now() : said) / 1000,
    users: [...named(headers, 'user'), ...textAt(commit, 'agent'), ...textAt(body, 'agent')],
    packages: [...named(headers, 'rpm'), ...textAt(commit, 'repo')],
  };
};

const BATCH = 1000;

/** Keeps what was published, once for each id, as datanommer does. */
export const openArchive = (store: Store): Archive => {
  const byId = new Map<string, Filed>();
  let sorted: ReadonlyArray<Filed> = [];
  let read = 0;
  const catchUp = (): void => {
    for (;;) {
      const batch = store.publishedAfter(read, BATCH);
      for (const { seq, body } of batch) {
        const message = JSON.parse(body) as BusMessage;
        if (!byId.has(message.id)) byId.set(message.id, fileAway(seq, message));
        read = seq;
      }
      if (batch.length < BATCH) return;
    }
  };
  const all: Archive['all'] = () => {
    catchUp();
    if (sorted.length !== byId.size) {
      sorted = [...byId.values()].toSorted((a, b) => a.time - b.time || a.seq - b.seq);
    }
    return sorted;
  };
  return {
    all,
    byId: (id) => {
      catchUp();
      return byId.get(id);
    },
    message: ({ seq }) =>
      JSON.parse(store.publishedAfter(seq - 1, 1)[0]?.body ?? 'null') as BusMessage,
  };
};
