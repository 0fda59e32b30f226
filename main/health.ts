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
import { answeredWithin } from '../query-api/answered-within.ts';
import { consumersOf } from './metrics/consumers.ts';
import type { Consumer } from './metrics/lag.ts';
import { lagsOf } from './metrics/lag.ts';
import type { Stores } from './open-stores.ts';

/** What a process knows of itself beyond its stores. */
export type Standing = {
  /** Why it is not ready, each as a sentence: what has stopped for good, is stuck, or is stopping. */
  readonly faults: () => ReadonlyArray<string>;
  readonly silence: Silence;
  /**
   * Whether it can do its work only while the log answers; true when absent. A frontend alone answers
   * from the read models: there a log that is away is a warning.
   */
  readonly needsLog?: boolean;
  readonly metrics?: TellMetrics;
};

type Seen = { readonly progress: Progress; readonly reason: string | null };

/** Milliseconds that a store may take; who is late is told as such, and tells no lag. */
const patience = 1000;

const positionOf = ({ name: model, reader }: Consumer): (() => Promise<Seen>) => {
  const ask = answeredWithin(patience, () => reader.checkpoint()());
  return async () => {
    const checkpoint = await ask();
    if (E.isRight(checkpoint)) {
      const position = checkpoint.right?.position ?? null;
      return { progress: { model, position, lag: null }, reason: null };
    }
    const reason = `${model}: ${checkpoint.left.reason}`;
    return { progress: { model, position: null, lag: null }, reason };
  };
};

const lagIn =
  (head: string, lags: ReadonlyMap<string, number>) =>
  ({ progress }: Seen): Progress => ({
    ...progress,
    lag: progress.position === head ? 0 : (lags.get(progress.model) ?? null),
  });

const healthOf = (
  { log, readModels }: Stores,
  { faults, needsLog = true }: Pick<Standing, 'faults' | 'needsLog'>,
) => {
  const consumers = consumersOf(readModels);
  const askHead = answeredWithin(patience, () => log.head()());
  const askLags = answeredWithin(patience, lagsOf(log, consumers));
  const looks = consumers.map(positionOf);
  return async (): Promise<Health> => {
    const [head, counted, seen] = await Promise.all([
      ...[askHead(), askLags()],
      Promise.all(looks.map((look) => look())),
    ] as const);
    const at = E.isRight(head) ? head.right : '';
    const lags = E.isRight(counted) ? counted.right : [];
    const byName = new Map(lags.map(({ consumer, events }) => [consumer, events]));
    const unread = seen.flatMap(({ reason }) => (reason === null ? [] : [reason]));
    const logFault = E.isLeft(head) ? [`log: ${head.left.reason}`] : [];
    return {
      reasons: [...faults(), ...(needsLog ? logFault : []), ...unread],
      warnings: needsLog ? [] : logFault,
      projections: seen.map(lagIn(at, byName)),
    };
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
  standing: Standing,
  logger: Pick<Logger, 'pino'>,
): Deps => ({
  readers: readersOf(stores.readModels),
  stamp: stores.readModels.stamp,
  about: { version: codeVersion, authBackend: 'noauth' },
  health: healthOf(stores, standing),
  silence: standing.silence,
  ...(standing.metrics === undefined ? {} : { metrics: standing.metrics }),
  logger: logger.pino,
});
