import { groupBy } from 'fp-ts/lib/NonEmptyArray.js';
import type { JsonObject } from '../json.ts';
import { moduleArtifact } from '../stream-names.ts';
import type { Decision } from '../trigger/decision.ts';
import type { Judgement, Subject } from '../policy/judge.ts';
import { cutCycles } from './cut-cycles.ts';

/** A module stream, by its two names. */
export type ModuleRef = { readonly name: string; readonly stream: string };

/** A module stream the trigger itself touches, with what shows that it does. */
export type Direct = ModuleRef & { readonly code: string; readonly evidence: JsonObject };

/** `dependent` build-requires `on`; both as `name:stream`. */
export type Edge = { readonly on: string; readonly dependent: string };

export type WaveFacts = {
  readonly direct: ReadonlyArray<Direct>;
  readonly edges: ReadonlyArray<Edge>;
  readonly trigger: string;
  readonly policyVersion: string;
  readonly judge: (subject: Subject) => Judgement;
  /** Set when the trigger as a whole is declined: the code every candidate gets. */
  readonly declined?: { readonly code: string; readonly evidence: JsonObject };
};

const keyOf = ({ name, stream }: ModuleRef): string => `${name}:${stream}`;

const refOf = (key: string): ModuleRef => {
  const at = key.indexOf(':');
  return { name: key.slice(0, at), stream: key.slice(at + 1) };
};

/** Depth of every candidate: 0 for the direct ones, then along the edges, each once. */
const depths = (direct: ReadonlyArray<Direct>, edges: ReadonlyArray<Edge>) => {
  const dependents = groupBy<Edge>((edge) => edge.on)([...edges]);
  const found = new Map(direct.map((module) => [keyOf(module), 0]));
  for (const [key, depth] of found) {
    for (const { dependent } of dependents[key] ?? []) {
      if (!found.has(dependent)) found.set(dependent, depth + 1);
    }
  }
  return found;
};

type Candidate = {
  readonly key: string;
  readonly depth: number;
  readonly direct: Direct | undefined;
  readonly parents: ReadonlyArray<string>;
};

const candidatesOf = ({ direct, edges }: WaveFacts): ReadonlyArray<Candidate> => {
  const found = depths(direct, edges);
  const parents = groupBy<Edge>((edge) => edge.dependent)(
    edges.filter((edge) => found.has(edge.on)),
  );
  const order = [...found].sort(([a, depth], [b, other]) => depth - other || (a < b ? -1 : 1));
  return order.map(([key, depth]) => ({
    key,
    depth,
    direct: direct.find((module) => keyOf(module) === key),
    parents: [...new Set((parents[key] ?? []).map((edge) => edge.on))].sort(),
  }));
};

const judged = (
  facts: WaveFacts,
  candidate: Candidate,
  isAccepted: (key: string) => boolean,
): Pick<Decision, 'verdict' | 'code' | 'rule' | 'evidence'> => {
  const { direct, parents, key } = candidate;
  const evidence: JsonObject = {
    ...direct?.evidence,
    ...(direct ? {} : { buildRequires: parents }),
  };
  if (facts.declined !== undefined) {
    const { code, evidence: why } = facts.declined;
    return { verdict: 'no', code, rule: null, evidence: { ...evidence, ...why } };
  }
  const { name, stream } = refOf(key);
  const { trigger } = facts;
  const verdict = facts.judge({ kind: 'module', name, branch: stream, flow: 'module', trigger });
  if (verdict.verdict === 'no') return { ...verdict, evidence };
  if (direct === undefined && !parents.some(isAccepted)) {
    return { verdict: 'no', code: 'dependency-declined', rule: null, evidence };
  }
  const code = direct?.code ?? 'dependency-of-affected';
  return { verdict: 'yes', code, rule: verdict.rule, evidence };
};

/** A dependent is accepted once one of its parents is: repeated until nothing more is. */
const judgeAll = (facts: WaveFacts, candidates: ReadonlyArray<Candidate>) => {
  const verdicts = new Map<string, ReturnType<typeof judged>>();
  const isAccepted = (key: string): boolean => verdicts.get(key)?.verdict === 'yes';
  for (let news = true; news;) {
    news = false;
    for (const candidate of candidates) {
      if (isAccepted(candidate.key)) continue;
      const verdict = judged(facts, candidate, isAccepted);
      verdicts.set(candidate.key, verdict);
      news ||= verdict.verdict === 'yes';
    }
  }
  return verdicts;
};

/** How many steps each waits at most once cycles are cut, so that parents come before children. */
const stepsOf = (kept: ReadonlyMap<string, ReadonlyArray<string>>): ReadonlyMap<string, number> => {
  const steps = new Map<string, number>();
  const of = (key: string): number => {
    const known = steps.get(key);
    if (known !== undefined) return known;
    const most = Math.max(-1, ...(kept.get(key) ?? []).map(of)) + 1;
    steps.set(key, most);
    return most;
  };
  for (const key of kept.keys()) of(key);
  return steps;
};

/**
 * One decision for every candidate of a trigger, dependents of dependents included, each once,
 * cycles cut, parents before children. A pure function of recorded look-ups and a policy: a preview
 * of it is the plan.
 */
export const planWave = (facts: WaveFacts): ReadonlyArray<Decision> => {
  const candidates = candidatesOf(facts);
  const kept = cutCycles(candidates.map(({ key, parents }) => ({ key, parents })));
  const verdicts = judgeAll(facts, candidates);
  const isAccepted = (key: string): boolean => verdicts.get(key)?.verdict === 'yes';
  const steps = stepsOf(kept);
  const step = ({ key }: Candidate): number => steps.get(key) ?? 0;
  const inOrder = [...candidates].sort((a, b) => step(a) - step(b) || a.depth - b.depth);
  return inOrder.flatMap(({ key, depth, direct }) => {
    const verdict = verdicts.get(key);
    if (verdict === undefined) return [];
    const { name, stream } = refOf(key);
    const parents = (kept.get(key) ?? []).filter(isAccepted);
    return [
      {
        ...{ artifact: moduleArtifact(name, stream), kind: 'module', name, branch: stream },
        ...{ ...verdict, policyVersion: facts.policyVersion, depth },
        reason: direct === undefined ? 'dependency' : 'directly_affected',
        waitsFor: parents.map((parent) => `module:${parent}`),
      } satisfies Decision,
    ];
  });
};
