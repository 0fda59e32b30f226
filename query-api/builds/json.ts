import type { AttemptRow, BuildRow } from '../../projectors/builds/row.ts';
import { jsonTextOf } from '../json-text.ts';
import { buildStateTable, buildTypeTable } from '../names/tables.ts';

type BuildJson = {
  readonly build_args: BuildRow['buildArgs'];
  readonly build_id: number | null;
  readonly dep_on: string | null;
  readonly dep_on_id: number | null;
  readonly event_id: number;
  readonly id: number;
  readonly name: string;
  readonly odcs_composes: ReadonlyArray<number>;
  readonly original_nvr: string | null;
  readonly rebuild_reason: string;
  readonly rebuilt_nvr: string | null;
  readonly state: number;
  readonly state_name: string;
  readonly state_reason: string | null;
  readonly time_completed: string | null;
  readonly time_submitted: string;
  readonly type: number;
  readonly type_name: string;
  readonly url: string;
};

/** A build as both versions of the API show it: the keys of the original, no more. */
const buildJson = (row: BuildRow): BuildJson => ({
  build_args: row.buildArgs,
  build_id: row.buildId,
  dep_on: row.depOn,
  dep_on_id: row.depOnId,
  event_id: row.eventId,
  id: row.id,
  name: row.name,
  odcs_composes: row.odcsComposes,
  original_nvr: row.originalNvr,
  rebuild_reason: row.rebuildReason,
  rebuilt_nvr: row.rebuiltNvr,
  state: row.state,
  state_name: buildStateTable.nameOf(row.state),
  state_reason: row.stateReason,
  time_completed: row.timeCompleted,
  time_submitted: row.timeSubmitted,
  type: row.type,
  type_name: buildTypeTable.nameOf(row.type),
  url: `/api/1/builds/${row.id}`,
});

export const buildText = jsonTextOf(({ body }) => buildJson(body as BuildRow));

const attemptJson = ({
  attempt,
  commit,
  externalIds,
  outcome,
  reason,
  order,
  nvr,
}: AttemptRow) => ({
  attempt,
  commit,
  external_ids: externalIds,
  nvr: nvr ?? null,
  odcs_composes: order?.composes ?? [],
  outcome,
  parent: order?.parent ?? null,
  reason,
  release: order?.release ?? null,
  target: order?.target ?? null,
});

/** What the record knows beyond the original's keys: every try, every event it answers. */
const attemptsJson = (row: BuildRow) => ({
  artifact: row.artifact,
  branch: row.branch,
  dry_run: row.dryRun,
  event_ids: row.eventIds,
  id: row.id,
  items: row.attempts.map(attemptJson),
});

export const attemptsText = jsonTextOf(({ body }) => attemptsJson(body as BuildRow));
