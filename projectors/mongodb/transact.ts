import { setTimeout as pause } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import type { ClientSession, TransactionOptions } from 'mongodb';
import { MongoError } from 'mongodb';
import type { StoreFailure } from '../read-models.ts';

type Work<A> = () => Promise<E.Either<StoreFailure, A>>;

/** For how long a transaction is begun anew, in milliseconds: well below the server's minute. */
const patience = 15_000;

// The commit is of the majority, as all writes here; what was read before it is then, too.
const options: TransactionOptions = {
  readConcern: { level: 'local' },
  readPreference: 'primary',
  maxCommitTimeMS: 10_000,
};

const has = (thrown: unknown, label: string): boolean =>
  thrown instanceof MongoError && thrown.hasErrorLabel(label);

/** Commits; asks again while it is not known whether it was done, which is harmless. */
const commit = async (session: ClientSession, isLate: () => boolean): Promise<void> => {
  for (;;) {
    try {
      return await session.commitTransaction();
    } catch (thrown) {
      if (!has(thrown, 'UnknownTransactionCommitResult') || isLate()) throw thrown;
    }
  }
};

/** What cannot be aborted has been, or will be by the server: the error that led here tells more. */
const abort = (session: ClientSession): Promise<void> =>
  session.inTransaction() ? session.abortTransaction().catch(() => undefined) : Promise.resolve();

const once = async <A>(
  session: ClientSession,
  work: Work<A>,
  isLate: () => boolean,
): Promise<E.Either<StoreFailure, A>> => {
  try {
    session.startTransaction(options);
    const outcome = await work();
    if (E.isRight(outcome)) await commit(session, isLate);
    return outcome;
  } finally {
    await abort(session);
  }
};

/**
 * One transaction: kept for a right, undone for a left and for a throw. Begun anew after what the
 * server calls transient (another's write in between, a new primary). The driver's own helper does
 * the same for two minutes, which is too long for a process that is to stop.
 */
export const transact = async <A>(
  session: ClientSession,
  work: Work<A>,
): Promise<E.Either<StoreFailure, A>> => {
  const until = performance.now() + patience;
  const isLate = (): boolean => performance.now() > until;
  for (;;) {
    try {
      return await once(session, work, isLate);
    } catch (thrown) {
      if (!has(thrown, 'TransientTransactionError') || isLate()) throw thrown;
    }
    await pause(5 + Math.random() * 45);
  }
};
