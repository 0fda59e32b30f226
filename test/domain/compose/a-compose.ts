import type {
  Intend,
  NoteReady,
  NoteRenewed,
  ObserveCompose,
  RecordFailure,
  RecordSubmitted,
  Want,
} from '../../../domain/compose/commands.ts';
import type { ComposeEvent, WantedCompose } from '../../../domain/compose/events.ts';

export const clock = (time: string): string => `2026-03-01T${time}:00.000Z`;
const at = clock('10:00');
export const retryAt = clock('10:05');

export const order: WantedCompose = {
  ...{ builds: ['bash-5.1-2.f28'], packages: ['bash', 'bash-doc'], sigkeys: ['deadbeef'] },
  ...{ arches: ['x86_64'], secondsToLive: 86_400 },
};

export const want: Want = {
  ...{ type: 'Want', trigger: 'signed:bash-5.1-2.f28', number: 4, messageId: 'm1', order, at },
};
export const wanted: ComposeEvent = { ...want, type: 'ComposeWanted' };

export const intend = (change: Partial<Intend> = {}): Intend => ({
  ...{ type: 'Intend', attempt: 1, renews: null, newestId: 6, owner: 'me', callTimeout: 9 },
  ...change,
});
export const intended = (change: Partial<Intend> = {}): ComposeEvent => ({
  ...intend(change),
  type: 'ComposeIntended',
});

export const submit = (change: Partial<RecordSubmitted> = {}): RecordSubmitted => ({
  ...{ type: 'RecordSubmitted', attempt: 1, owner: 'me', composeId: 7, found: false },
  ...{ repofile: 'http://odcs/7.repo', at },
  ...change,
});
export const submitted = (
  attempt = 1,
  composeId = 7,
  repofile: string | null = 'http://odcs/7.repo',
): ComposeEvent => ({
  ...{ type: 'ComposeSubmitted', attempt, composeId, found: false, repofile, at },
});

export const fail = (change: Partial<RecordFailure> = {}): RecordFailure => ({
  ...{ type: 'RecordFailure', attempt: 1, owner: 'me', class: 'transient' },
  ...{ code: 'odcs-unavailable', reason: 'down', retries: 1, retryAt, at },
  ...change,
});

const names = ['wait', 'generating', 'done', 'removed', 'failed'];

export const observe = (
  composeId: number,
  state: number,
  change: Partial<ObserveCompose> = {},
): ObserveCompose => ({
  ...{ type: 'ObserveCompose', composeId, state, stateName: names[state] ?? '?', via: 'poll' },
  ...{ stateReason: 'because', retries: 1, retryAt, at },
  ...change,
});
export const observed = (composeId: number, state: number): ComposeEvent => ({
  ...{ type: 'ComposeStateObserved', composeId, state, stateName: names[state] ?? '?' },
  ...{ stateReason: 'because', via: 'poll' },
});

export const noteReady = (composeId = 7): NoteReady => ({
  ...{ type: 'NoteReady', composeId, repofile: 'http://odcs/7.repo' },
  ...{ expiresAt: clock('20:00'), at },
});
export const ready = (composeId = 7): ComposeEvent => ({
  ...noteReady(composeId),
  type: 'ComposeReady',
});

export const renew = (change: Partial<NoteRenewed> = {}): NoteRenewed => ({
  ...{ type: 'NoteRenewed', attempt: 2, owner: 'me', composeId: 7 },
  ...{ expiresAt: clock('23:00'), at },
  ...change,
});

/** What the record holds when a compose with this id can be used. */
export const untilReady: ReadonlyArray<ComposeEvent> = [
  ...[wanted, intended(), submitted(), observed(7, 2), ready()],
];
export const expired = (composeId = 7): ComposeEvent => ({
  ...{ type: 'ComposeExpired', composeId, reason: 'because', at },
});
export const retry = (attempt: number): ComposeEvent => ({
  ...{ type: 'ComposeRetryScheduled', attempt, notBefore: retryAt },
});
export const failed = (
  attempt: number,
  composeId: number | null,
  code: string,
  reason = 'because',
): ComposeEvent => ({ type: 'ComposeFailed', attempt, composeId, code, reason });
export const givenUp = (code: string, reason = 'because'): ComposeEvent => ({
  ...{ type: 'ComposeGivenUp', code, reason, at },
});
export const released: ComposeEvent = { type: 'ComposeReleased', at };
export const release = { type: 'Release', at } as const;
