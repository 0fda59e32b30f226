import type { DifferenceRow, ReconciliationRow } from '../../projectors/reconciliations/row.ts';
import { jsonTextOf } from '../json-text.ts';

const reconciliationJson = (row: ReconciliationRow) => ({
  asked: row.asked.map(({ question, count }) => ({ count, question })),
  began_at: row.beganAt,
  differences: row.differences,
  differences_url: `/api/2/reconciliations/${row.run}/differences/`,
  ended_at: row.endedAt,
  id: row.run,
  left: row.left,
  missed_messages: row.missedMessages,
  new_images: row.newImages,
  new_modules: row.newModules,
  owner: row.owner,
  state: row.state,
  state_reason: row.stateReason,
  taken_over: row.takenOver,
  unreachable: row.unreachable.map(({ question, code, reason }) => ({ code, question, reason })),
  why: row.why,
});

const differenceJson = (row: DifferenceRow) => ({
  action: row.action,
  attempt: row.attempt,
  build: row.build,
  code: row.code,
  external_id: row.externalId,
  found: row.found,
  found_at: row.foundAt,
  recorded: row.recorded,
  recorded_in: 'reconcile',
  revision: row.number,
  stream: row.stream,
  subject: row.subject,
  system: row.system,
});

export const reconciliationText = jsonTextOf(({ body }) =>
  reconciliationJson(body as ReconciliationRow),
);
export const differenceText = jsonTextOf(({ body }) => differenceJson(body as DifferenceRow));
