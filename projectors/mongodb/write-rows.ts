import * as E from 'fp-ts/lib/Either.js';
import type { AnyBulkWriteOperation, ClientSession } from 'mongodb';
import type { JsonObject } from '../../domain/json.ts';
import type { Model, StoreFailure } from '../read-models.ts';
import { fieldsOf } from '../fields.ts';
import type { RowDocument } from './documents.ts';
import { documentOf } from './documents.ts';
import type { Store } from './store.ts';
import { maxTimeMS } from './store.ts';
import { fromBson, toBson } from './text.ts';

export type RowChange = {
  readonly id: string;
  readonly pos: string;
  readonly body?: JsonObject;
};

/** The position of each row that was looked for; null where there is no row. */
export type Standing = Map<string, string | null>;

/** Bytes of a document that the server takes, less what names and positions need. */
const largest = 16 * 1024 * 1024 - 64 * 1024;

const sizeOf = ({ _id, f, body }: RowDocument): number =>
  Buffer.byteLength(body) + Buffer.byteLength(JSON.stringify(f)) * 2 + 2 * Buffer.byteLength(_id);

const tooLarge = (model: Model, id: string): E.Either<StoreFailure, never> =>
  E.left({
    code: 'too-large',
    reason: `Row ${id} of ${model.name} is larger than the 16 MiB that MongoDB takes for one document. Find what made it so large in the log; the other read models go on.`,
  });

/** Of several changes of one row the newest, whose body holds what came before. */
const newestOf = (changes: ReadonlyArray<RowChange>): ReadonlyArray<RowChange> => {
  const newest = new Map<string, RowChange>();
  for (const change of changes) {
    if ((newest.get(change.id)?.pos ?? '') < change.pos) newest.set(change.id, change);
  }
  return [...newest.values()];
};

type Write = AnyBulkWriteOperation<RowDocument>;

/** The write that brings a row up to a change; undefined where it is as new or newer. */
const writeOf = (
  { id, pos }: RowChange,
  document: RowDocument | undefined,
  standing: string | null,
): Write | undefined => {
  if (standing !== null && standing >= pos) return undefined;
  const filter = { _id: toBson(id), pos: { $lt: pos } };
  if (document === undefined) return standing === null ? undefined : { deleteOne: { filter } };
  return standing === null
    ? { insertOne: { document } }
    : { replaceOne: { filter, replacement: document } };
};

const lookUp = async (
  { rows }: Store,
  generation: string,
  ids: ReadonlyArray<string>,
  session: ClientSession,
): Promise<Standing> => {
  const options = { session, maxTimeMS, projection: { pos: 1 } as const };
  const found =
    ids.length === 0
      ? []
      : await rows(generation)
          .find({ _id: { $in: ids.map(toBson) } }, options)
          .toArray();
  return new Map([
    ...ids.map((id) => [id, null] as const),
    ...found.map(({ _id, pos }) => [fromBson(_id), pos] as const),
  ]);
};

/**
 * Writes rows within a transaction that holds the lease, so that nobody else writes them meanwhile:
 * what `known` says of their positions is true, and what it does not say is looked up in one question.
 * (An upsert guarded by position would do without, but its refusal ends a transaction.)
 */
export const writeRows =
  (store: Store, generation: string, model: Model) =>
  async (
    session: ClientSession,
    given: ReadonlyArray<RowChange>,
    known: Standing,
  ): Promise<E.Either<StoreFailure, void>> => {
    const document = documentOf(model, fieldsOf(model));
    const changes = newestOf(given);
    const unknown = changes.map(({ id }) => id).filter((id) => !known.has(id));
    const others = await lookUp(store, generation, unknown, session);
    const writes: Array<Write> = [];
    for (const change of changes) {
      const { id, pos, body } = change;
      const written = body === undefined ? undefined : document({ id, pos, body });
      if (written !== undefined && sizeOf(written) > largest) return tooLarge(model, id);
      const write = writeOf(change, written, known.get(id) ?? others.get(id) ?? null);
      if (write !== undefined) writes.push(write);
    }
    if (writes.length > 0) {
      await store.rows(generation).bulkWrite(writes, { session, maxTimeMS, ordered: false });
    }
    return E.right(undefined);
  };
