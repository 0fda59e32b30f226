import type { Decision } from './decision.ts';
import type { TriggerEvent } from './events.ts';

/** One part of many decisions ahead of the others; said again it takes the place of what it was. */
export type RecordPart = {
  readonly type: 'RecordPart';
  readonly part: number;
  readonly decisions: ReadonlyArray<Decision>;
};

/** Every decision; those parts that are on record as they are here are not written again. */
export type RecordDecisions = {
  readonly type: 'RecordDecisions';
  readonly policyVersion: string;
  readonly decisions: ReadonlyArray<Decision>;
};

type Decisions = ReadonlyArray<Decision>;
type Part = { readonly number: number; readonly part: number; readonly decisions: Decisions };

/** Small enough that a part of a wave stays below the size an event may have. */
const perPart = 100;

const partOf = (decisions: Decisions, part: number): Decisions =>
  decisions.slice(part * perPart, (part + 1) * perPart);

/** Decisions in the parts that events hold. */
export const partsOf = (decisions: Decisions): ReadonlyArray<Decisions> =>
  Array.from({ length: Math.ceil(decisions.length / perPart) }, (_, part) =>
    partOf(decisions, part),
  );

/** A part takes its place, also where one of an earlier try stands there. */
export const withPart = (
  known: Decisions,
  { part, decisions }: Pick<Part, 'part' | 'decisions'>,
): Decisions => [
  ...known.slice(0, part * perPart),
  ...decisions,
  ...known.slice((part + 1) * perPart),
];

/** The parts that are not on record as they are here. */
export const news = (known: Decisions, parts: ReadonlyArray<Part>): ReadonlyArray<TriggerEvent> =>
  parts
    .filter(
      ({ part, decisions }) => JSON.stringify(partOf(known, part)) !== JSON.stringify(decisions),
    )
    .map((part) => ({ type: 'CandidatesDecided', ...part }));

/** What is left to be written of all decisions, and that they are all. */
export const decisionsOf = (
  number: number,
  { decisions, policyVersion }: RecordDecisions,
  known: Decisions,
): ReadonlyArray<TriggerEvent> => {
  const parts = partsOf(decisions).map((each, part) => ({ number, part, decisions: each }));
  const count = (verdict: Decision['verdict']): number =>
    decisions.filter((decision) => decision.verdict === verdict).length;
  const [yes, no, later] = [count('yes'), count('no'), count('later')];
  return [
    ...news(known, parts),
    { type: 'DecisionsCompleted', number, policyVersion, yes, no, later },
  ];
};

/** Only a candidate that was decided can be decided otherwise. */
export const turned = (
  number: number,
  known: Decisions,
  decisions: Decisions,
): ReadonlyArray<TriggerEvent> => {
  const before = new Map(known.map((each) => [each.artifact, each]));
  const isOtherwise = ({ artifact, verdict, code, evidence }: Decision): boolean => {
    const was = before.get(artifact);
    if (was === undefined) return false;
    const isPutOff = was.evidence['until'] !== evidence['until'];
    return was.verdict !== verdict || was.code !== code || isPutOff;
  };
  return decisions
    .filter(isOtherwise)
    .map((decision) => ({ type: 'CandidateRedecided', number, decision }));
};
