import * as E from 'fp-ts/lib/Either.js';
import { buildsModel } from '../projectors/builds/row.ts';
import { composesModel } from '../projectors/composes/row.ts';
import { decisionsModel } from '../projectors/decisions/row.ts';
import { eventsModel } from '../projectors/events/row.ts';
import { imageIndexModel } from '../projectors/image-index/row.ts';
import { imagesModel } from '../projectors/images/row.ts';
import { messagesModel } from '../projectors/messages/row.ts';
import { moduleIndexModel } from '../projectors/module-index/row.ts';
import type { ReadModels } from '../projectors/read-models.ts';
import { reconciliationsModel } from '../projectors/reconciliations/row.ts';
import { sourcesModel } from '../projectors/sources/row.ts';
import type { Deps, Health, Progress, Readers, Silence } from '../query-api/deps.ts';
import type { TellMetrics } from '../query-api/metrics/route.ts';
import { codeVersion } from './identity.ts';
import type { Logger } from './logger.ts';
import { answeredWithin } from './metrics/answered-within.ts';
import { consumersOf } from './metrics/consumers.ts';
import type { Consumer } from './metrics/lag.ts';
import { lagsOf } from './metrics/lag.ts';
import type { Stores } from './open-stores.ts';

/** What a process knows of itself beyond its stores. */
export type Standing = {
  /** Why it is not ready, each as a sentence: what has stopped for good, is stuck, or is stopping. */
  readonly faults: () => ReadonlyArray<string>;
  readonly silence: Silence;
  readonly metrics?: TellMetrics;
};

type Seen = { readonly progress: Progress; readonly reason: string | null };

/** Milliseconds that counting may take; who is late tells no lag, and is asked again next time. */
const patience = 1000;

const positionOf = async ({ name: model, reader }: Consumer): Promise<Seen> => {
  const checkpoint = await reader.checkpoint()();
  if (E.isRight(checkpoint)) {
    const position = checkpoint.right?.position ?? null;
    return { progress: { model, position, lag: null }, reason: null };
  }
  const reason = `${model}: ${checkpoint.left.reason}`;
  return { progress: { model, position: null, lag: null }, reason };
};

const lagIn =
  (head: string, lags: ReadonlyMap<string, number>) =>
  ({ progress }: Seen): Progress => ({
    ...progress,
    lag: progress.position === head ? 0 : (lags.get(progress.model) ?? null),
  });

const healthOf = ({ log, readModels }: Stores, faults: Standing['faults']) => {
  const consumers = consumersOf(readModels);
  const ask = answeredWithin(patience, lagsOf(log, consumers));
  return async (): Promise<Health> => {
    const head = await log.head()();
    const at = E.isRight(head) ? head.right : '';
    const [seen, counted] = await Promise.all([Promise.all(consumers.map(positionOf)), ask()]);
    const lags = E.isRight(counted) ? counted.right : [];
    const byName = new Map(lags.map(({ consumer, events }) => [consumer, events]));
    const unread = seen.flatMap(({ reason }) => (reason === null ? [] : [reason]));
    const logFault = E.isLeft(head) ? [`log: ${head.left.reason}`] : [];
    const reasons = [...faults(), ...logFault, ...unread];
    return { reasons, projections: seen.map(lagIn(at, byName)) };
  };
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
