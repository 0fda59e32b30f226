import type { BuildRow } from '../../projectors/builds/row.ts';
import type { EventRow } from '../../projectors/events/row.ts';
import type { Stock } from './stocked-api.ts';

type Cell = string | number | null;
type TableRow = Readonly<Record<string, Cell>>;

/** Rows of the original's tables, by table. */
export type Tables = Readonly<Record<string, ReadonlyArray<TableRow>>>;

const textOf = (cell: Cell | undefined): string => String(cell ?? '');
const textOrNull = (cell: Cell | undefined): string | null =>
  cell === null || cell === undefined ? null : String(cell);
const numberOrNull = (cell: Cell | undefined): number | null =>
  cell === null || cell === undefined ? null : Number(cell);
const json = <A>(cell: Cell | undefined, none: A): A =>
  typeof cell === 'string' ? (JSON.parse(cell) as A) : none;

const reasons = ['unknown', 'directly_affected', 'dependency'] as const;

const eventRow = (row: TableRow, dependencies: ReadonlyArray<TableRow>): EventRow => {
  const linked = (from: string, to: string): ReadonlyArray<number> =>
    dependencies.filter((link) => link[from] === row['id']).map((link) => Number(link[to]));
  return {
    id: Number(row['id']),
    messageId: textOf(row['message_id']),
    searchKey: textOf(row['search_key']),
    eventTypeId: Number(row['event_type_id']),
    state: Number(row['state']),
    stateReason: textOrNull(row['state_reason']),
    timeCreated: textOrNull(row['time_created']),
    timeDone: textOrNull(row['time_done']),
    dryRun: row['dry_run'] === null ? null : row['dry_run'] === 1,
    requester: textOrNull(row['requester']),
    requestedRebuilds: textOf(row['requested_rebuilds']).split(' ').filter(Boolean),
    requesterMetadata: json(row['requester_metadata'], {}),
    dependsOnEvents: linked('event_id', 'event_dependency_id'),
    dependingEvents: linked('event_dependency_id', 'event_id'),
    trigger: '',
  };
};

const buildRow = (row: TableRow, tables: Tables): BuildRow => {
  const parent = tables['artifact_builds']?.find(({ id }) => id === row['dep_on_id']);
  const event = tables['events']?.find(({ id }) => id === row['event_id']);
  const name = textOf(row['name']);
  return {
    ...{ id: Number(row['id']), name, branch: null, artifact: null },
    ...{ type: Number(row['type']), state: Number(row['state']) },
    stateReason: textOrNull(row['state_reason']),
    rebuildReason: reasons[Number(row['rebuild_reason'])] ?? 'unknown',
    originalNvr: textOrNull(row['original_nvr']),
    rebuiltNvr: textOrNull(row['rebuilt_nvr']),
    depOn: textOrNull(parent?.['name']),
    depOnId: numberOrNull(row['dep_on_id']),
    timeSubmitted: textOf(row['time_submitted']),
    timeCompleted: textOrNull(row['time_completed']),
    eventId: Number(row['event_id']),
    eventIds: [Number(row['event_id'])],
    eventTypeId: numberOrNull(event?.['event_type_id']),
    eventSearchKey: textOrNull(event?.['search_key']),
    buildId: numberOrNull(row['build_id']),
    buildArgs: json(row['build_args'], {}),
    odcsComposes: [],
    dryRun: event?.['dry_run'] === 1,
    attempts: [],
  };
};

/** The rows our read models would hold for what the original's tables hold. */
export const stockOfTables = (tables: Tables): Stock => {
  const events = tables['events'] ?? [];
  const builds = tables['artifact_builds'] ?? [];
  const links = tables['event_dependencies'] ?? [];
  return {
    events: Object.fromEntries(events.map((row) => [String(row['id']), eventRow(row, links)])),
    builds: Object.fromEntries(builds.map((row) => [String(row['id']), buildRow(row, tables)])),
  };
};
