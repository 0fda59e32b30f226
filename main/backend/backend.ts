import { setMaxListeners } from 'node:events';
import * as E from 'fp-ts/lib/Either.js';
import type { FoldCache } from '../../event-log/carry-out.ts';
import { triggerNumbers } from '../../domain/stream-names.ts';
import { projectors } from '../../projectors/all.ts';
import { composeStreamOf } from '../../projectors/open-work/ask.ts';
import { openWorkModel } from '../../projectors/open-work/row.ts';
import { runProjector } from '../../projectors/run-projector.ts';
import { sourcesModel } from '../../projectors/sources/row.ts';
import { claimFrom } from '../../sagas/claim-number.ts';
import { currentPolicyOf } from '../../sagas/current-policy.ts';
import { noticeTriggerWith } from '../../sagas/notice/notice-trigger.ts';
import type { Config } from '../config/settings.ts';
import type { Hearing } from '../hearing.ts';
import { hearingOf } from '../hearing.ts';
import { handOf, monotonic, newOwner } from '../identity.ts';
import type { Logger } from '../logger.ts';
import type { Stores } from '../open-stores.ts';
import { catchUpOf } from './catch-up.ts';
import type { Clients } from './clients.ts';
import { endedWithin } from './ended-within.ts';
import type { Part } from './faults.ts';
import { faultsTold } from './faults.ts';
import type { Heartbeat, Heartbeats } from './heartbeats.ts';
import { heartbeatsOf } from './heartbeats.ts';
import { consumeMessages } from './notice-consumer.ts';
import type { ReconcilePart } from './reconcile.ts';
import { startReconcile } from './reconcile.ts';
import { startSources } from './sources/all.ts';
import { wakeFor, wakeFromLog } from './wake.ts';
import { watchSilence } from './watch-silence.ts';
import { workersOf } from './workers.ts';

const noticing = 'The noticing of messages';
const watchOfLog = 'The watch of the log';
const watchOfSources = 'The watch of the sources';

export type Backend = {
  /** Finishes what is under way and stops; false when so many milliseconds were not enough. */
  readonly stop: (patience: number) => Promise<boolean>;
  /** What has stopped for good or is stuck here, each as a sentence; empty while all is well. */
  readonly faults: () => ReadonlyArray<string>;
  /** Every part that runs here, and how long ago its loop last turned. */
  readonly heartbeats: () => ReadonlyArray<Heartbeat>;
};

/** What is known of a backend while it runs; of its own unless shared with whoever tells of it. */
export type Watches = { readonly hearing?: Hearing; readonly heartbeats?: Heartbeats };

/** Ingest, sagas and projectors of one process. Any number of backends may share the same stores. */
export const startBackend = (
  config: Config,
  stores: Stores,
  clients: Clients,
  logger: Logger,
  watches: Watches = {},
): Backend => {
  const stopping = new AbortController();
  const { signal } = stopping;
  setMaxListeners(0, signal);
  const { log, logId, readModels } = stores;
  const owner = newOwner();
  const { hearing = hearingOf(config) } = watches;
  const { heartbeats = heartbeatsOf({ pino: logger.pino, monotonic }) } = watches;
  heartbeats.watch(signal);
  const { beatOf } = heartbeats;
  const workers = workersOf(config, stores, clients, owner, logger, (saga) =>
    beatOf(`The saga ${saga}`),
  );
  const wake = wakeFor(workers, readModels.reader(openWorkModel), (reason) =>
    logger.pino.warn({ part: watchOfLog }, `${reason} Who waits is looked at later.`),
  );
  const cache: FoldCache = new Map();
  const hand = handOf(log, 'freshmaker');
  const noticeTrigger = noticeTriggerWith(hand, cache, claimFrom(hand, triggerNumbers));
  const findCompose = composeStreamOf(readModels.reader(openWorkModel));
  const notice = { hand, cache, policy: currentPolicyOf(log), noticeTrigger, findCompose };
  const faults = faultsTold(logger);
  const catchUpBeating: ReconcilePart['catchUpBeating'] = (beat) =>
    catchUpOf({
      ...{ config, stores, owner, beat },
      report: (level, reason) =>
        logger.saga({ level, saga: 'reconcile', stream: '', code: 'catch-up', reason }),
    });
  const endless = (name: string, run: Promise<void>): Part => [name, run.then(E.right)];
  const parts: ReadonlyArray<Part> = [
    ...projectors.map((projector): Part => {
      const name = `The read model ${projector.model.name}`;
      const run = runProjector({
        ...{ log, logId, readModels, owner, report: logger.projector, beat: beatOf(name) },
        onCommitted: ({ model, ids }) => {
          if (model === openWorkModel.name) void wake(ids).catch(logger.bug);
        },
      });
      return [name, run(projector)(signal)];
    }),
    [
      noticing,
      consumeMessages(
        { log, logId, readModels, owner, notice, report: logger.saga, beat: beatOf(noticing) },
        signal,
      ),
    ],
    ...Object.entries(workers).map(([saga, each]) => endless(`The saga ${saga}`, each.run(signal))),
    endless(
      watchOfLog,
      wakeFromLog({ log, wake, onFault: logger.bug, beat: beatOf(watchOfLog) }, signal),
    ),
    endless(
      watchOfSources,
      watchSilence(
        {
          ...{ hearing, sources: readModels.reader(sourcesModel), pino: logger.pino },
          ...{ beat: beatOf(watchOfSources), clock: Date.now },
        },
        signal,
      ),
    ),
    ...startReconcile(
      { config, stores, clients, logger, owner, wake, beatOf, catchUpBeating },
      signal,
    ),
    ...startSources.flatMap((start) =>
      start({ config, stores, logger, beatOf, heard: hearing.heard }, signal),
    ),
  ];
  const runs = parts.map(async (part) => {
    await faults.watch(part);
    heartbeats.ended(part[0]);
  });
  return {
    faults: () => [...faults.list(), ...heartbeats.alarms()],
    heartbeats: heartbeats.list,
    stop: (patience) => {
      stopping.abort();
      return endedWithin(runs, patience);
    },
  };
};
