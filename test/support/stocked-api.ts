import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import type { FastifyInstance } from 'fastify';
import type { JsonObject } from '../../domain/json.ts';
import { buildsModel } from '../../projectors/builds/row.ts';
import { composesModel } from '../../projectors/composes/row.ts';
import { decisionsModel } from '../../projectors/decisions/row.ts';
import { openEmbeddedReadModels } from '../../projectors/embedded/open.ts';
import { eventsModel } from '../../projectors/events/row.ts';
import { imageIndexModel } from '../../projectors/image-index/row.ts';
import { imagesModel } from '../../projectors/images/row.ts';
import { messagesModel } from '../../projectors/messages/row.ts';
import { moduleIndexModel } from '../../projectors/module-index/row.ts';
import type { Model, ReadModels } from '../../projectors/read-models.ts';
import { reconciliationsModel } from '../../projectors/reconciliations/row.ts';
import { sourcesModel } from '../../projectors/sources/row.ts';
import { buildApp } from '../../query-api/app.ts';
import type { Deps } from '../../query-api/deps.ts';

/** Rows of each model by row id. */
export type Stock = Readonly<
  Partial<Record<keyof typeof models, Readonly<Record<string, object>>>>
>;

const models = {
  events: eventsModel,
  builds: buildsModel,
  decisions: decisionsModel,
  messages: messagesModel,
  modules: moduleIndexModel,
  sources: sourcesModel,
  imageIndex: imageIndexModel,
  images: imagesModel,
  composes: composesModel,
  reconciliations: reconciliationsModel,
};

/** Whatever runs clean-ups when a test, or a file of tests, is over. */
export type Scope = { readonly teardown: (cleanUp: () => unknown) => void };

/** The position at which every model of a stocked API stands. */
export const stockedAt = '0000000042';

const right = <A>(result: E.Either<unknown, A>): A => {
  if (E.isRight(result)) return result.right;
  throw new Error(JSON.stringify(result.left));
};

const stockModel = async (
  readModels: ReadModels,
  model: Model,
  rows: Readonly<Record<string, object>>,
): Promise<void> => {
  const writer = right(await readModels.writer(model, 'test')());
  if (writer === undefined) throw new Error(`somebody else writes ${model.name}`);
  const written = Object.entries(rows).map(([id, body]) => ({
    ...{ id, pos: stockedAt },
    body: body as JsonObject,
  }));
  const checkpoint = { logId: 'log', position: stockedAt, hash: 'hash' };
  right(await writer.commit(written, checkpoint)());
  right(await writer.release()());
};

/** Real read models in a file of their own, holding the given rows. */
export const stockedReadModels = async (t: Scope, stock: Stock): Promise<ReadModels> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'freshmaker-api-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const readModels = right(await openEmbeddedReadModels({ file: path.join(folder, 'rows.db') })());
  t.teardown(() => readModels.close());
  for (const [name, model] of Object.entries(models)) {
    await stockModel(readModels, model, stock[name as keyof typeof models] ?? {});
  }
  return readModels;
};

/** A reader of each model. */
export const apiReaders = ({ reader }: ReadModels): Deps['readers'] => ({
  events: reader(eventsModel),
  builds: reader(buildsModel),
  decisions: reader(decisionsModel),
  messages: reader(messagesModel),
  modules: reader(moduleIndexModel),
  sources: reader(sourcesModel),
  imageIndex: reader(imageIndexModel),
  images: reader(imagesModel),
  composes: reader(composesModel),
  reconciliations: reader(reconciliationsModel),
});

/** The whole API over read models. */
export const apiOver = (readModels: ReadModels, overrides: Partial<Deps> = {}): FastifyInstance =>
  buildApp({
    readers: apiReaders(readModels),
    stamp: readModels.stamp,
    about: { version: '1.0.0', authBackend: 'noauth' },
    health: () => Promise.resolve({ reasons: [], projections: [] }),
    ...overrides,
  });

/** The whole API over real read models that hold the given rows. */
export const stockedApi = async (
  t: Scope,
  stock: Stock = {},
  overrides: Partial<Deps> = {},
): Promise<FastifyInstance> => {
  const app = apiOver(await stockedReadModels(t, stock), overrides);
  t.teardown(() => app.close());
  return app;
};
