import type { Decision } from '../../domain/trigger/decision.ts';
import { isoSeconds } from '../iso-seconds.ts';
import type { Projector, Recorded } from '../projector.ts';
import type { DecisionRow } from './row.ts';
import { decisionsModel } from './row.ts';

type Decided = { readonly number: number; readonly decisions: ReadonlyArray<Decision> };

const decided = ({ event }: Recorded): Decided | undefined => {
  if (event.type === 'CandidatesDecided') return event;
  if (event.type !== 'CandidateRedecided') return undefined;
  return { number: event.number, decisions: [event.decision] };
};

const idOf = (number: number, artifact: string): string => `${number}/${artifact}`;

const rowOf = (number: number, decision: Decision, recorded: Recorded): DecisionRow => ({
  eventId: number,
  artifact: decision.artifact,
  kind: decision.kind,
  name: decision.name,
  branch: decision.branch,
  verdict: decision.verdict,
  code: decision.code,
  rule: decision.rule,
  policyVersion: decision.policyVersion,
  evidence: decision.evidence,
  reason: decision.reason,
  waitsFor: decision.waitsFor,
  depth: decision.depth,
  decidedAt: isoSeconds(recorded.metadata.recordedAt),
  recordedIn: recorded.stream,
  revision: recorded.revision,
});

const touches = (recorded: Recorded): ReadonlyArray<string> => {
  const { number, decisions } = decided(recorded) ?? { number: 0, decisions: [] };
  return [...new Set(decisions.map(({ artifact }) => idOf(number, artifact)))];
};

const project = (
  row: DecisionRow | undefined,
  recorded: Recorded,
  id: string,
): DecisionRow | undefined => {
  const { number, decisions } = decided(recorded) ?? { number: 0, decisions: [] };
  const decision = decisions.findLast(({ artifact }) => idOf(number, artifact) === id);
  return decision === undefined ? row : rowOf(number, decision, recorded);
};

/** The decision on each candidate of each trigger, as it stands. */
export const decisionsProjector: Projector<DecisionRow> = {
  model: decisionsModel,
  categories: ['trigger', 'dry_trigger'],
  touches,
  project,
};
