import type { TriggerEvent } from '../../domain/trigger/events.ts';
import { eventTypeIds } from '../event-type-ids.ts';
import { isoSeconds } from '../iso-seconds.ts';
import type { EventOf, Projector, Recorded } from '../projector.ts';
import type { Tellers } from '../tellers.ts';
import { tellRow, typesOf } from '../tellers.ts';
import type { EventRow } from './row.ts';
import { eventsModel, eventStates } from './row.ts';

type Of<Type extends TriggerEvent['type']> = Extract<TriggerEvent, { readonly type: Type }>;

const rehearsed = (reason: string): string =>
  reason.startsWith('Rehearsal:') ? reason : `Rehearsal: ${reason}`;

const noticed = (event: Of<'TriggerNoticed'>, recordedAt: string): EventRow => ({
  id: event.number,
  messageId: event.messageId,
  searchKey: event.reading.searchKey,
  eventTypeId: eventTypeIds.get(event.reading.kind) ?? -1,
  state: eventStates.INITIALIZED,
  stateReason: null,
  timeCreated: isoSeconds(recordedAt),
  timeDone: null,
  dryRun: event.rehearsal,
  requester: null,
  requestedRebuilds: [],
  requesterMetadata: {},
  dependsOnEvents: [],
  dependingEvents: [],
  trigger: event.trigger,
});

const launched = (row: EventRow, { artifacts }: Of<'WaveLaunched'>): EventRow => {
  const reason = artifacts === 1 ? '1 artifact to rebuild.' : `${artifacts} artifacts to rebuild.`;
  const stateReason = row.dryRun === true ? rehearsed(reason) : reason;
  return { ...row, state: eventStates.BUILDING, stateReason };
};

const outcomes = {
  'nothing-to-do': eventStates.SKIPPED,
  succeeded: eventStates.COMPLETE,
  failed: eventStates.FAILED,
  rehearsed: eventStates.COMPLETE,
} as const;

const concludedBecause = ({ outcome, reason }: Of<'TriggerConcluded'>): string =>
  outcome === 'rehearsed' ? rehearsed(reason) : reason;

const tellers = {
  WaveLaunched: launched,
  TriggerConcluded: (row, event, { metadata }) => ({
    ...row,
    state: outcomes[event.outcome],
    stateReason: concludedBecause(event),
    timeDone: isoSeconds(metadata.recordedAt),
  }),
  TriggerReopened: (row, { reason }) => ({
    ...row,
    state: eventStates.BUILDING,
    stateReason: reason,
    timeDone: null,
  }),
} satisfies Tellers<EventRow>;

const types = ['TriggerNoticed', ...typesOf(tellers)] as const;
type Told = Recorded<EventOf<(typeof types)[number]>>;

const project = (row: EventRow | undefined, recorded: Told): EventRow | undefined => {
  const { event, metadata } = recorded;
  if (row !== undefined) return tellRow(tellers, row, recorded);
  return event.type === 'TriggerNoticed' ? noticed(event, metadata.recordedAt) : undefined;
};

/** What became of each trigger, as the REST API shows it. */
export const eventsProjector: Projector<EventRow, Told['event']> = {
  model: eventsModel,
  categories: ['trigger', 'dry_trigger'],
  types,
  touches: ({ event }) => [String(event.number)],
  project,
};
