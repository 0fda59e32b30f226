import type { EventRow } from '../../projectors/events/row.ts';
import type { Row } from '../../projectors/read-models.ts';
import type { JsonText } from '../json-text.ts';
import { jsonTextOf } from '../json-text.ts';
import { eventStateTable } from '../names/tables.ts';

/** What an event's JSON says of its builds: all of them (full form) or how many (short form). */
export type BuildsPart = { readonly builds: JsonText } | { readonly builds_summary: JsonText };

type EventJson = {
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

const eventJson = (row: EventRow): EventJson => ({
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

const ownText = jsonTextOf(({ body }) => eventJson(body as EventRow));

/** An event as the API shows it: the keys of the original, no more, the builds first. */
export const eventText = (row: Row, part: BuildsPart): JsonText => {
  const own = ownText(row).slice(1);
  return 'builds' in part
    ? `{"builds":${part.builds},${own}`
    : `{"builds_summary":${part.builds_summary},${own}`;
};
