import type { Json } from '../../domain/json.ts';
import type { EventRow } from '../../projectors/events/row.ts';
import type { BuildJson } from '../builds/json.ts';
import { eventStateTable } from '../names/tables.ts';

/** Builds of an event by state, only states that occur, and `total`. */
export type Summary = Readonly<Record<string, number>>;

/** What an event's JSON says of its builds: all of them (full form) or how many (short form). */
export type BuildsPart =
  { readonly builds: ReadonlyArray<BuildJson> } | { readonly builds_summary: Summary };

export type EventJson = BuildsPart & {
  readonly depending_events: ReadonlyArray<number>;
  readonly depends_on_events: ReadonlyArray<number>;
  readonly dry_run: boolean | null;
  readonly event_type_id: number;
  readonly id: number;
  readonly message_id: string;
  readonly requested_rebuilds: ReadonlyArray<string>;
  readonly requester: string | null;
  readonly requester_metadata: Json;
  readonly search_key: string;
  readonly state: number;
  readonly state_name: string;
  readonly state_reason: string | null;
  readonly time_created: string | null;
  readonly time_done: string | null;
  readonly url: string;
};

/** An event as the API shows it: the keys of the original, no more. */
export const eventJson = (row: EventRow, part: BuildsPart): EventJson => ({
  ...part,
  depending_events: row.dependingEvents,
  depends_on_events: row.dependsOnEvents,
  dry_run: row.dryRun,
  event_type_id: row.eventTypeId,
  id: row.id,
  message_id: row.messageId,
  requested_rebuilds: row.requestedRebuilds,
  requester: row.requester,
  requester_metadata: row.requesterMetadata ?? {},
  search_key: row.searchKey,
  state: row.state,
  state_name: eventStateTable.nameOf(row.state),
  state_reason: row.stateReason,
  time_created: row.timeCreated,
  time_done: row.timeDone,
  url: `/api/1/events/${row.id}`,
});
