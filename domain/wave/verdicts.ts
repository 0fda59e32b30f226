import type { JsonObject } from '../json.ts';
import { flowOf } from '../policy/flow-of.ts';
import type { Judgement } from '../policy/judge.ts';
import type { Decision } from '../trigger/decision.ts';
import type { Candidate } from './candidates.ts';
import { isAffected } from './candidates.ts';
import type { WaveFacts } from './facts.ts';

export type Verdict = Pick<Decision, 'verdict' | 'code' | 'rule' | 'evidence'>;
type Judged = ReadonlyMap<string, Judgement>;
type Kept = ReadonlyMap<string, ReadonlyArray<string>>;

const unbuildable = (kind: string, branch: string): boolean => kind === 'image' && branch === '';

/** What has a chance: neither settled against nor denied, and something that can be built at all. */
const isOpen = (facts: WaveFacts, judged: Judged, candidate: Candidate): boolean => {
  const { artifact, kind, branch } = candidate;
  const settled = facts.settled?.get(artifact);
  if (settled !== undefined) return settled;
  if (facts.declined !== undefined || unbuildable(kind, branch)) return false;
  return judged.get(artifact)?.verdict !== 'no';
};

/** Everything that is rebuilt now or later: what is affected itself, and all that hangs on it. */
const membersOf = (
  facts: WaveFacts,
  judged: Judged,
  candidates: ReadonlyArray<Candidate>,
): ReadonlySet<string> => {
  const open = candidates.filter((candidate) => isOpen(facts, judged, candidate));
  const children = new Map<string, Array<string>>();
  for (const { artifact, parents } of open) {
    for (const parent of parents) {
      const others = children.get(parent);
      if (others === undefined) children.set(parent, [artifact]);
      else others.push(artifact);
    }
  }
  const isRoot = ({ artifact, direct }: Candidate): boolean =>
    isAffected(direct) || facts.settled?.get(artifact) === true;
  const members = new Set(open.filter(isRoot).map(({ artifact }) => artifact));
  for (const member of members) {
    for (const child of children.get(member) ?? []) members.add(child);
  }
  return members;
};

/** What a rule puts off, and what would have to wait for nothing but such. Parents come first. */
const deferredOf = (
  facts: WaveFacts,
  judged: Judged,
  inOrder: ReadonlyArray<Candidate>,
  kept: Kept,
  members: ReadonlySet<string>,
): ReadonlySet<string> => {
  const deferred = new Set<string>();
  for (const { artifact } of inOrder) {
    if (!members.has(artifact) || facts.settled?.has(artifact) === true) continue;
    const parents = (kept.get(artifact) ?? []).filter((parent) => members.has(parent));
    const hasNoOther = parents.length > 0 && parents.every((parent) => deferred.has(parent));
    if (hasNoOther || judged.get(artifact)?.verdict === 'later') deferred.add(artifact);
  }
  return deferred;
};

const isModule = (artifact: string): boolean => artifact.startsWith('module:');
const nameStream = (artifact: string): string => artifact.slice('module:'.length);

/** The parents through which a dependent came in. */
const throughParents = ({ kind, parents }: Candidate): JsonObject =>
  kind === 'module'
    ? { buildRequires: parents.filter(isModule).map(nameStream) }
    : { builtOn: parents };

const evidenceOf = (candidate: Candidate, isMember: boolean): JsonObject => {
  const { direct } = candidate;
  if (direct === undefined) return throughParents(candidate);
  if (isAffected(direct) || !isMember) return direct.evidence;
  return { ...throughParents(candidate), byItself: { code: direct.code, ...direct.evidence } };
};

/** Why something is not rebuilt, the most telling reason first. */
const no = (
  facts: WaveFacts,
  judgement: Judgement | undefined,
  candidate: Candidate,
  hasMemberParent: boolean,
): Verdict => {
  const { kind, branch, direct } = candidate;
  const evidence = evidenceOf(candidate, false);
  const verdict = (code: string): Verdict => ({ verdict: 'no', code, rule: null, evidence });
  if (facts.declined !== undefined) {
    const { code, evidence: why } = facts.declined;
    return { ...verdict(code), evidence: { ...evidence, ...why } };
  }
  if (unbuildable(kind, branch)) return verdict('unknown-branch');
  if (direct?.declined !== undefined && !hasMemberParent) return verdict(direct.code);
  if (judgement?.verdict === 'no') return { ...judgement, evidence };
  return verdict('dependency-declined');
};

const yes = (judgement: Judgement | undefined, candidate: Candidate): Verdict => {
  const { direct } = candidate;
  const code = direct !== undefined && isAffected(direct) ? direct.code : 'dependency-of-affected';
  const rule = judgement?.rule ?? null;
  return { verdict: 'yes', code, rule, evidence: evidenceOf(candidate, true) };
};

const later = (judgement: Judgement | undefined, candidate: Candidate): Verdict => {
  const evidence = evidenceOf(candidate, true);
  if (judgement?.verdict !== 'later') {
    const rule = judgement?.rule ?? null;
    return { verdict: 'later', code: 'parent-deferred', rule, evidence };
  }
  const { code, rule, until } = judgement;
  return { verdict: 'later', code, rule, evidence: { ...evidence, until } };
};

/**
 * Yes, no or later for each candidate. `inOrder` has parents before children, `kept` the parents
 * each waits for once cycles are cut.
 */
export const verdictsOf = (
  facts: WaveFacts,
  inOrder: ReadonlyArray<Candidate>,
  kept: Kept,
): ReadonlyMap<string, Verdict> => {
  const { trigger } = facts;
  const flow = flowOf(trigger);
  const judged = new Map(
    inOrder.map(({ artifact, kind, name, branch }) => [
      artifact,
      facts.judge({ kind, name, branch, flow, trigger }),
    ]),
  );
  const members = membersOf(facts, judged, inOrder);
  const deferred = deferredOf(facts, judged, inOrder, kept, members);
  return new Map(
    inOrder.map((candidate) => {
      const { artifact, parents } = candidate;
      const judgement = judged.get(artifact);
      if (!members.has(artifact)) {
        const hasMemberParent = parents.some((parent) => members.has(parent));
        return [artifact, no(facts, judgement, candidate, hasMemberParent)];
      }
      return [
        artifact,
        deferred.has(artifact) ? later(judgement, candidate) : yes(judgement, candidate),
      ];
    }),
  );
};
