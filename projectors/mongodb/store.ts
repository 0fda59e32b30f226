import { setTimeout as pause } from 'node:timers/promises';
import type { ClientSession, Collection, Db, MongoClient, Timestamp } from 'mongodb';
import { MongoServerError } from 'mongodb';
import type { AliasDocument, GenerationDocument, RowDocument } from './documents.ts';
import type { Connection } from './connect.ts';

export type Asking = <A>(work: (session: ClientSession) => Promise<A>) => Promise<A>;

/** One process's way to the database. */
export type Store = {
  /** How failures call it. */
  readonly name: string;
  readonly client: MongoClient;
  readonly database: Db;
  readonly generations: Collection<GenerationDocument>;
  readonly aliases: Collection<AliasDocument>;
  readonly rows: (generation: string) => Collection<RowDocument>;
  /** Runs reads and writes so that none sees less than any that ended before it in this process. */
  readonly asking: Asking;
  /** Brings a session of its own up to what this process has seen, and remembers what it saw. */
  readonly catchUp: (session: ClientSession) => void;
  readonly note: (session: ClientSession) => void;
  /** The time, as an expression of the server's. */
  readonly now: () => Date | '$$NOW';
  /** How long a silent writer stays the writer, in milliseconds. */
  readonly lease: number;
};

/** For how long the server works on one command, in milliseconds. */
export const maxTimeMS = 20_000;

/** Every row of an answer at one moment, however many there are. */
export const atOneMoment = { level: 'snapshot' } as const;

/** For how long a read is tried again that came too soon after a collection was made: milliseconds. */
const patience = 5000;

/** SnapshotUnavailable and SnapshotTooOld, which the server says of reads alone. */
const isTooSoon = (thrown: unknown): boolean =>
  thrown instanceof MongoServerError && (thrown.code === 246 || thrown.code === 239);

const tryingAgain = async <A>(work: () => Promise<A>): Promise<A> => {
  const until = performance.now() + patience;
  for (;;) {
    try {
      return await work();
    } catch (thrown) {
      if (!isTooSoon(thrown) || performance.now() > until) throw thrown;
    }
    await pause(20);
  }
};

/** What a process has seen, as the server's operation times tell it. */
const seenBy = (client: MongoClient): Pick<Store, 'asking' | 'catchUp' | 'note'> => {
  let seen: Timestamp | undefined;
  const note = ({ operationTime }: ClientSession): void => {
    if (operationTime === undefined) return;
    if (seen === undefined || operationTime.greaterThan(seen)) seen = operationTime;
  };
  const catchUp = (session: ClientSession): void => {
    if (seen !== undefined) session.advanceOperationTime(seen);
  };
  const asking: Asking = async (work) => {
    const session = client.startSession({ causalConsistency: true });
    try {
      catchUp(session);
      return await tryingAgain(() => work(session));
    } finally {
      note(session);
      await session.endSession();
    }
  };
  return { asking, catchUp, note };
};

/** `now` stands for the server's clock in tests: milliseconds since 1970. */
export const storeOn = (
  { client, database, store }: Connection,
  lease: number,
  now: (() => number) | undefined,
): Store => ({
  ...{ name: store, client, database, lease, ...seenBy(client) },
  generations: database.collection<GenerationDocument>('generations'),
  aliases: database.collection<AliasDocument>('read_models'),
  rows: (generation) => database.collection<RowDocument>(generation),
  now: () => (now === undefined ? '$$NOW' : new Date(now())),
});
