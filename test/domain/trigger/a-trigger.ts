import type { Decision } from '../../../domain/trigger/decision.ts';
import type { Counts, TriggerEvent } from '../../../domain/trigger/events.ts';
import type { TriggerReading } from '../../../domain/trigger/reading.ts';
import type { Noticed, TriggerCommand } from '../../../domain/trigger/trigger.ts';
import { trigger } from '../../../domain/trigger/trigger.ts';

export type Command<Type> = Extract<TriggerCommand, { readonly type: Type }>;
export type Event<Type> = Extract<TriggerEvent, { readonly type: Type }>;

const push = {
  ...{ id: 'git:rpms/npm@20@abc', searchKey: 'npm/20?#abc', repo: 'npm', branch: '20' },
  ...{ rev: 'abc', oldRev: null, filesKnown: true },
  publisher: 'git.receive' as const,
};
export const specChange: TriggerReading = { ...push, kind: 'GitRPMSpecChangeEvent' };
export const metadataChange: TriggerReading = { ...push, kind: 'GitModuleMetadataChangeEvent' };
export const ready: TriggerReading = {
  ...{ kind: 'MBSModuleStateChangeEvent', id: 'mbs:77', searchKey: '77', buildId: 77 },
  ...{ name: 'a', stream: '1', version: '1', context: 'c', state: 5, stateName: 'ready' },
  ...{ stateReason: null, commit: null },
};

const facts = (reading: TriggerReading): Noticed => ({
  ...{ number: 7, trigger: reading.id, rehearsal: false, messageId: 'm1', reading },
  sentAt: '2026-03-01T10:00:00.000Z',
});
export const notice: Command<'Notice'> = {
  ...{ type: 'Notice', ...facts(specChange), messageStream: 'message-m1' },
};
export const noticed: Event<'TriggerNoticed'> = { ...notice, type: 'TriggerNoticed' };

export const aDecision = (name: string, rest: Partial<Decision> = {}): Decision => ({
  ...{ artifact: `module:${name}:20`, kind: 'module', name, branch: '20', verdict: 'yes' },
  ...{ code: 'contains-changed-branch', rule: 'all', policyVersion: 'p1', evidence: {} },
  ...{ reason: 'directly_affected', waitsFor: [], depth: 0 },
  ...rest,
});

export const decided = (...decisions: ReadonlyArray<Decision>): Event<'CandidatesDecided'> => ({
  ...{ type: 'CandidatesDecided', number: 7, part: 0, decisions },
});
export const completed = (yes: number, no = 0, later = 0): Event<'DecisionsCompleted'> => ({
  ...{ type: 'DecisionsCompleted', number: 7, policyVersion: 'p1', yes, no, later },
});
export const launched = (artifacts: number): Event<'WaveLaunched'> => ({
  ...{ type: 'WaveLaunched', number: 7, artifacts },
});

const none: Counts = { succeeded: 0, failed: 0, blocked: 0, withdrawn: 0, rehearsed: 0 };
export const counts = (rest: Partial<Counts>): Counts => ({ ...none, ...rest });
export const conclude: Command<'Conclude'> = {
  ...{ type: 'Conclude', outcome: 'succeeded', code: 'all-succeeded', reason: 'All well.' },
  counts: counts({ succeeded: 1 }),
};
export const concluded: Event<'TriggerConcluded'> = {
  ...{ ...conclude, type: 'TriggerConcluded', number: 7 },
};
export const reopen: Command<'Reopen'> = {
  ...{ type: 'Reopen', artifact: 'module:nodejs:20', reason: 'Freed.' },
};
export const reopened: Event<'TriggerReopened'> = {
  ...{ ...reopen, type: 'TriggerReopened', number: 7 },
};

export const noticedOf = (reading: TriggerReading): Noticed => facts(reading);
export const stateAfter = (...history: ReadonlyArray<TriggerEvent>) =>
  history.reduce(trigger.evolve, trigger.initial);
