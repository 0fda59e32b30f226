import * as E from 'fp-ts/lib/Either.js';
import type { Decider } from '../decider.ts';
import type { Json } from '../json.ts';
import type { Decision } from './decision.ts';
import type { Counts, TriggerEvent } from './events.ts';
import type { TriggerReading } from './reading.ts';

export type Noticed = {
  readonly number: number;
  readonly trigger: string;
  readonly rehearsal: boolean;
  readonly messageId: string;
  readonly sentAt: string;
  readonly reading: TriggerReading;
};

/** How far a trigger is. Plain JSON. */
export type TriggerState = {
  readonly noticed: Noticed | null;
  readonly lookups: Readonly<Record<string, Json>>;
  readonly decisions: ReadonlyArray<Decision>;
  readonly completed: boolean;
  readonly launched: boolean;
  /** Decided yes after the wave was launched, the claims not known to be taken yet. */
  readonly unlaunched: ReadonlyArray<string>;
  readonly concluded: Counts | null;
};

type Notice = Noticed & { readonly type: 'Notice'; readonly messageStream: string };
type Lookup = { readonly question: string; readonly answer: Json; readonly asOf: string };
/** Answers that belong together: all of them, or none because they were asked before. */
type RecordLookups = { readonly type: 'RecordLookups'; readonly lookups: ReadonlyArray<Lookup> };
type RecordDecisions = {
  readonly type: 'RecordDecisions';
  readonly policyVersion: string;
  readonly decisions: ReadonlyArray<Decision>;
};
type Launch = { readonly type: 'Launch' };
type Redecide = { readonly type: 'Redecide'; readonly decision: Decision };
/** Decisions that turned together. */
type RedecideAll = { readonly type: 'RedecideAll'; readonly decisions: ReadonlyArray<Decision> };
type Conclude = {
  readonly type: 'Conclude';
  readonly outcome: Extract<TriggerEvent, { type: 'TriggerConcluded' }>['outcome'];
  readonly code: string;
  readonly reason: string;
  readonly counts: Counts;
};
type Reopen = { readonly type: 'Reopen'; readonly artifact: string; readonly reason: string };
export type TriggerCommand =
  Notice | RecordLookups | RecordDecisions | Launch | Redecide | RedecideAll | Conclude | Reopen;
export type TriggerRejection = { readonly code: 'never-noticed' };

const initial: TriggerState = {
  noticed: null,
  lookups: {},
  decisions: [],
  completed: false,
  launched: false,
  unlaunched: [],
  concluded: null,
};

const replaced = (
  decisions: ReadonlyArray<Decision>,
  decision: Decision,
): ReadonlyArray<Decision> =>
  decisions.map((other) => (other.artifact === decision.artifact ? decision : other));

const redecided = (state: TriggerState, decision: Decision): TriggerState => ({
  ...state,
  decisions: replaced(state.decisions, decision),
  unlaunched:
    state.launched && decision.verdict === 'yes'
      ? [...state.unlaunched, decision.artifact]
      : state.unlaunched,
});

const evolve = (state: TriggerState, event: TriggerEvent): TriggerState => {
  switch (event.type) {
    case 'TriggerNoticed': {
      const { number, trigger, rehearsal, messageId, sentAt, reading } = event;
      return { ...state, noticed: { number, trigger, rehearsal, messageId, sentAt, reading } };
    }
    case 'LookupAnswered':
      return { ...state, lookups: { ...state.lookups, [event.question]: event.answer } };
    case 'CandidatesDecided':
      return { ...state, decisions: [...state.decisions, ...event.decisions] };
    case 'DecisionsCompleted':
      return { ...state, completed: true };
    case 'CandidateRedecided':
      return redecided(state, event.decision);
    case 'WaveLaunched':
      return { ...state, launched: true, unlaunched: [] };
    case 'TriggerConcluded':
      return { ...state, concluded: event.counts };
    case 'TriggerReopened':
      return { ...state, concluded: null };
  }
};

/** Small enough that a part of a wave stays below the size an event may have. */
const perPart = 100;

