import { createHash } from 'node:crypto';
import type { VersionedPolicy } from '../../../domain/policy/current.ts';
import { prepare } from '../../../domain/policy/judge.ts';
import type { Condition, Policy, Rule } from '../../../domain/policy/policy.ts';
import type { Json } from '../../../domain/json.ts';
import type { Rules, Scenario } from './recorded.ts';

/** Handlers by the trigger they react to; `global` speaks of all. */
const triggers: Readonly<Record<string, string>> = {
  RebuildModulesOnGitMMDChange: 'GitModuleMetadataChangeEvent',
  RebuildModulesOnGitRPMSpecChange: 'GitRPMSpecChangeEvent',
  UpdateDBOnModuleBuild: 'MBSModuleStateChangeEvent',
};

const listOf = (value: Json): ReadonlyArray<Json> =>
  Array.isArray(value) ? (value as ReadonlyArray<Json>) : [value];

const conditionOf = (rule: Json): Condition => {
  if (Array.isArray(rule)) {
    const [word, rules = []] = rule as ReadonlyArray<Json>;
    const conditions = listOf(rules).map(conditionOf);
    return word === 'any' ? { any: conditions } : { all: conditions };
  }
  // The original matched the beginning of a value, we match all of it.
  const patterns = (value: Json): ReadonlyArray<string> =>
    listOf(value).map((pattern) => `(?:${pattern as string}).*`);
  const entries = Object.entries(rule as Readonly<Record<string, Json>>);
  return { match: Object.fromEntries(entries.map(([key, value]) => [key, patterns(value)])) };
};

const rulesOf = (rules: Rules, verdict: Rule['verdict']): ReadonlyArray<Rule> =>
  Object.entries(rules).flatMap(([handler, byType]) => {
    const trigger = triggers[handler];
    const rule = byType['module'];
    if (rule === undefined || (handler !== 'global' && trigger === undefined)) return [];
    const about: Condition = {
      match: { kind: ['module'], ...(trigger === undefined ? {} : { trigger: [trigger] }) },
    };
    return [{ id: `${verdict}-${handler}`, verdict, when: { all: [about, conditionOf(rule)] } }];
  });

/** The scenario's rules as a policy of ours, in which nothing waits and nothing is tried twice. */
export const policyOf = ({ allow, block }: Scenario): VersionedPolicy => {
  const policy: Policy = {
    rules: [...rulesOf(allow, 'allow'), ...rulesOf(block, 'deny')],
    ...{ quietWindow: 0, longestWait: 86_400, oldestTrigger: 3_153_600_000 },
    retries: { submission: 0, build: 0, backOff: 0 },
    pushes: { authoritative: 'git.receive', coverWindow: 1 },
  };
  const text = JSON.stringify(policy);
  return { version: createHash('sha256').update(text).digest('hex').slice(0, 12), text, policy };
};

/** Whether a policy lets a module be rebuilt because of a kind of trigger. */
export type Permits = (module: string, trigger: string) => boolean;

export const permits = (scenario: Scenario): Permits => {
  const judge = prepare(policyOf(scenario).policy);
  return (module, trigger) => {
    const at = module.indexOf(':');
    const [name, branch] = [module.slice(0, at), module.slice(at + 1)];
    return judge({ kind: 'module', name, branch, flow: 'module', trigger }, '').verdict === 'yes';
  };
};
