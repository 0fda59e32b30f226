import type { ArtifactEvent } from '../../domain/artifact/events.ts';
import type { Decision } from '../../domain/trigger/decision.ts';
import type { TriggerEvent } from '../../domain/trigger/events.ts';
import type { Reading } from '../../domain/trigger/reading.ts';

type Of<Event extends { readonly type: string }, Type> = Extract<Event, { readonly type: Type }>;

export const push = {
  id: 'git:rpms/npm@20@abc',
  searchKey: 'npm/20?#abc',
  repo: 'npm',
  branch: '20',
  rev: 'abc',
  oldRev: null,
  publisher: 'git.receive' as const,
  filesKnown: true,
};
export const specChange: Reading = { ...push, kind: 'GitRPMSpecChangeEvent' };

export const noticed = (
  rest: Partial<Of<TriggerEvent, 'TriggerNoticed'>> = {},
): Of<TriggerEvent, 'TriggerNoticed'> => ({
  type: 'TriggerNoticed',
  number: 7,
  trigger: specChange.id,
  rehearsal: false,
  messageId: '2026-m1',
  messageStream: 'message-m1',
  sentAt: '2026-03-01T10:00:00.000Z',
  reading: specChange,
  ...rest,
});

export const concluded = (
  outcome: Of<TriggerEvent, 'TriggerConcluded'>['outcome'],
  reason: string,
): TriggerEvent => ({
  ...{ type: 'TriggerConcluded', number: 7, outcome, code: 'done', reason },
  counts: { succeeded: 2, failed: 1, blocked: 3, withdrawn: 0, rehearsed: 0 },
});

export const aDecision = (rest: Partial<Decision> = {}): Decision => ({
  artifact: 'module:nodejs:20',
  kind: 'module',
  name: 'nodejs',
  branch: '20',
  verdict: 'yes',
  code: 'holds-package',
  rule: 'all-modules',
  policyVersion: 'p1',
  evidence: { package: 'npm' },
  reason: 'directly_affected',
  waitsFor: [],
  depth: 0,
  ...rest,
});

export const planned = (
  build = 1,
  rest: Partial<Of<ArtifactEvent, 'BuildPlanned'>> = {},
): ArtifactEvent => ({
  type: 'BuildPlanned',
  build,
  artifact: 'module:nodejs:20',
  name: 'nodejs',
  branch: '20',
  rehearsal: false,
  at: '2026-03-01T10:20:30.456Z',
  notBefore: '2026-03-01T10:21:30.456Z',
  ...rest,
});

export const taken = (
  number: number,
  build = 1,
  reason: 'directly_affected' | 'dependency' = 'directly_affected',
): ArtifactEvent => ({
  ...{ type: 'CauseTaken', build, waitsFor: [], at: '2026-03-01T10:20:30.456Z' },
  cause: {
    ...{ trigger: `t${number}`, number, kind: 'GitRPMSpecChangeEvent', messageId: `m${number}` },
    ...{ searchKey: `key-${number}`, reason, code: 'holds-package', because: 'npm changed' },
  },
});

export const moved = (trigger: string, from = 1, build = 2): ArtifactEvent => ({
  ...{ type: 'CauseMoved', trigger, from, build },
});

export const later = '2026-03-01T11:00:00.999Z';
const build = 1;

/** The rest of what can happen to build 1. */
export const artifactStory = {
  withdrawn: {
    ...{ type: 'CauseWithdrawn', build, trigger: 't7', code: 'not-allowed' },
    explanation: 'No rule allows it.',
  },
  fulfilled: {
    ...{ type: 'WaitFulfilled', build, trigger: 't7', parent: 'module:perl:5' },
    ...{ parentName: 'perl', parentBuild: 9 },
  },
  blocked: {
    ...{ type: 'WaitBlocked', build, trigger: 't7', parent: 'module:perl:5', code: 'build-failed' },
  },
  started: {
    ...{ type: 'BuildStarted', build, triggers: ['t7'], policyVersion: 'p1', afterTrigger: 7 },
    at: later,
  },
  rehearsed: { type: 'BuildRehearsed', build, at: later },
  commit: { type: 'CommitPrepared', build, attempt: 1, commit: 'c0ffee', bumped: true },
  intended: {
    ...{ type: 'SubmissionIntended', build, attempt: 1, key: 'k', owner: 'one', callTimeout: 1000 },
  },
  takenOver: {
    ...{ type: 'SubmissionTakenOver', build, attempt: 1, owner: 'two', callTimeout: 1000 },
  },
  submitted: {
    ...{
      type: 'BuildSubmitted',
      build,
      attempt: 1,
      externalIds: [41, 40],
      found: false,
      at: later,
    },
  },
  failedSubmission: {
    ...{ type: 'SubmissionFailed', build, attempt: 1, class: 'transient', code: 'unavailable' },
    reason: 'connection refused',
  },
  observed: {
    ...{ type: 'BuildStateObserved', build, attempt: 1, externalId: 40, state: 2 },
    ...{ stateName: 'build', stateReason: null, via: 'poll' },
  },
  retry: {
    ...{ type: 'BuildRetryScheduled', build, attempt: 2, notBefore: later, code: 'unavailable' },
    reason: 'connection refused',
  },
  succeeded: { type: 'BuildSucceeded', build, at: later },
  failed: { type: 'BuildFailed', build, code: 'build-failed', reason: 'It broke.', at: later },
  canceled: {
    ...{ type: 'BuildCanceled', build, code: 'no-cause-left', reason: 'No cause is left.' },
    at: later,
  },
} as const satisfies Readonly<Record<string, ArtifactEvent>>;