const decisionsOf = (
  number: number,
  { decisions, policyVersion }: RecordDecisions,
): ReadonlyArray<TriggerEvent> => {
  const parts = Array.from({ length: Math.ceil(decisions.length / perPart) }, (_, part) => ({
    ...{ type: 'CandidatesDecided' as const, number, part },
    decisions: decisions.slice(part * perPart, (part + 1) * perPart),
  }));
  const count = (verdict: Decision['verdict']): number =>
    decisions.filter((decision) => decision.verdict === verdict).length;
  const [yes, no, later] = [count('yes'), count('no'), count('later')];
  return [...parts, { type: 'DecisionsCompleted', number, policyVersion, yes, no, later }];
};

/** Only a candidate that was decided can be decided otherwise. */
const turned = (
  number: number,
  state: TriggerState,
  decisions: ReadonlyArray<Decision>,
): ReadonlyArray<TriggerEvent> => {
  const before = new Map(state.decisions.map((each) => [each.artifact, each]));
  const isOtherwise = ({ artifact, verdict, code, evidence }: Decision): boolean => {
    const known = before.get(artifact);
    if (known === undefined) return false;
    const isPutOff = known.evidence['until'] !== evidence['until'];
    return known.verdict !== verdict || known.code !== code || isPutOff;
  };
  return decisions
    .filter(isOtherwise)
    .map((decision) => ({ type: 'CandidateRedecided', number, decision }));
};

type Decided = E.Either<TriggerRejection, ReadonlyArray<TriggerEvent>>;
type Later = Exclude<TriggerCommand, Notice>;

type Of<Type extends Later['type']> = Extract<Later, { readonly type: Type }>;
type Table = {
  readonly [Type in Later['type']]: (
    number: number,
    command: Of<Type>,
    state: TriggerState,
  ) => ReadonlyArray<TriggerEvent>;
};

/** What each command comes to; an obeyed one has nothing left to say. */
const table: Table = {
  RecordLookups: (_number, { lookups }, state) => {
    const isKnown = lookups.some(({ question }) => Object.hasOwn(state.lookups, question));
    return isKnown ? [] : lookups.map((each) => ({ type: 'LookupAnswered', ...each }));
  },
  RecordDecisions: (number, command, state) =>
    state.completed ? [] : decisionsOf(number, command),
  Launch: (number, _command, state) => {
    const artifacts = state.decisions.filter(({ verdict }) => verdict === 'yes').length;
    const isDone = state.launched && state.unlaunched.length === 0;
    return isDone ? [] : [{ type: 'WaveLaunched', number, artifacts }];
  },
  Redecide: (number, { decision }, state) => turned(number, state, [decision]),
  RedecideAll: (number, { decisions }, state) => turned(number, state, decisions),
  Conclude: (number, { outcome, code, reason, counts }, state) =>
    state.concluded === null
      ? [{ type: 'TriggerConcluded', number, outcome, code, reason, counts }]
      : [],
  Reopen: (number, { artifact, reason }, state) =>
    state.concluded === null ? [] : [{ type: 'TriggerReopened', number, artifact, reason }],
};

const afterNotice = (number: number, command: Later, state: TriggerState) => {
  const obey = table[command.type] as (
    n: number,
    c: Later,
    s: TriggerState,
  ) => ReadonlyArray<TriggerEvent>;
  return obey(number, command, state);
};

const decide = (command: TriggerCommand, state: TriggerState): Decided => {
  if (command.type === 'Notice') return E.right(state.noticed === null ? [noticed(command)] : []);
  if (state.noticed === null) return E.left({ code: 'never-noticed' });
  return E.right(afterNotice(state.noticed.number, command, state));
};

const noticed = (command: Notice): TriggerEvent => {
  const { number, trigger, rehearsal, messageId, messageStream, sentAt, reading } = command;
  return {
    ...{ type: 'TriggerNoticed', number, trigger, rehearsal },
    ...{ messageId, messageStream, sentAt, reading },
  };
};

/** One change worth looking at: noticed once, decided once, concluded when nothing is open. */
export const trigger: Decider<TriggerCommand, TriggerState, TriggerEvent, TriggerRejection> = {
  initial,
  evolve,
  decide,
};
