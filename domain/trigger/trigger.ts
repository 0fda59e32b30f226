import * as E from 'fp-ts/lib/Either.js';
import type { Decider } from '../decider.ts';
import type { Json } from '../json.ts';
import type { RecordDecisions, RecordPart } from './decide-decisions.ts';
import { decisionsOf, news, turned, withPart } from './decide-decisions.ts';
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
  | Notice
  | RecordLookups
  | RecordPart
  | RecordDecisions
  | Launch
  | Redecide
  | RedecideAll
  | Conclude
  | Reopen;
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
      return { ...state, decisions: withPart(state.decisions, event) };
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
  RecordPart: (number, { part, decisions }, state) =>
    state.completed ? [] : news(state.decisions, [{ number, part, decisions }]),
  RecordDecisions: (number, command, state) =>
    state.completed ? [] : decisionsOf(number, command, state.decisions),
  Launch: (number, _command, state) => {
    const artifacts = state.decisions.filter(({ verdict }) => verdict === 'yes').length;
    const isDone = state.launched && state.unlaunched.length === 0;
    return isDone ? [] : [{ type: 'WaveLaunched', number, artifacts }];
  },
  Redecide: (number, { decision }, state) => turned(number, state.decisions, [decision]),
  RedecideAll: (number, { decisions }, state) => turned(number, state.decisions, decisions),
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
