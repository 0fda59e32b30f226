import * as E from 'fp-ts/lib/Either.js';
import { MongoServerError } from 'mongodb';
import type { Generation } from '../fields.ts';
import type { StoreFailure } from '../read-models.ts';
import type { FoundIndex } from './indexes.ts';
import { compareIndexes, indexesOf } from './indexes.ts';
import type { Store } from './store.ts';

const namespaceExists = 48;

/** Makes a collection; that another process was quicker is as well. */
const make = async ({ database }: Store, name: string): Promise<void> => {
  try {
    await database.createCollection(name);
  } catch (thrown) {
    if (!(thrown instanceof MongoServerError) || thrown.code !== namespaceExists) throw thrown;
  }
};

/** What keeps a collection from behaving as one that was made here. */
const faultsOf = async ({ database }: Store, name: string): Promise<ReadonlyArray<string>> => {
  const [found] = await database.listCollections({ name }, { nameOnly: false }).toArray();
  const isPlain = found?.type === undefined || found.type === 'collection';
  return [
    ...(isPlain ? [] : [`it is a ${found.type}, no collection`]),
    ...Object.keys(found?.options ?? {}).map((option) => `it was made with the option ${option}`),
  ];
};

const refused = (
  { name }: Store,
  generation: string,
  faults: ReadonlyArray<string>,
): E.Either<StoreFailure, never> =>
  E.left({
    code: 'store-unavailable',
    reason: `${name}: the collection ${generation} is not as Freshmaker makes it: ${faults.join('; ')}. Drop what should not be there; or stop the service, drop the collection and remove its document from "generations": its rows are rebuilt from the log.`,
  });

/**
 * Sees to it that the collection of a generation is there with every index it declares. Left where
 * something is there that would make rows be lost, refused, or found otherwise.
 */
export const ensureCollection = async (
  store: Store,
  { name, fields }: Generation,
): Promise<E.Either<StoreFailure, void>> => {
  await make(store, name);
  const rows = store.rows(name);
  const found = (await rows.listIndexes().toArray()) as ReadonlyArray<FoundIndex>;
  const { missing, faults } = compareIndexes(indexesOf(fields), found);
  const all = [...(await faultsOf(store, name)), ...faults];
  if (all.length > 0) return refused(store, name, all);
  if (missing.length > 0) {
    await rows.createIndexes(missing.map((index) => ({ name: index.name, key: { ...index.key } })));
  }
  return E.right(undefined);
};
