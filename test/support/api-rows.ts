import type { BuildRow } from '../../projectors/builds/row.ts';
import type { DecisionRow } from '../../projectors/decisions/row.ts';
import type { EventRow } from '../../projectors/events/row.ts';
import type { MessageRow } from '../../projectors/messages/row.ts';
import type { ModuleRow } from '../../projectors/module-index/row.ts';
import type { Stock } from './stocked-api.ts';

export const anEvent = (given: Partial<EventRow> & { readonly id: number }): EventRow => ({
  messageId: `2026-message-${given.id}`,
  searchKey: `pkg${given.id}/f39?#0f1e`,
  eventTypeId: 2,
  state: 0,
  stateReason: null,
  timeCreated: '2026-11-22T16:39:58Z',
  timeDone: null,
  dryRun: false,
  requester: null,
  requestedRebuilds: [],
  requesterMetadata: {},
  dependsOnEvents: [],
  dependingEvents: [],
  trigger: `trigger-${given.id}`,
  ...given,
});

export const aBuild = (given: Partial<BuildRow> & { readonly id: number }): BuildRow => ({
  name: `module${given.id}`,
  branch: '20',
  artifact: `module:module${given.id}:20`,
  type: 2,
  state: 0,
  stateReason: null,
  rebuildReason: 'directly_affected',
  originalNvr: null,
  rebuiltNvr: null,
  depOn: null,
  depOnId: null,
  timeSubmitted: '2026-11-22T16:40:00Z',
  timeCompleted: null,
  eventId: 1,
  eventIds: [given.eventId ?? 1],
  eventTypeId: 2,
  eventSearchKey: 'pkg1/f39?#0f1e',
  buildId: null,
  buildArgs: {},
  odcsComposes: [],
  dryRun: false,
  attempts: [],
  ...given,
});

export const aDecision = (
  given: Partial<DecisionRow> & { readonly eventId: number; readonly name: string },
): DecisionRow => ({
  artifact: `module:${given.name}:20`,
  kind: 'module',
  branch: '20',
  verdict: 'yes',
  code: 'holds-changed-package',
  rule: 'all-modules',
  policyVersion: '5f1d7a84db00',
  evidence: { package: 'nodejs' },
  reason: 'directly_affected',
  waitsFor: [],
  depth: 0,
  decidedAt: '2026-11-22T16:39:59Z',
  recordedIn: 'trigger-4c1b',
  revision: 2,
  ...given,
});

export const aMessage = (
  given: Partial<MessageRow> & { readonly messageId: string },
): MessageRow => ({
  topic: 'git.receive',
  prefix: 'org.fedoraproject.prod',
  transport: 'feed',
  sentAt: null,
  observedAt: '2026-11-22T16:39:57.000Z',
  verdict: 'understood',
  code: null,
  explanation: null,
  trigger: 'trigger-4c1b',
  kind: 'GitRPMSpecChangeEvent',
  searchKey: 'nodejs/f39?#0f1e',
  rehearsal: false,
  ...given,
});

export const aModule = (given: Partial<ModuleRow> & { readonly name: string }): ModuleRow => ({
  stream: '20',
  version: '20240301100000',
  commit: '0f1e',
  contexts: {},
  holds: ['npm@f39'],
  buildRequires: ['platform:f39'],
  ...given,
});

const byId = <Row extends { readonly id: number }>(
  rows: ReadonlyArray<Row>,
): Readonly<Record<string, Row>> => Object.fromEntries(rows.map((row) => [String(row.id), row]));

export const eventsAndBuilds = (
  events: ReadonlyArray<EventRow>,
  builds: ReadonlyArray<BuildRow> = [],
): Stock => ({ events: byId(events), builds: byId(builds) });
