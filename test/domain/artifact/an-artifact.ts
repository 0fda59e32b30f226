import { artifact } from '../../../domain/artifact/artifact.ts';
import type { Cause } from '../../../domain/artifact/cause-events.ts';
import type { ArtifactCommand } from '../../../domain/artifact/commands.ts';
import type { ArtifactEvent } from '../../../domain/artifact/events.ts';
import type { ArtifactState } from '../../../domain/artifact/state.ts';

export type Command<Type> = Extract<ArtifactCommand, { readonly type: Type }>;
export type Event<Type> = Extract<ArtifactEvent, { readonly type: Type }>;

export const id = 'module:nodejs:20';
const names = { artifact: id, name: 'nodejs', branch: '20' };

/** A time of the day all of this happens on. */
export const clock = (time: string): string => `2026-03-01T${time}:00.000Z`;

export const state = (...history: ReadonlyArray<ArtifactEvent>): ArtifactState =>
  history.reduce(artifact.evolve, artifact.initial);

export const aCause = (number: number, rest: Partial<Cause> = {}): Cause => ({
  ...{ trigger: `t${number}`, number, kind: 'GitRPMSpecChangeEvent', searchKey: `npm/${number}` },
  ...{ messageId: `m${number}`, reason: 'directly_affected', code: 'contains-changed-branch' },
  because: `npm rpm spec update (${number})`,
  ...rest,
});
export const aDependency = (number: number): Cause =>
  aCause(number, { reason: 'dependency', code: 'dependency-of-affected' });

export const planned = (
  build = 1,
  rest: Partial<Event<'BuildPlanned'>> = {},
): Event<'BuildPlanned'> => ({
  ...{ type: 'BuildPlanned', build, ...names, rehearsal: false },
  ...{ at: clock('10:00'), notBefore: clock('10:01') },
  ...rest,
});
export const taken = (
  number: number,
  build = 1,
  rest: Partial<Event<'CauseTaken'>> = {},
): Event<'CauseTaken'> => ({
  ...{ type: 'CauseTaken', build, cause: aCause(number), waitsFor: [], at: clock('10:00') },
  ...rest,
});
export const moved = (number: number, from: number, build: number): Event<'CauseMoved'> => ({
  ...{ type: 'CauseMoved', trigger: `t${number}`, from, build },
});
export const withdrawn = (number: number, code: string, build = 1): Event<'CauseWithdrawn'> => ({
  ...{ type: 'CauseWithdrawn', build, trigger: `t${number}`, code, explanation: 'So it is.' },
});
export const fulfilled = (
  number: number,
  parent: string,
  parentBuild = 90,
): Event<'WaitFulfilled'> => ({
  ...{ type: 'WaitFulfilled', build: 1, trigger: `t${number}`, parent, parentName: 'top' },
  parentBuild,
});
export const blocked = (
  number: number,
  parent: string,
  code = 'parent-failed',
): Event<'WaitBlocked'> => ({
  ...{ type: 'WaitBlocked', build: 1, trigger: `t${number}`, parent, code },
});
export const dropped = (number: number, parent: string): Event<'WaitDropped'> => ({
  ...{ type: 'WaitDropped', build: 1, trigger: `t${number}`, parent, code: 'parent-withdrawn' },
});
export const started = (
  build: number,
  triggers: ReadonlyArray<string>,
  afterTrigger = 5,
): Event<'BuildStarted'> => ({
  ...{ type: 'BuildStarted', build, triggers, policyVersion: 'p1', afterTrigger },
  at: clock('10:05'),
});
export const rehearsed = (build = 1): Event<'BuildRehearsed'> => ({
  ...{ type: 'BuildRehearsed', build, at: clock('10:05') },
});
export const prepared = (build = 1, attempt = 1, commit = 'c1'): Event<'CommitPrepared'> => ({
  ...{ type: 'CommitPrepared', build, attempt, commit, bumped: true },
});
export const intended = (owner = 'me', build = 1, attempt = 1): Event<'SubmissionIntended'> => ({
  ...{ type: 'SubmissionIntended', build, attempt, key: 'k', owner, callTimeout: 2000 },
});
export const takenOver = (owner: string, build = 1, attempt = 1): Event<'SubmissionTakenOver'> => ({
  ...{ type: 'SubmissionTakenOver', build, attempt, owner, callTimeout: 2000 },
});
export const submitted = (
  externalIds: ReadonlyArray<number> = [701],
  build = 1,
  attempt = 1,
): Event<'BuildSubmitted'> => ({
  ...{ type: 'BuildSubmitted', build, attempt, externalIds, found: false, at: clock('10:06') },
});
export const refusedBy = (
  code: string,
  kind: 'transient' | 'refused' = 'transient',
): Event<'SubmissionFailed'> => ({
  ...{ type: 'SubmissionFailed', build: 1, attempt: 1, class: kind, code, reason: 'No.' },
});
export const retried = (attempt: number, build = 1): Event<'BuildRetryScheduled'> => ({
  ...{ type: 'BuildRetryScheduled', build, attempt, notBefore: clock('10:10') },
  ...{ code: 'mbs-unavailable', reason: 'No.' },
});
export const stateNames = ['init', 'wait', 'build', 'done', 'failed', 'ready'];
export const observed = (
  externalId: number,
  seen: number,
  stateReason: string | null = null,
): Event<'BuildStateObserved'> => ({
  ...{ type: 'BuildStateObserved', build: 1, attempt: 1, externalId, state: seen },
  ...{ stateName: stateNames[seen] ?? '', stateReason, via: 'poll' },
});
export const succeeded = (build = 1): Event<'BuildSucceeded'> => ({
  ...{ type: 'BuildSucceeded', build, at: clock('10:30') },
});
export const failed = (build = 1): Event<'BuildFailed'> => ({
  ...{ type: 'BuildFailed', build, code: 'build-failed', reason: 'No.', at: clock('10:30') },
});
export const canceled = (build = 1): Event<'BuildCanceled'> => ({
  ...{ type: 'BuildCanceled', build, code: 'no-cause-left', reason: 'No.', at: clock('10:30') },
});

