import * as t from 'io-ts';
import { Count, JsonValue } from '../codec.ts';
import { Decision } from './decision.ts';
import { TriggerReading } from './reading.ts';

/** A change worth looking at. `number` is the id of the REST API, claimed beforehand. */
export const TriggerNoticed = t.strict(
  {
    type: t.literal('TriggerNoticed'),
    number: Count,
    trigger: t.string,
    rehearsal: t.boolean,
    messageId: t.string,
    messageStream: t.string,
    sentAt: t.string,
    reading: TriggerReading,
  },
  'TriggerNoticed',
);

/** A question asked outside or of an index, with its answer; `asOf` is the log position it saw. */
export const LookupAnswered = t.strict(
  {
    type: t.literal('LookupAnswered'),
    question: t.string,
    answer: JsonValue,
    asOf: t.string,
  },
  'LookupAnswered',
);

/** Some of the decisions of a wave; they count when `DecisionsCompleted` follows. */
export const CandidatesDecided = t.strict(
  {
    type: t.literal('CandidatesDecided'),
    number: Count,
    part: Count,
    decisions: t.readonlyArray(Decision),
  },
  'CandidatesDecided',
);

/** Every candidate has its decision. */
export const DecisionsCompleted = t.strict(
  {
    type: t.literal('DecisionsCompleted'),
    number: Count,
    policyVersion: t.string,
    yes: Count,
    no: Count,
    later: Count,
  },
  'DecisionsCompleted',
);

/** A verdict changed after the fact, for instance because the policy did. */
export const CandidateRedecided = t.strict(
  { type: t.literal('CandidateRedecided'), number: Count, decision: Decision },
  'CandidateRedecided',
);

/** Every artifact decided yes has taken this trigger as a cause. */
export const WaveLaunched = t.strict(
  { type: t.literal('WaveLaunched'), number: Count, artifacts: Count },
  'WaveLaunched',
);

const Counts = t.strict({
  succeeded: Count,
  failed: Count,
  blocked: Count,
  withdrawn: Count,
  rehearsed: Count,
});
export type Counts = t.TypeOf<typeof Counts>;

/** Nothing of this trigger is open any more. */
export const TriggerConcluded = t.strict(
  {
    type: t.literal('TriggerConcluded'),
    number: Count,
    outcome: t.union([
      t.literal('nothing-to-do'),
      t.literal('succeeded'),
      t.literal('failed'),
      t.literal('rehearsed'),
    ]),
    /** A sentence for people; the code in front of it is for programs. */
    code: t.string,
    reason: t.string,
    counts: Counts,
  },
  'TriggerConcluded',
);

/** A later success of a parent freed what this trigger had left blocked. */
export const TriggerReopened = t.strict(
  { type: t.literal('TriggerReopened'), number: Count, artifact: t.string, reason: t.string },
  'TriggerReopened',
);

export const TriggerEvent = t.union([
  TriggerNoticed,
  LookupAnswered,
  CandidatesDecided,
  DecisionsCompleted,
  CandidateRedecided,
  WaveLaunched,
  TriggerConcluded,
  TriggerReopened,
]);
export type TriggerEvent = t.TypeOf<typeof TriggerEvent>;
