import type { Journal } from './journal.ts';
import type { StoredEvent } from './stored-event.ts';

export type Proposed = Pick<StoredEvent, 'id' | 'type' | 'contentType' | 'data' | 'metadata'>;
export type Expected = number | 'no-stream' | 'stream-exists' | 'any';
export type Outcome =
  | { readonly kind: 'written'; readonly revision: number; readonly position: bigint }
  | { readonly kind: 'empty'; readonly position: bigint }
  | { readonly kind: 'wrong'; readonly current: number | undefined }
  | { readonly kind: 'too-large'; readonly limit: number }
  | { readonly kind: 'deleted' }
  | { readonly kind: 'bad'; readonly message: string };

export type Store = {
  readonly append: (stream: string, expected: Expected, events: ReadonlyArray<Proposed>) => Outcome;
  /** What may be read of a stream; undefined when there is none. */
  readonly stream: (stream: string) => ReadonlyArray<StoredEvent> | undefined;
  readonly all: ReadonlyArray<StoredEvent>;
  readonly softDelete: (stream: string) => bigint;
  readonly tombstone: (stream: string) => bigint;
  readonly isTombstoned: (stream: string) => boolean;
  readonly whenChanged: (listener: () => void) => () => void;
  /** Settles when all that was written by now will be there after a power cut. */
  readonly durable: () => Promise<void>;
};

/** What a server has unless its configuration says otherwise. */
const defaultAppendSize = 1024 * 1024;

export type StoreOptions = {
  /** Keeps what is written; without it all is gone with the process. */
  readonly journal?: Journal;
  /** Data bytes of one append at most. */
  readonly maxAppendSize?: number;
};

const system = (type: string, body: object): Proposed => ({
  id: crypto.randomUUID(),
  type,
  contentType: 'application/json',
  data: Buffer.from(JSON.stringify(body)),
  metadata: new Uint8Array(),
});

const nameFault = (stream: string, events: ReadonlyArray<Proposed>): string | undefined => {
  if (stream === '') return "Value cannot be null. (Parameter 'value')";
  return events.some(({ type }) => type === '')
    ? "Empty eventType provided. (Parameter 'eventType')"
    : undefined;
};

/** The server's rules for appending, `contract/eventstore.md`; everything in memory, and in the journal. */
export const openStore = (options: StoreOptions = {}): Store => {
  const { journal, maxAppendSize = defaultAppendSize } = options;
  const all: Array<StoredEvent> = [];
  const streams = new Map<string, Array<StoredEvent>>();
  const tombstones = new Set<string>();
  const listeners = new Set<() => void>();
  let end = 500n;

  const keep = (events: ReadonlyArray<StoredEvent>): void => {
    for (const event of events) {
      const own = streams.get(event.stream) ?? [];
      streams.set(event.stream, own);
      own.push(event);
      all.push(event);
      end = event.position;
      if (event.type === '$streamDeleted') tombstones.add(event.stream);
    }
  };
  for (const events of journal?.kept ?? []) keep(events);

  const write = (stream: string, events: ReadonlyArray<Proposed>): StoredEvent | undefined => {
    const before = streams.get(stream)?.length ?? 0;
    const stored = events.map((event, index) => {
      end += 130n + BigInt(event.data.length % 7);
      const created = `${Date.now()}0000`;
      return { ...event, stream, revision: before + index, created, position: end };
    });
    journal?.write(stored);
    keep(stored);
    for (const listener of [...listeners]) listener();
    return stored.at(-1);
  };

  const limits = (stream: string): { readonly $maxCount?: number; readonly $tb?: number } => {
    const newest = streams.get(`$$${stream}`)?.at(-1);
    return newest === undefined
      ? {}
      : (JSON.parse(Buffer.from(newest.data).toString()) as ReturnType<typeof limits>);
  };
  const firstVisible = (stream: string, count: number): number => {
    const { $maxCount, $tb } = limits(stream);
    return Math.max($tb ?? 0, $maxCount === undefined ? 0 : count - $maxCount);
  };

  const repeated = (
    own: ReadonlyArray<StoredEvent>,
    before: number,
    events: ReadonlyArray<Proposed>,
  ): StoredEvent | undefined =>
    events.every(({ id }, index) => own[before + 1 + index]?.id === id)
      ? own[before + events.length]
      : undefined;

  const refusal = (stream: string, events: ReadonlyArray<Proposed>): Outcome | undefined => {
    const fault = nameFault(stream, events);
    if (fault !== undefined) return { kind: 'bad', message: fault };
    if (tombstones.has(stream)) return { kind: 'deleted' };
    const bytes = events.reduce((sum, { data }) => sum + data.length, 0);
    return bytes > maxAppendSize ? { kind: 'too-large', limit: maxAppendSize } : undefined;
  };

  const isGone = (stream: string): boolean => {
    const count = streams.get(stream)?.length ?? 0;
    return count > 0 && firstVisible(stream, count) >= count;
  };

  const lengthOf = (stream: string): number => streams.get(stream)?.length ?? 0;

  /** The answer of a stream that is not at the revision expected. */
  const elsewhere = (stream: string, before: number, events: ReadonlyArray<Proposed>): Outcome => {
    const own = streams.get(stream) ?? [];
    const last = before < own.length - 1 ? repeated(own, before, events) : undefined;
    if (last !== undefined) {
      return { kind: 'written', revision: last.revision, position: last.position };
    }
    return { kind: 'wrong', current: own.length === 0 ? undefined : own.length - 1 };
  };

  const mismatch = (
    stream: string,
    expected: Expected,
    events: ReadonlyArray<Proposed>,
  ): Outcome | undefined => {
    const count = lengthOf(stream);
    if (expected === 'any') return undefined;
    if (expected === 'stream-exists') {
      return count === 0 ? { kind: 'wrong', current: undefined } : undefined;
    }
    if (expected === 'no-stream' && isGone(stream)) return undefined;
    const before = expected === 'no-stream' ? -1 : expected;
    return before === count - 1 ? undefined : elsewhere(stream, before, events);
  };

  const append: Store['append'] = (stream, expected, events) => {
    const answer = refusal(stream, events) ?? mismatch(stream, expected, events);
    if (answer !== undefined) return answer;
    if (events.length === 0) return { kind: 'empty', position: (end += 138n) };
    if (isGone(stream)) write(`$$${stream}`, [system('$metadata', { $tb: lengthOf(stream) })]);
    const last = write(stream, events);
    if (last === undefined) throw new Error('an append of events that wrote none');
    return { kind: 'written', revision: last.revision, position: last.position };
  };

  return {
    append,
    all,
    durable: () => journal?.synced() ?? Promise.resolve(),
    stream: (stream) => {
      const own = streams.get(stream);
      if (own === undefined) return undefined;
      const visible = own.slice(firstVisible(stream, own.length));
      return visible.length === 0 ? undefined : visible;
    },
    softDelete: (stream) => {
      const marker = system('$metadata', { $tb: Number.MAX_SAFE_INTEGER });
      return write(`$$${stream}`, [marker])?.position ?? 0n;
    },
    tombstone: (stream) => write(stream, [system('$streamDeleted', {})])?.position ?? 0n,
    isTombstoned: (stream) => tombstones.has(stream),
    whenChanged: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};
