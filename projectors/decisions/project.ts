import type { Decision } from '../../domain/trigger/decision.ts';
import { isoSeconds } from '../iso-seconds.ts';
import type { EventOf, Projector, Recorded } from '../projector.ts';
import type { DecisionRow } from './row.ts';
import { decisionsModel } from './row.ts';

const types = ['CandidatesDecided', 'CandidateRedecided'] as const;
type Told = Recorded<EventOf<(typeof types)[number]>>;

const decisionsOf = ({ event }: Told): ReadonlyArray<Decision> =>
  event.type === 'CandidatesDecided' ? event.decisions : [event.decision];

const idOf = (number: number, artifact: string): string => `${number}/${artifact}`;

const rowOf = (number: number, decision: Decision, recorded: Told): DecisionRow => ({
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

const touches = (recorded: Told): ReadonlyArray<string> => {
  const { number } = recorded.event;
  return [...new Set(decisionsOf(recorded).map(({ artifact }) => idOf(number, artifact)))];
};

const project = (
  row: DecisionRow | undefined,
  recorded: Told,
  id: string,
): DecisionRow | undefined => {
  const { number } = recorded.event;
  const decision = decisionsOf(recorded).findLast(({ artifact }) => idOf(number, artifact) === id);
  return decision === undefined ? row : rowOf(number, decision, recorded);
};

/** The decision on each candidate of each trigger, as it stands. */
export const decisionsProjector: Projector<DecisionRow, Told['event']> = {
  model: decisionsModel,
  categories: ['trigger', 'dry_trigger'],
  types,
  touches,
  project,
};
