import { setMaxListeners } from 'node:events';
import * as E from 'fp-ts/lib/Either.js';
import type { FoldCache } from '../../event-log/carry-out.ts';
import { triggerNumbers } from '../../domain/stream-names.ts';
import { projectors } from '../../projectors/all.ts';
import { composeStreamOf } from '../../projectors/open-work/ask.ts';
import { openWorkModel } from '../../projectors/open-work/row.ts';
import { runProjector } from '../../projectors/run-projector.ts';
import { claimFrom } from '../../sagas/claim-number.ts';
import { currentPolicyOf } from '../../sagas/current-policy.ts';
import { noticeTriggerWith } from '../../sagas/notice/notice-trigger.ts';
import type { Config } from '../config/settings.ts';
import { handOf, newOwner } from '../identity.ts';
import type { Logger } from '../logger.ts';
import type { Stores } from '../open-stores.ts';
import type { Clients } from './clients.ts';
import { endedWithin } from './ended-within.ts';
import type { Part } from './faults.ts';
import { faultsTold } from './faults.ts';
import { consumeMessages } from './notice-consumer.ts';
import { startSources } from './sources/all.ts';
import { wakeFor, wakeFromLog } from './wake.ts';
import { workersOf } from './workers.ts';

export type Backend = {
  /** Finishes what is under way and stops; false when so many milliseconds were not enough. */
  readonly stop: (patience: number) => Promise<boolean>;
  /** What has stopped for good in this process, each as a sentence; empty while all is well. */
  readonly faults: () => ReadonlyArray<string>;
};

/** Ingest, sagas and projectors of one process. Any number of backends may share the same stores. */
export const startBackend = (
  config: Config,
  stores: Stores,
  clients: Clients,
  logger: Logger,
): Backend => {
  const stopping = new AbortController();
  const { signal } = stopping;
  setMaxListeners(0, signal);
  const { log, logId, readModels } = stores;
  const owner = newOwner();
  const workers = workersOf(config, stores, clients, owner, logger);
  const wake = wakeFor(workers, readModels.reader(openWorkModel));
  const cache: FoldCache = new Map();
  const hand = handOf(log, 'freshmaker');
  const noticeTrigger = noticeTriggerWith(hand, cache, claimFrom(hand, triggerNumbers));
  const findCompose = composeStreamOf(readModels.reader(openWorkModel));
  const notice = { hand, cache, policy: currentPolicyOf(log), noticeTrigger, findCompose };
  const faults = faultsTold(logger);
  const endless = (name: string, run: Promise<void>): Part => [name, run.then(E.right)];
  const parts: ReadonlyArray<Part> = [
    ...projectors.map((projector): Part => {
      const run = runProjector({
        ...{ log, logId, readModels, owner, report: logger.projector },
        onCommitted: ({ model, ids }) => {
          if (model === openWorkModel.name) void wake(ids).catch(logger.bug);
        },
      });
      return [`The read model ${projector.model.name}`, run(projector)(signal)];
    }),
    [
      'The noticing of messages',
      consumeMessages({ log, logId, readModels, owner, notice, report: logger.saga }, signal),
    ],
    ...Object.entries(workers).map(([saga, each]) => endless(`The saga ${saga}`, each.run(signal))),
    endless('The watch of the log', wakeFromLog(log, wake, logger.bug, signal)),
    ...startSources.flatMap((start) => start({ config, stores, logger }, signal)),
  ];
  const runs = parts.map(faults.watch);
  return {
    faults: faults.list,
    stop: (patience) => {
      stopping.abort();
      return endedWithin(runs, patience);
    },
  };
};
