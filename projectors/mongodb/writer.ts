import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { rowOf } from '../kept-rows.ts';
import type { Checkpoint, Model, Row, StoreFailure, Writer } from '../read-models.ts';
import { ensureCollection } from './collection.ts';
import { storedRow } from './documents.ts';
import { attempt } from './failures.ts';
import type { Candidate } from './generations.ts';
import { findGeneration, makeGeneration, showFirst, switchTo } from './generations.ts';
import type { Hold } from './lease.ts';
import { endSession, giveBack, holding, moveCheckpoint, takeLease, widenLease } from './lease.ts';
import type { Live } from './live.ts';
import type { Store } from './store.ts';
import { maxTimeMS } from './store.ts';
import { toBson } from './text.ts';
import { transact } from './transact.ts';
import type { RowChange, Standing } from './write-rows.ts';
import { writeRows } from './write-rows.ts';
import { fieldsOf } from '../fields.ts';

type Answer<A> = Promise<E.Either<StoreFailure, A>>;

const loadFrom = async (
  { rows, asking }: Store,
  { generation }: Hold,
  ids: ReadonlyArray<string>,
): Promise<ReadonlyMap<string, Row>> => {
  const options = { maxTimeMS, projection: { _id: 1, pos: 1, body: 1 } as const };
  const found = await asking((session) =>
    rows(generation)
      .find({ _id: { $in: ids.map(toBson) } }, { session, ...options, batchSize: 1_000_000 })
      .toArray(),
  );
  return new Map(found.map(storedRow).map((one) => [one.id, rowOf(one)]));
};

/** Rows and checkpoint in one transaction; the checkpoint by itself needs none. */
const committing = (store: Store, hold: Hold, model: Model) => {
  const write = writeRows(store, hold.generation, model);
  return async (
    rows: ReadonlyArray<RowChange>,
    checkpoint: Checkpoint,
    known: Standing,
  ): Answer<void> => {
    if (rows.length === 0) {
      return store.asking((session) => moveCheckpoint(store, hold, checkpoint, session));
    }
    const widened = await widenLease(store, hold);
    if (E.isLeft(widened)) return widened;
    const since = performance.now();
    store.catchUp(hold.session);
    const outcome = await transact(hold.session, async () => {
      // First of all, so that from here on nobody else can take over unnoticed.
      const moved = await moveCheckpoint(store, hold, checkpoint, hold.session);
      return E.isLeft(moved) ? moved : write(hold.session, rows, known);
    });
    store.note(hold.session);
    const isSlow = performance.now() - since > store.lease / 2;
    // The lease that it wrote ran from its beginning. Whether it is lost the next call tells.
    if (isSlow && E.isRight(outcome)) await holding(store, hold);
    return outcome;
  };
};

const writerOf = (store: Store, live: Live, model: Model, hold: Hold): Writer => {
  const commit = committing(store, hold, model);
  /** What was looked for last: until its next commit only this writer could have changed it. */
  let known: Standing = new Map();
  let hasLived = false;
  const whileHeld = <A>(
    work: (at: Checkpoint | undefined) => Promise<A>,
  ): TaskEither<StoreFailure, A> =>
    attempt(store.name, async () => {
      const held = await holding(store, hold);
      return E.isLeft(held) ? held : E.right(await work(held.right));
    });
  return {
    generation: hold.generation,
    lease: store.lease,
    checkpoint: () => whileHeld((at) => Promise.resolve(at)),
    load: (ids) =>
      attempt(store.name, async () => {
        const [held, found] = await Promise.all([holding(store, hold), loadFrom(store, hold, ids)]);
        if (E.isLeft(held)) return held;
        known = new Map(ids.map((id) => [id, found.get(id)?.pos ?? null]));
        return E.right(found);
      }),
    commit: (rows, checkpoint) =>
      attempt(store.name, () => {
        const standing = known;
        known = new Map();
        return commit(rows, checkpoint, standing);
      }),
    activate: () =>
      whileHeld(async () => {
        if (hasLived) return;
        hasLived = await switchTo(store, model, hold.generation);
        live.forget();
      }),
    release: () =>
      attempt(store.name, async () => {
        try {
          await giveBack(store, hold);
        } finally {
          await hold.session.endSession();
        }
        return E.right(undefined);
      }),
  };
};

const made = async (store: Store, model: Model): Promise<Candidate> => ({
  ...{ _id: await makeGeneration(store, model), session: null },
  ...{ isTaken: false, hasAlias: false, isLive: false },
});

/** Takes over as the writer of the generation that fits the model; undefined while it is taken. */
export const takeWriter = (
  store: Store,
  live: Live,
  model: Model,
  owner: string,
): TaskEither<StoreFailure, Writer | undefined> =>
  attempt(store.name, async () => {
    const found = (await findGeneration(store, model, owner)) ?? (await made(store, model));
    if (found.isTaken) return E.right(undefined);
    // First, as what is under way there would also keep an index from being made.
    await endSession(store, found);
    const ready = await ensureCollection(store, { name: found._id, fields: fieldsOf(model) });
    if (E.isLeft(ready)) return ready;
    if (!found.hasAlias) await showFirst(store, model, found._id);
    const hold = await takeLease(store, found, owner);
    return E.right(hold === undefined ? undefined : writerOf(store, live, model, hold));
  });
