import type { Decision } from '../trigger/decision.ts';
import type { Candidate } from './candidates.ts';
import { candidatesOf, isAffected } from './candidates.ts';
import { cutCycles } from './cut-cycles.ts';
import type { WaveFacts } from './facts.ts';
import { verdictsOf } from './verdicts.ts';

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
    const isOfItself = isAffected(direct) || verdict.code === direct?.code;
    return [
      {
        ...{ artifact, kind, name, branch, ...verdict },
        ...{ policyVersion: facts.policyVersion, depth },
        reason: isOfItself ? 'directly_affected' : 'dependency',
        waitsFor: [...parents, ...besides],
      } satisfies Decision,
    ];
  });
};
