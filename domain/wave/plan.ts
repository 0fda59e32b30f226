import type { JsonObject } from '../json.ts';
import type { Judgement, Subject } from '../policy/judge.ts';
import type { ArtifactKind } from '../stream-names.ts';
import type { Decision } from '../trigger/decision.ts';
import type { Candidate } from './candidates.ts';
import { candidatesOf, isAffected } from './candidates.ts';
import { cutCycles } from './cut-cycles.ts';
import { verdictsOf } from './verdicts.ts';

/** An artifact the trigger itself touches or might touch, with what shows whether it does. */
export type Direct = {
  readonly artifact: string;
  readonly kind: ArtifactKind;
  readonly name: string;
  readonly branch: string;
  readonly code: string;
  readonly evidence: JsonObject;
  /** Set when `code` says why it is not affected: by itself, or whatever becomes of its parents. */
  readonly declined?: 'by-itself' | 'always';
};

/** `dependent` is built with, or on, `on`; both are artifact ids. */
export type Edge = { readonly on: string; readonly dependent: string };

export type WaveFacts = {
  readonly direct: ReadonlyArray<Direct>;
  readonly edges: ReadonlyArray<Edge>;
  readonly trigger: string;
  readonly policyVersion: string;
  readonly judge: (subject: Subject) => Judgement;
  /** Set when the trigger as a whole is declined: the code every candidate gets. */
  readonly declined?: { readonly code: string; readonly evidence: JsonObject };
  /** What every artifact that is rebuilt waits for, beside its parents. */
  readonly waitsFor?: ReadonlyArray<string>;
  /** Candidates decided for good before: whether they are rebuilt. */
  readonly settled?: ReadonlyMap<string, boolean>;
};

/** How many steps each waits at most once cycles are cut, so that parents come before children. */
const stepsOf = (kept: ReadonlyMap<string, ReadonlyArray<string>>): ReadonlyMap<string, number> => {
  const steps = new Map<string, number>();
  for (const first of kept.keys()) {
    const path = [first];
    for (let key = path.at(-1); key !== undefined; key = path.at(-1)) {
      const parents = kept.get(key) ?? [];
      const unknown = steps.has(key) ? [] : parents.filter((parent) => !steps.has(parent));
      path.push(...unknown);
      if (unknown.length > 0) continue;
      steps.set(
        key,
        parents.reduce((most, one) => Math.max(most, (steps.get(one) ?? 0) + 1), 0),
      );
      path.pop();
    }
  }
  return steps;
};

/**
 * One decision for every candidate of a trigger, dependents of dependents included, each once,
 * cycles cut, parents before children. A pure function of recorded look-ups and a policy: a preview
 * of it is the plan.
 */
export const planWave = (facts: WaveFacts): ReadonlyArray<Decision> => {
  const candidates = candidatesOf(facts);
  const kept = cutCycles(candidates.map(({ artifact: key, parents }) => ({ key, parents })));
  const steps = stepsOf(kept);
  const step = ({ artifact }: Candidate): number => steps.get(artifact) ?? 0;
  const inOrder = [...candidates].sort((a, b) => step(a) - step(b) || a.depth - b.depth);
  const verdicts = verdictsOf(facts, inOrder, kept);
  const isRebuilt = (artifact: string): boolean => verdicts.get(artifact)?.verdict === 'yes';
  return inOrder.flatMap(({ artifact, kind, name, branch, depth, direct }) => {
    const verdict = verdicts.get(artifact);
    if (verdict === undefined) return [];
    const parents = (kept.get(artifact) ?? []).filter(isRebuilt);
    const besides = verdict.verdict === 'yes' ? (facts.waitsFor ?? []) : [];
    return [
      {
        ...{ artifact, kind, name, branch, ...verdict },
        ...{ policyVersion: facts.policyVersion, depth },
        reason: isAffected(direct) ? 'directly_affected' : 'dependency',
        waitsFor: [...parents, ...besides],
      } satisfies Decision,
    ];
  });
};
