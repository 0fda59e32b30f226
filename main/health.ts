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
import { reconciliationsModel } from '../projectors/reconciliations/row.ts';
import { sourcesModel } from '../projectors/sources/row.ts';
import type { Deps, Health, Progress, Readers, Silence } from '../query-api/deps.ts';
import type { TellMetrics } from '../query-api/metrics/route.ts';
import { noticedMessagesModel } from './backend/notice-consumer.ts';
import { codeVersion } from './identity.ts';
import type { Logger } from './logger.ts';
import type { Stores } from './open-stores.ts';

/** What a process knows of itself beyond its stores. */
export type Standing = {
  /** Why it is not ready, each as a sentence: what has stopped for good, is stuck, or is stopping. */
  readonly faults: () => ReadonlyArray<string>;
  readonly silence: Silence;
  readonly metrics?: TellMetrics;
};

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
  ({ log, readModels }: Stores, faults: Standing['faults']) =>
  async (): Promise<Health> => {
    const head = await log.head()();
    const at = E.isRight(head) ? head.right : '';
    const seen = await Promise.all(followed.map((model) => progressOf(readModels, model, at)));
    const unread = seen.flatMap(({ reason }) => (reason === null ? [] : [reason]));
    const logFault = E.isLeft(head) ? [`log: ${head.left.reason}`] : [];
    const reasons = [...faults(), ...logFault, ...unread];
    return { reasons, projections: seen.map((one) => one.progress) };
  };

const readersOf = ({ reader }: ReadModels): Readers => ({
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

/** What the HTTP side of a process is made with: its API, or what a backend tells of itself. */
export const httpDeps = (
  stores: Stores,
  { faults, silence, metrics }: Standing,
  logger: Pick<Logger, 'pino'>,
): Deps => ({
  readers: readersOf(stores.readModels),
  stamp: stores.readModels.stamp,
  about: { version: codeVersion, authBackend: 'noauth' },
  health: healthOf(stores, faults),
  silence,
  ...(metrics === undefined ? {} : { metrics }),
  logger: logger.pino,
});
