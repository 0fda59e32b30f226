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
  readonly requester_metadata: EventRow['requesterMetadata'];
  readonly search_key: string;
  readonly state: number;
  readonly state_name: string;
  readonly state_reason: string | null;
  readonly time_created: string | null;
  readonly time_done: string | null;
  readonly url: string;
};

/** Written out for both forms: adding keys after a spread is hundreds of times slower in V8. */
const full = (row: EventRow, builds: ReadonlyArray<BuildJson>): EventJson => ({
  builds,
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

const short = (row: EventRow, summary: Summary): EventJson => ({
  builds_summary: summary,
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

/** An event as the API shows it: the keys of the original, no more. */
export const eventJson = (row: EventRow, part: BuildsPart): EventJson =>
  'builds' in part ? full(row, part.builds) : short(row, part.builds_summary);