/** The build of one cause, as far as it runs. */
export const running = [planned(), taken(1), started(1, ['t1'])] as const;
export const committed = [...running, prepared()] as const;
export const calling = [...committed, intended()] as const;
export const building = [...calling, submitted()] as const;
export const built = [...building, observed(701, 5), succeeded()] as const;

export const take = (
  number: number,
  rest: Partial<Command<'TakeCause'>> = {},
): Command<'TakeCause'> => ({
  ...{ type: 'TakeCause', ...names, rehearsal: false, cause: aCause(number), waitsFor: [] },
  ...{ at: clock('10:00'), notBefore: clock('10:01') },
  ...rest,
});
export const start = (rest: Partial<Command<'Start'>> = {}): Command<'Start'> => ({
  ...{ type: 'Start', at: clock('10:05'), policyVersion: 'p1', afterTrigger: 5, denied: [] },
  overdueSince: clock('09:00'),
  ...rest,
});
export const observe = (
  externalId: number,
  seen: number,
  rest: Partial<Command<'ObserveState'>> = {},
): Command<'ObserveState'> => ({
  ...{ type: 'ObserveState', externalId, state: seen, stateName: stateNames[seen] ?? '' },
  ...{ stateReason: null, via: 'poll', retries: 0, retryAt: clock('10:10'), at: clock('10:30') },
  ...rest,
});
export const fail = (rest: Partial<Command<'RecordFailure'>> = {}): Command<'RecordFailure'> => ({
  ...{ type: 'RecordFailure', build: 1, attempt: 1, owner: 'me', class: 'transient' },
  ...{ code: 'mbs-unavailable', reason: 'No.', retries: 1 },
  ...{ retryAt: clock('10:10'), at: clock('10:07') },
  ...rest,
});
