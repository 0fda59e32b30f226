import { join } from 'node:path';
import canonicalize from 'canonicalize';
import * as E from 'fp-ts/lib/Either.js';
import { noticedMessagesModel } from '../../main/backend/notice-consumer.ts';
import type { Stores } from '../../main/open-stores.ts';
import { projectors } from '../../projectors/all.ts';
import { openEmbeddedReadModels } from '../../projectors/embedded/open.ts';
import type { Model, ReadModels } from '../../projectors/read-models.ts';
import { runProjector } from '../../projectors/run-projector.ts';

export type Compared = { readonly rows: number; readonly differ: ReadonlyArray<string> };

const must = <A>(result: E.Either<{ readonly code: string; readonly reason?: string }, A>): A => {
  if (E.isRight(result)) return result.right;
  throw new Error(`${result.left.code}: ${result.left.reason ?? ''}`);
};

const rowsOf = async (models: ReadModels, model: Model): Promise<ReadonlyMap<string, string>> => {
  const rows = new Map<string, string>();
  const limit = 1000;
  for (let offset = 0; ; offset += limit) {
    const found = must(
      await models.reader(model).find({ where: [], orderBy: [], offset, limit })(),
    );
    for (const { id, body } of found) rows.set(id, canonicalize(body) ?? '');
    if (found.length < limit) return rows;
  }
};

const isAt = async (models: ReadModels, model: Model, head: string): Promise<boolean> =>
  must(await models.reader(model).checkpoint()())?.position === head;

/** Everything that reads the log to its end: the read models, and the noticing of messages. */
const consumers: ReadonlyArray<Model> = [
  ...projectors.map(({ model }) => model),
  noticedMessagesModel,
];

/** Models of the store that have not taken in the whole log. */
export const laggards = async ({ log, readModels }: Stores): Promise<ReadonlyArray<string>> => {
  const head = must(await log.head()());
  const late = await Promise.all(
    consumers.map(async (model) => ((await isAt(readModels, model, head)) ? [] : [model.name])),
  );
  return late.flat();
};

/** Tells the log anew into an embedded store and compares every row with the store's own. */
export const compareWithRebuild = async (stores: Stores, folder: string): Promise<Compared> => {
  const { log, logId } = stores;
  const fresh = must(await openEmbeddedReadModels({ file: join(folder, 'rebuild.db') })());
  const head = must(await log.head()());
  const differ: Array<string> = [];
  let rows = 0;
  for (const projector of projectors) {
    const { model } = projector;
    const enough = new AbortController();
    const run = runProjector({
      ...{ log, logId, readModels: fresh, owner: 'rebuild' },
      onCommitted: ({ position }) => {
        if (position >= head) enough.abort();
      },
    });
    must(await run(projector)(enough.signal));
    const [told, live] = [await rowsOf(fresh, model), await rowsOf(stores.readModels, model)];
    rows += told.size;
    for (const id of new Set([...told.keys(), ...live.keys()])) {
      if (told.get(id) !== live.get(id)) differ.push(`${model.name} ${id}`);
    }
  }
  await fresh.close();
  return { rows, differ };
};
