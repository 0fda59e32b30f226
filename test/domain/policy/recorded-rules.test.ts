import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import test from 'ava';
import { prepare } from '../../../domain/policy/judge.ts';
import type { Condition, Rule } from '../../../domain/policy/policy.ts';
import { aPolicy, aSubject } from './a-policy.ts';

type Section = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
type Vector = {
  readonly name: string;
  readonly allow: Section;
  readonly block: Section;
  readonly handler: string;
  readonly type: string;
  readonly criteria: Readonly<Record<string, unknown>>;
  readonly allowed: boolean | string;
};

const folder = process.env['FRESHMAKER_CONTRACT'] ?? '../shared/contract';
const file = resolve(folder, 'pure-vectors.json');

const isText = (value: unknown): value is string => typeof value === 'string';

/** Patterns as we write them: the original matched from the start only, so anything may follow. */
const patternsOf = (value: unknown): ReadonlyArray<string> | undefined => {
  const list: ReadonlyArray<unknown> = Array.isArray(value) ? value : [value];
  return list.length > 0 && list.every(isText) ? list.map((text) => `(?:${text}).*`) : undefined;
};

const listOf = (rules: ReadonlyArray<unknown>, asked: Vector['criteria']) => {
  const conditions = rules.map((rule) => conditionOf(rule, asked));
  return conditions.includes(undefined) ? undefined : (conditions as ReadonlyArray<Condition>);
};

/** Undefined where the rule leans on something of which we say otherwise on purpose. */
const conditionOf = (rule: unknown, asked: Vector['criteria']): Condition | undefined => {
  if (Array.isArray(rule)) {
    const [word, rules] = rule as ReadonlyArray<unknown>;
    const list = Array.isArray(rules) ? listOf(rules, asked) : undefined;
    if (list === undefined) return undefined;
    return word === 'any' ? { any: list } : { all: list };
  }
  const entries = Object.entries(rule as object).map(([key, value]) => {
    const isShared = (key === 'name' || key === 'branch') && isText(asked[key]);
    return [key, isShared ? patternsOf(value) : undefined] as const;
  });
  const isShared = entries.length > 0 && entries.every(([, patterns]) => patterns !== undefined);
  return isShared ? { match: Object.fromEntries(entries) } : undefined;
};

const rulesOf = (vector: Vector, verdict: Rule['verdict']): ReadonlyArray<Rule> | undefined => {
  const section = verdict === 'allow' ? vector.allow : vector.block;
  const given = ['global', vector.handler].flatMap((key) => {
    const rule = section[key]?.[vector.type];
    return rule === undefined || (Array.isArray(rule) && rule.length === 0) ? [] : [rule];
  });
  const conditions = listOf(given, vector.criteria);
  return conditions?.map((when, index) => {
    const kind: Condition = { match: { kind: [vector.type] } };
    return { id: `${verdict}-${index}`, verdict, when: { all: [kind, when] } };
  });
};

const moved = (vector: Vector): ReadonlyArray<Rule> | undefined => {
  const allowed = rulesOf(vector, 'allow');
  const blocked = rulesOf(vector, 'deny');
  if (typeof vector.allowed !== 'boolean') return undefined;
  return allowed === undefined || blocked === undefined ? undefined : [...allowed, ...blocked];
};

if (existsSync(file)) {
  const recorded = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly allow_rules?: ReadonlyArray<Vector>;
  };
  for (const vector of recorded.allow_rules ?? []) {
    const rules = moved(vector);
    if (rules === undefined) continue;
    test(`the original's rule "${vector.name}" gives the verdict it gave, with .* appended`, (t) => {
      const { name, branch } = vector.criteria;
      const parts = {
        kind: vector.type,
        ...(isText(name) && { name }),
        ...(isText(branch) && { branch }),
      };
      const { verdict } = prepare(aPolicy(...rules))(aSubject(parts), '');
      t.is(verdict, vector.allowed === true ? 'yes' : 'no');
    });
  }
  test('there are recorded rules of names and branches that can be moved over', (t) => {
    const movable = (recorded.allow_rules ?? []).filter((vector) => moved(vector) !== undefined);
    t.true(movable.length > 0, `none of ${file} could be moved over`);
  });
} else {
  test.skip(`the original's rules are not compared: there is no ${file}`, () => undefined);
}
