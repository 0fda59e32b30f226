import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Filter } from 'mongodb';
import type { Generation } from '../fields.ts';
import { rowKeeper } from '../kept-rows.ts';
import { bounded } from '../queried.ts';
import type { Checkpoint, Model, Query, Reader, Row, StoreFailure, Where } from '../read-models.ts';
import type { RowDocument } from './documents.ts';
import { storedRow } from './documents.ts';
import { attempt } from './failures.ts';
import type { Live } from './live.ts';
import { filterOf, sortOf, tallyOf } from './query.ts';
import type { Store } from './store.ts';
import { atOneMoment, maxTimeMS } from './store.ts';
import { fromBson, toBson } from './text.ts';

type Answer<A> = Promise<E.Either<StoreFailure, A>>;
type Value = string | number | null;
type Group = { readonly values: ReadonlyArray<Value>; readonly rows: number };
type Keep = ReturnType<typeof rowKeeper>;

/** As many rows as fit come in one answer: the next is asked for only where that is full. */
const batchSize = 1_000_000;

const stored = { _id: 1, pos: 1, body: 1 } as const;

const getIn = async (
  { rows, asking }: Store,
  { name }: Generation,
  id: string,
  keep: Keep,
): Promise<Row | undefined> => {
  const found = await asking((session) =>
    rows(name).findOne({ _id: toBson(id) }, { session, maxTimeMS, projection: stored }),
  );
  return found === null ? undefined : keep(name, storedRow(found));
};

const findIn = async (
  { rows, asking }: Store,
  generation: Generation,
  query: Query,
  keep: Keep,
): Answer<ReadonlyArray<Row>> => {
  const page = bounded(query);
  if (E.isLeft(page)) return page;
  const filter = filterOf(generation, query.where);
  if (E.isLeft(filter)) return filter;
  const sort = sortOf(generation, query.orderBy);
  if (E.isLeft(sort)) return sort;
  if (query.limit === 0) return E.right([]);
  const { offset: skip, limit } = query;
  const found = await asking((session) =>
    rows(generation.name)
      .find(filter.right as Filter<RowDocument>, {
        ...{ session, maxTimeMS, readConcern: atOneMoment, projection: stored },
        ...{ sort: sort.right, skip, limit, batchSize },
      })
      .toArray(),
  );
  return E.right(found.map((one) => keep(generation.name, storedRow(one))));
};

const countIn = async (
  { rows, asking }: Store,
  generation: Generation,
  where: ReadonlyArray<Where>,
): Answer<number> => {
  const filter = filterOf(generation, where);
  if (E.isLeft(filter)) return filter;
  // Without a condition the server would read every row, bodies and all.
  const hint = where.length === 0 ? { hint: '_id_' } : {};
  const options = { maxTimeMS, readConcern: atOneMoment, ...hint };
  const wanted = filter.right as Filter<RowDocument>;
  const counted = await asking((session) =>
    rows(generation.name).countDocuments(wanted, { session, ...options }),
  );
  return E.right(counted);
};

const tallyIn = async (
  store: Store,
  generation: Generation,
  where: ReadonlyArray<Where>,
  by: ReadonlyArray<string>,
): Answer<ReadonlyArray<Group>> => {
  if (by.length === 0) {
    const counted = await countIn(store, generation, where);
    return E.isLeft(counted) ? counted : E.right([{ values: [], rows: counted.right }]);
  }
  const stages = tallyOf(generation, where, by);
  if (E.isLeft(stages)) return stages;
  type Found = { readonly _id: Readonly<Record<string, Value>>; readonly rows: number };
  const options = { maxTimeMS, readConcern: atOneMoment, allowDiskUse: true, batchSize };
  const found = await store.asking((session) =>
    store
      .rows(generation.name)
      .aggregate<Found>(stages.right, { session, ...options })
      .toArray(),
  );
  const valueAt = ({ _id }: Found, index: number): Value => fromBson(_id[`v${index}`] ?? null);
  return E.right(
    found.map((one) => ({ values: by.map((_, index) => valueAt(one, index)), rows: one.rows })),
  );
};

const checkpointIn = async (
  { generations, asking }: Store,
  { name }: Generation,
): Promise<Checkpoint | undefined> => {
  const options = { maxTimeMS, projection: { checkpoint: 1 } };
  const found = await asking((session) =>
    generations.findOne({ _id: name }, { session, ...options }),
  );
  return found?.checkpoint ?? undefined;
};

/** Reads the generation that the model's alias points at; a model without one has no rows. */
export const readerOf = (store: Store, live: Live, model: Model): Reader => {
  const keep = rowKeeper();
  const reading = <A>(
    none: A,
    read: (generation: Generation) => Answer<A>,
  ): TaskEither<StoreFailure, A> =>
    attempt(store.name, async () => {
      const generation = await live.generation(model.name);
      return generation === undefined ? E.right(none) : read(generation);
    });
  return {
    get: (id) =>
      reading<Row | undefined>(undefined, async (generation) =>
        E.right(await getIn(store, generation, id, keep)),
      ),
    find: (query) =>
      reading<ReadonlyArray<Row>>([], (generation) => findIn(store, generation, query, keep)),
    count: (where) => reading(0, (generation) => countIn(store, generation, where)),
    tally: (where, by) =>
      reading<ReadonlyArray<Group>>([], (generation) => tallyIn(store, generation, where, by)),
    checkpoint: () =>
      reading<Checkpoint | undefined>(undefined, async (generation) =>
        E.right(await checkpointIn(store, generation)),
      ),
  };
};
