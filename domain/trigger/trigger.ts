import * as E from 'fp-ts/lib/Either.js';
import type { Decider } from '../decider.ts';
import type { Json } from '../json.ts';
import type { Decision } from './decision.ts';
import type { Counts, TriggerEvent } from './events.ts';
import type { Reading } from './reading.ts';

export type Noticed = {
  readonly number: number;
  readonly trigger: string;
  readonly rehearsal: boolean;
  readonly messageId: string;
  readonly sentAt: string;
  readonly reading: Reading;
};

/** How far a trigger is. Plain JSON. */
export type TriggerState = {
  readonly noticed: Noticed | null;
  readonly lookups: Readonly<Record<string, Json>>;
  readonly decisions: ReadonlyArray<Decision>;
  readonly completed: boolean;
  readonly launched: boolean;
  readonly concluded: Counts | null;
};

type Notice = Noticed & { readonly type: 'Notice'; readonly messageStream: string };
type RecordLookup = {
  readonly type: 'RecordLookup';
  readonly question: string;
  readonly answer: Json;
  readonly asOf: string;
};
type RecordDecisions = {
  readonly type: 'RecordDecisions';
  readonly policyVersion: string;
  readonly decisions: ReadonlyArray<Decision>;
};
type Launch = { readonly type: 'Launch' };
type Redecide = { readonly type: 'Redecide'; readonly decision: Decision };
type Conclude = {
  readonly type: 'Conclude';
  readonly outcome: Extract<TriggerEvent, { type: 'TriggerConcluded' }>['outcome'];
  readonly code: string;
  readonly reason: string;
  readonly counts: Counts;
};
type Reopen = { readonly type: 'Reopen'; readonly artifact: string; readonly reason: string };
export type TriggerCommand =
  Notice | RecordLookup | RecordDecisions | Launch | Redecide | Conclude | Reopen;
export type TriggerRejection = { readonly code: 'never-noticed' };

const initial: TriggerState = {
  noticed: null,
  lookups: {},
  decisions: [],
  completed: false,
  launched: false,
  concluded: null,
};

const replaced = (
  decisions: ReadonlyArray<Decision>,
  decision: Decision,
): ReadonlyArray<Decision> =>
  decisions.map((other) => (other.artifact === decision.artifact ? decision : other));

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
      return { ...state, decisions: replaced(state.decisions, event.decision) };
    case 'WaveLaunched':
      return { ...state, launched: true };
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

const isSame = (state: TriggerState, decision: Decision): boolean =>
  state.decisions.some(
    (other) =>
      other.artifact === decision.artifact &&
      other.verdict === decision.verdict &&
      other.code === decision.code,
  );

type Decided = E.Either<TriggerRejection, ReadonlyArray<TriggerEvent>>;
type Later = Exclude<TriggerCommand, Notice>;

const afterNotice = (number: number, command: Later, state: TriggerState): Decided => {
  switch (command.type) {
    case 'RecordLookup': {
      const { question, answer, asOf } = command;
      const isKnown = Object.hasOwn(state.lookups, question);
      return E.right(isKnown ? [] : [{ type: 'LookupAnswered', question, answer, asOf }]);
    }
    case 'RecordDecisions':
      return E.right(state.completed ? [] : decisionsOf(number, command));
    case 'Launch': {
      const artifacts = state.decisions.filter(({ verdict }) => verdict === 'yes').length;
      return E.right(state.launched ? [] : [{ type: 'WaveLaunched', number, artifacts }]);
    }
    case 'Redecide': {
      const { decision } = command;
      const news = !isSame(state, decision);
      return E.right(news ? [{ type: 'CandidateRedecided', number, decision }] : []);
    }
    case 'Conclude': {
      const { outcome, code, reason, counts } = command;
      if (state.concluded !== null) return E.right([]);
      return E.right([{ type: 'TriggerConcluded', number, outcome, code, reason, counts }]);
    }
    case 'Reopen': {
      const { artifact, reason } = command;
      if (state.concluded === null) return E.right([]);
      return E.right([{ type: 'TriggerReopened', number, artifact, reason }]);
    }
  }
};

const decide = (command: TriggerCommand, state: TriggerState): Decided => {
  if (command.type === 'Notice') return E.right(state.noticed === null ? [noticed(command)] : []);
  if (state.noticed === null) return E.left({ code: 'never-noticed' });
  return afterNotice(state.noticed.number, command, state);
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
