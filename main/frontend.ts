import * as E from 'fp-ts/lib/Either.js';
import { projectors } from '../projectors/all.ts';
import { buildsModel } from '../projectors/builds/row.ts';
import { composesModel } from '../projectors/composes/row.ts';
import { decisionsModel } from '../projectors/decisions/row.ts';
import { eventsModel } from '../projectors/events/row.ts';
import { imageIndexModel } from '../projectors/image-index/row.ts';
import { imagesModel } from '../projectors/images/row.ts';
import { messagesModel } from '../projectors/messages/row.ts';
import { moduleIndexModel } from '../projectors/module-index/row.ts';
import type { Model, ReadModels } from '../projectors/read-models.ts';
import { sourcesModel } from '../projectors/sources/row.ts';
import { buildApp } from '../query-api/app.ts';
import type { Health, Progress } from '../query-api/deps.ts';
import { noticedMessagesModel } from './backend/notice-consumer.ts';
import type { Config } from './config/settings.ts';
import { hearingOf } from './hearing.ts';
import { codeVersion } from './identity.ts';
import type { Logger } from './logger.ts';
import type { Stores } from './open-stores.ts';

export type Frontend = { readonly url: string; readonly stop: () => Promise<void> };

type Seen = { readonly progress: Progress; readonly reason: string | null };

const progressOf = async (readModels: ReadModels, model: Model, head: string): Promise<Seen> => {
  const checkpoint = await readModels.reader(model).checkpoint()();
  if (E.isLeft(checkpoint)) {
    const progress = { model: model.name, position: null, lag: null };
    return { progress, reason: `${model.name}: ${checkpoint.left.reason}` };
  }
  const position = checkpoint.right?.position ?? null;
  const lag = position === head ? 0 : null;
  return { progress: { model: model.name, position, lag }, reason: null };
};

/** The models that keep up with the log. */
const followed = [...projectors.map(({ model }) => model), noticedMessagesModel];

const healthOf =
  ({ log, readModels }: Stores, standing: () => ReadonlyArray<string>) =>
  async (): Promise<Health> => {
    const head = await log.head()();
    const at = E.isRight(head) ? head.right : '';
    const seen = await Promise.all(followed.map((model) => progressOf(readModels, model, at)));
    const faults = seen.flatMap(({ reason }) => (reason === null ? [] : [reason]));
    const logFault = E.isLeft(head) ? [`log: ${head.left.reason}`] : [];
    const reasons = [...standing(), ...logFault, ...faults];
    return { reasons, projections: seen.map((one) => one.progress) };
  };

const listening = (error: unknown, { host, port }: Config): string => {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    return `Port ${port} on ${host} is taken. Stop what listens there, or choose another: --port <n>.`;
  }
  if (code === 'EACCES')
    return `Port ${port} may not be used: choose one above 1023 with --port <n>.`;
  return `${host}:${port} cannot be listened on: ${message}`;
};

/**
 * Serves the query API; left says why it cannot listen and what to do. `faults` tells what has
 * stopped for good or is stuck in this process: while there is any, it is not ready. `silence` is
 * what the process knows of its sources; alone, it knows of what is on record since it began.
 */
export const startFrontend = async (
  config: Config,
  stores: Stores,
  logger: Logger,
  faults: () => ReadonlyArray<string> = () => [],
  silence = hearingOf(config),
): Promise<E.Either<{ readonly code: string; readonly reason: string }, Frontend>> => {
  const { readModels } = stores;
  const app = buildApp({
    readers: {
      events: readModels.reader(eventsModel),
      builds: readModels.reader(buildsModel),
      decisions: readModels.reader(decisionsModel),
      messages: readModels.reader(messagesModel),
      modules: readModels.reader(moduleIndexModel),
      sources: readModels.reader(sourcesModel),
      imageIndex: readModels.reader(imageIndexModel),
      images: readModels.reader(imagesModel),
      composes: readModels.reader(composesModel),
    },
    stamp: readModels.stamp,
    about: { version: codeVersion, authBackend: 'noauth' },
    health: healthOf(stores, faults),
    silence,
    logger: logger.pino,
  });
  try {
    const url = await app.listen({ host: config.host, port: config.port });
    return E.right({ url, stop: () => app.close() });
  } catch (error) {
    await app.close();
    return E.left({ code: 'cannot-listen', reason: listening(error, config) });
  }
};
