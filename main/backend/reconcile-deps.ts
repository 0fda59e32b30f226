import { setTimeout as timer } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import { logStream } from '../../domain/log/events.ts';
import { triggerNumbers } from '../../domain/stream-names.ts';
import type { FoldCache } from '../../event-log/carry-out.ts';
import type { EventLog, LogFailure } from '../../event-log/event-log.ts';
import { claimFrom } from '../../sagas/claim-number.ts';
import { noticeTriggerWith } from '../../sagas/notice/notice-trigger.ts';
import type { CatchUp, Outside, ReconcileDeps } from '../../sagas/reconcile/deps.ts';
import type { Config } from '../config/settings.ts';
import { handOf, monotonic } from '../identity.ts';
import type { Stores } from '../open-stores.ts';
import { archiveWithin } from './archive-within.ts';
import type { Clients } from './clients.ts';
import { isKnownComposeOf, openStreamsOf } from './reconcile-index.ts';

/** Milliseconds of silence after which others may take a run over. */
const patience = 60_000;
/** Milliseconds until the services are asked also where not all that was missed is fetched. */
const archivePatience = 600_000;

/** In a rehearsal nothing outside is called but the sources of messages. */
const outsideOf = (config: Config, clients: Clients, catchUp: CatchUp | null): Outside => {
  const { mbs, koji, odcs } = clients;
  const services = config.rehearsal
    ? {}
    : {
        ...(config.mbsUrl === null ? {} : { mbs }),
        ...(config.kojiUrl === null ? {} : { koji }),
        ...(config.odcsUrl === null ? {} : { odcs }),
      };
  return {
    ...services,
    ...(catchUp === null ? {} : { catchUp: archiveWithin(catchUp, archivePatience) }),
  };
};

/** Waits so many milliseconds, or until the signal. */
export const pause: ReconcileDeps['pause'] = (milliseconds, signal) =>
  timer(milliseconds, undefined, { signal }).catch(() => undefined);

/** When the log began (ISO). */
export const logBeganAt = async (log: EventLog): Promise<E.Either<LogFailure, string>> =>
  E.map((events: ReadonlyArray<{ readonly metadata: { readonly recordedAt: string } }>) => {
    return events[0]?.metadata.recordedAt ?? new Date().toISOString();
  })(await log.readStream(logStream, 0, 1)());

export type Process = {
  readonly config: Config;
  readonly stores: Stores;
  readonly clients: Clients;
  readonly catchUp: CatchUp | null;
  readonly owner: string;
  readonly actor: string;
  readonly logBegan: string;
  /** Called at least every `patience` / 3 while a run goes on. */
  readonly beat?: () => void;
};

/** What reconciling in this process works with. */
export const reconcileDepsOf = (of: Process): ReconcileDeps => {
  const { config, stores, clients, catchUp, owner, logBegan, beat } = of;
  const cache: FoldCache = new Map();
  const hand = handOf(stores.log, of.actor);
  const beating: ReconcileDeps['pause'] = (milliseconds, signal) => {
    beat?.();
    return pause(milliseconds, signal);
  };
  return {
    realm: config.rehearsal ? 'rehearsal' : 'real',
    ...{ hand, cache, owner, logBegan, patience, monotonic, pause: beating },
    outside: outsideOf(config, clients, catchUp),
    openStreams: openStreamsOf(stores, pause),
    isKnownCompose: isKnownComposeOf(stores),
    noticeTrigger: noticeTriggerWith(hand, cache, claimFrom(hand, triggerNumbers)),
    grace: config.reconcileGrace * 1000,
  };
};
