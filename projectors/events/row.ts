import type { Json } from '../../domain/json.ts';
import type { Model } from '../read-models.ts';

/** States of the REST API's events (contract: INITIALIZED 0 … CANCELED 5). */
export const eventStates = {
  INITIALIZED: 0,
  BUILDING: 1,
  COMPLETE: 2,
  FAILED: 3,
  SKIPPED: 4,
  CANCELED: 5,
} as const;

/** The REST API's types of events, by their numbers (names: contract of the original service). */
export const eventTypeNames = [
  'MBSModuleStateChangeEvent',
  'GitModuleMetadataChangeEvent',
  'GitRPMSpecChangeEvent',
  'TestingEvent',
  'GitDockerfileChangeEvent',
  'BodhiUpdateCompleteStableEvent',
  'KojiTaskStateChangeEvent',
  'BrewSignRPMEvent',
  'ErrataRPMAdvisoryShippedEvent',
  'BrewContainerTaskStateChangeEvent',
  'ErrataAdvisoryStateChangedEvent',
  'FreshmakerManualRebuildEvent',
  'ODCSComposeStateChangeEvent',
  'ManualRebuildWithAdvisoryEvent',
  'FreshmakerAsyncManualBuildEvent',
  'BotasErrataShippedEvent',
  'ManualBundleRebuildEvent',
  'FlatpakModuleAdvisoryReadyEvent',
  'FlatpakApplicationManualBuildEvent',
] as const;

/** What the REST API shows of one trigger. Row id: the number as text. Times: ISO 8601 seconds, Z. */
export type EventRow = {
  readonly id: number;
  readonly messageId: string;
  readonly searchKey: string;
  readonly eventTypeId: number;
  readonly state: number;
  readonly stateReason: string | null;
  readonly timeCreated: string | null;
  readonly timeDone: string | null;
  readonly dryRun: boolean | null;
  readonly requester: string | null;
  readonly requestedRebuilds: ReadonlyArray<string>;
  readonly requesterMetadata: Json;
  readonly dependsOnEvents: ReadonlyArray<number>;
  readonly dependingEvents: ReadonlyArray<number>;
  /** Id of the trigger's stream, '' for an imported row. */
  readonly trigger: string;
};

export const eventsModel: Model = {
  name: 'events',
  version: 1,
  fields: {
    id: 'integer',
    messageId: 'text',
    searchKey: 'text',
    eventTypeId: 'integer',
    state: 'integer',
    requester: 'text',
    trigger: 'text',
  },
  fieldsOf: (body) => {
    const row = body as EventRow;
    const { id, messageId, searchKey, eventTypeId, state, requester, trigger } = row;
    return { id, messageId, searchKey, eventTypeId, state, requester, trigger };
  },
};
