import * as E from 'fp-ts/lib/Either.js';
import type { ClientSession, Document } from 'mongodb';
import { MongoServerError } from 'mongodb';
import type { Checkpoint, StoreFailure } from '../read-models.ts';
import type { Candidate } from './generations.ts';
import { newMark, takenFrom } from './generations.ts';
import type { Store } from './store.ts';
import { maxTimeMS } from './store.ts';

/** Who may write a generation until somebody else has taken it. */
export type Hold = {
  readonly generation: string;
  readonly owner: string;
  readonly epoch: number;
  /** For this hold's transactions; its id stands with the lease. */
  readonly session: ClientSession;
};

const fenced = ({ generation, owner }: Hold): E.Either<StoreFailure, never> =>
  E.left({
    code: 'fenced',
    reason: `${owner} no longer writes ${generation}: another process has taken over.`,
  });

const foreign = (hold: Hold, stored: Checkpoint, next: Checkpoint) =>
  E.left<StoreFailure>({
    code: 'foreign-checkpoint',
    reason: `${hold.generation} was told from log ${stored.logId}, not from log ${next.logId}: nothing was written.`,
  });

/**
 * Ends what an owner whose lease is over had under way. The transaction of a process that was killed
 * would else keep its rows locked for the server's minute. Users may end their own sessions.
 */
export const endSession = async ({ database }: Store, { session }: Candidate): Promise<void> => {
  if (session === null) return;
  try {
    await database.command({ killSessions: [session] });
  } catch (thrown) {
    // Some hosted servers forbid it: then the minute has to be waited for.
    if (!(thrown instanceof MongoServerError)) throw thrown;
  }
};

/** Takes the lease of a generation unless somebody else's is alive, by the server's clock. */
export const takeLease = async (
  store: Store,
  found: Candidate,
  owner: string,
): Promise<Hold | undefined> => {
  const { client, generations, asking, now, lease } = store;
  const session = client.startSession({ causalConsistency: true });
  const taken = [
    {
      $set: {
        ...{ owner: { $literal: owner }, session: { $literal: session.id } },
        ...{ epoch: { $add: ['$epoch', 1] }, leaseUntil: { $add: [now(), lease] } },
      },
    },
  ];
  const free = { _id: found._id, $expr: { $not: [takenFrom(owner, now())] } };
  const options = { maxTimeMS, returnDocument: 'after', projection: { epoch: 1 } } as const;
  let hold: Hold | undefined;
  try {
    const after = await asking((own) =>
      generations.findOneAndUpdate(free, taken, { session: own, ...options }),
    );
    if (after !== null) hold = { generation: found._id, owner, epoch: after.epoch, session };
    return hold;
  } finally {
    if (hold === undefined) await session.endSession();
  }
};

/** The checkpoint while the hold lasts, which is renewed when half of the lease is over. */
export const holding = async (
  { generations, asking, now, lease }: Store,
  hold: Hold,
): Promise<E.Either<StoreFailure, Checkpoint | undefined>> => {
  const isLong = { $gt: [{ $subtract: ['$leaseUntil', now()] }, lease / 2] };
  const until = { $cond: [isLong, '$leaseUntil', { $add: [now(), lease] }] };
  const mine = { _id: hold.generation, epoch: hold.epoch };
  const found = await asking((session) =>
    generations.findOneAndUpdate(mine, [{ $set: { leaseUntil: until } }], {
      ...{ session, maxTimeMS, projection: { checkpoint: 1 } },
    }),
  );
  return found === null ? fenced(hold) : E.right(found.checkpoint ?? undefined);
};

/** How long a transaction may take before somebody else may take over, in milliseconds. */
const longestCommit = 30_000;

/**
 * Makes the lease last for a transaction, right before it: while one is open nobody can renew the
 * lease, and what it writes there itself is seen only once it is over. That is a plain lease again.
 */
export const widenLease = async (
  { generations, asking, now, lease }: Store,
  hold: Hold,
): Promise<E.Either<StoreFailure, void>> => {
  const mine = { _id: hold.generation, epoch: hold.epoch };
  const leaseUntil = { $add: [now(), Math.max(lease, longestCommit)] };
  const widened = await asking((session) =>
    generations.findOneAndUpdate(mine, [{ $set: { leaseUntil } }], {
      ...{ session, maxTimeMS, projection: { _id: 1 } },
    }),
  );
  return widened === null ? fenced(hold) : E.right(undefined);
};

const moved = ({ now, lease }: Store, next: Checkpoint): ReadonlyArray<Document> => {
  const isAhead = { $gt: ['$checkpoint.position', { $literal: next.position }] };
  return [
    {
      $set: {
        checkpoint: { $cond: [isAhead, '$checkpoint', { $literal: next }] },
        leaseUntil: { $add: [now(), lease] },
        mark: newMark(),
      },
    },
  ];
};

/** The checkpoint only ever moves forward, and only in its own log. Left when the hold is lost. */
export const moveCheckpoint = async (
  store: Store,
  hold: Hold,
  { logId, position, hash }: Checkpoint,
  session: ClientSession,
): Promise<E.Either<StoreFailure, void>> => {
  const next = { logId, position, hash };
  const mine = { _id: hold.generation, epoch: hold.epoch };
  const sameLog = { $or: [{ checkpoint: null }, { 'checkpoint.logId': logId }] };
  const updated = await store.generations.updateOne(
    { ...mine, ...sameLog },
    [...moved(store, next)],
    { session, maxTimeMS },
  );
  if (updated.matchedCount === 1) return E.right(undefined);
  const options = { session, maxTimeMS, projection: { checkpoint: 1 } };
  const found = await store.generations.findOne(mine, options);
  const stored = found?.checkpoint ?? undefined;
  return stored === undefined ? fenced(hold) : foreign(hold, stored, next);
};

/** Gives the lease back, if it is still ours. */
export const giveBack = async ({ generations, asking }: Store, hold: Hold): Promise<void> => {
  const mine = { _id: hold.generation, epoch: hold.epoch };
  const given = {
    $set: { owner: null, session: null, leaseUntil: new Date(0) },
    $inc: { epoch: 1 },
  };
  await asking((session) => generations.updateOne(mine, given, { session, maxTimeMS }));
};
