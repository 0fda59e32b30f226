import test from 'ava';
import fc from 'fast-check';
import type { Decision } from '../../../domain/trigger/decision.ts';
import type { Direct, Edge, WaveFacts } from '../../../domain/wave/facts.ts';
import { planWave } from '../../../domain/wave/plan.ts';
import { artifactParts } from '../../../domain/stream-names.ts';
import { directOf } from '../../../domain/wave/facts-of.ts';
import { noticedOf, ready } from '../trigger/a-trigger.ts';

const idOf = (key: string): string => `module:${key}`;
const direct = (key: string): Direct => {
  const artifact = idOf(key);
  return {
    artifact,
    ...artifactParts(artifact),
    code: 'contains-changed-branch',
    evidence: { holds: 'bash@f28' },
  };
};
/** `b:1<a:1` reads: b:1 build-requires a:1. */
const edges = (...lines: ReadonlyArray<string>): ReadonlyArray<Edge> =>
  lines.map((line) => {
    const [dependent = '', on = ''] = line.split('<');
    return { on: idOf(on), dependent: idOf(dependent) };
  });

const facts = (
  roots: ReadonlyArray<string>,
  below: ReadonlyArray<Edge>,
  denied: ReadonlyArray<string> = [],
): WaveFacts => ({
  direct: roots.map(direct),
  edges: below,
  trigger: 'GitRPMSpecChangeEvent',
  policyVersion: 'p1',
  judge: ({ name }) =>
    denied.includes(name)
      ? { verdict: 'no', code: 'denied-by-rule', rule: 'never' }
      : { verdict: 'yes', code: 'allowed', rule: 'all' },
});

const short = ({ name, branch, verdict, code, waitsFor }: Decision) => [
  `${name}:${branch}`,
  verdict,
  code,
  waitsFor.map((id) => id.replace('module:', '')),
];
const plan = (...args: Parameters<typeof facts>) => planWave(facts(...args)).map(short);
const yes = (key: string, ...waitsFor: ReadonlyArray<string>) => [
  ...[key, 'yes', waitsFor.length > 0 ? 'dependency-of-affected' : 'contains-changed-branch'],
  waitsFor,
];

test('nothing affected, nothing to decide', (t) => {
  t.deepEqual(plan([], edges('b:1<a:1')), []);
});

test('a decision cites rule, policy version and evidence, and how deep it lies', (t) => {
  t.deepEqual(planWave(facts(['a:1'], edges('b:2<a:1'))), [
    {
      ...{ artifact: 'module:a:1', kind: 'module', name: 'a', branch: '1', verdict: 'yes' },
      ...{ code: 'contains-changed-branch', rule: 'all', policyVersion: 'p1' },
      ...{ evidence: { holds: 'bash@f28' }, reason: 'directly_affected', waitsFor: [], depth: 0 },
    },
    {
      ...{ artifact: 'module:b:2', kind: 'module', name: 'b', branch: '2', verdict: 'yes' },
      ...{ code: 'dependency-of-affected', rule: 'all', policyVersion: 'p1' },
      ...{ evidence: { buildRequires: ['a:1'] }, reason: 'dependency' },
      ...{ waitsFor: ['module:a:1'], depth: 1 },
    },
  ]);
});

test('a diamond is built once, and its bottom waits for both sides', (t) => {
  t.deepEqual(plan(['a:1'], edges('d:1<c:1', 'd:1<b:1', 'c:1<a:1', 'b:1<a:1')), [
    yes('a:1'),
    yes('b:1', 'a:1'),
    yes('c:1', 'a:1'),
    yes('d:1', 'b:1', 'c:1'),
  ]);
});

test('parents come before children, also where a shorter way leads to the child', (t) => {
  t.deepEqual(plan(['a:1'], edges('d:1<a:1', 'b:1<a:1', 'c:1<b:1', 'd:1<c:1')), [
    yes('a:1'),
    yes('b:1', 'a:1'),
    yes('c:1', 'b:1'),
    yes('d:1', 'a:1', 'c:1'),
  ]);
});

test('streams of one module are told apart', (t) => {
  t.deepEqual(plan(['a:1'], edges('a:2<a:1', 'b:1<a:2')), [
    yes('a:1'),
    yes('a:2', 'a:1'),
    yes('b:1', 'a:2'),
  ]);
});

test('an edge told twice is waited for once', (t) => {
  t.deepEqual(plan(['a:1'], edges('b:1<a:1', 'b:1<a:1')), [yes('a:1'), yes('b:1', 'a:1')]);
});

test('what is affected itself and depends on another such waits for it', (t) => {
  t.deepEqual(plan(['a:1', 'b:1'], edges('b:1<a:1')), [
    yes('a:1'),
    ['b:1', 'yes', 'contains-changed-branch', ['a:1']],
  ]);
});

test('a parent outside the wave is not waited for', (t) => {
  t.deepEqual(plan(['a:1'], edges('b:1<a:1', 'b:1<z:1')), [yes('a:1'), yes('b:1', 'a:1')]);
});

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];
for (let length = 1; length <= names.length; length += 1) {
  test(`a cycle of ${length} is built once each, in its order`, (t) => {
    const keys = names.slice(0, length).map((name) => `${name}:1`);
    const cycle = edges(...keys.map((key, i) => `${keys[(i + 1) % length] ?? ''}<${key}`));
    const [first = '', ...others] = keys;
    t.deepEqual(plan([first], cycle), [
      yes(first),
      ...others.map((key, i) => yes(key, keys[i] ?? '')),
    ]);
  });
}

test('a cycle below what is affected is built once, after it', (t) => {
  t.deepEqual(plan(['a:1'], edges('b:1<a:1', 'c:1<b:1', 'b:1<c:1')), [
    yes('a:1'),
    yes('b:1', 'a:1'),
    yes('c:1', 'b:1'),
  ]);
});

test('dependents of what policy denies are declined with it', (t) => {
  t.deepEqual(plan(['a:1'], edges('b:1<a:1', 'c:1<b:1'), ['a']), [
    ['a:1', 'no', 'denied-by-rule', []],
    ['b:1', 'no', 'dependency-declined', []],
    ['c:1', 'no', 'dependency-declined', []],
  ]);
});

test('a dependent with one parent left is built, and waits for that one only', (t) => {
  t.deepEqual(plan(['a:1', 'b:1'], edges('c:1<a:1', 'c:1<b:1'), ['a']), [
    ['a:1', 'no', 'denied-by-rule', []],
    yes('b:1'),
    yes('c:1', 'b:1'),
  ]);
});

test('what is affected itself is built though its parent is denied', (t) => {
  t.deepEqual(plan(['a:1', 'b:1'], edges('b:1<a:1'), ['a']), [
    ['a:1', 'no', 'denied-by-rule', []],
    yes('b:1'),
  ]);
});

test('a cycle all of whose ways in are denied is declined', (t) => {
  t.deepEqual(plan(['a:1'], edges('b:1<a:1', 'c:1<b:1', 'b:1<c:1'), ['a']), [
    ['a:1', 'no', 'denied-by-rule', []],
    ['b:1', 'no', 'dependency-declined', []],
    ['c:1', 'no', 'dependency-declined', []],
  ]);
});

test('a trigger that is declined as a whole declines every candidate, and says why', (t) => {
  const declined = { code: 'too-old', evidence: { oldestTrigger: 60 } };
  const decisions = planWave({ ...facts(['a:1'], edges('b:1<a:1')), declined });
  t.deepEqual(
    decisions.map(({ verdict, code, rule, evidence }) => [verdict, code, rule, evidence]),
    [
      ['no', 'too-old', null, { holds: 'bash@f28', oldestTrigger: 60 }],
      ['no', 'too-old', null, { buildRequires: ['a:1'], oldestTrigger: 60 }],
    ],
  );
});

/** The wave of a module a:1 made ready by others. */
const planReady = (...lines: ReadonlyArray<string>) => {
  const below = edges(...lines);
  const answer = below.map(({ on, dependent }) =>
    [on, dependent].map((id) => id.replace('module:', '')),
  );
  const roots = directOf(noticedOf(ready), { dependents: 1, 'dependents/0': answer });
  return planWave({ ...facts([], below), direct: roots }).map(short);
};
const changed = (key: string) => [key, 'yes', 'parent-changed', []];

test('of a module made ready by others the dependents are built, and not the module', (t) => {
  t.deepEqual(planReady('b:1<a:1', 'c:1<b:1'), [changed('b:1'), yes('c:1', 'b:1')]);
});

test('a module nobody depends on leaves nothing to decide', (t) => {
  t.deepEqual(planReady('b:1<z:1'), []);
});

test('a module made ready by others that needs its own dependents is built once, after them', (t) => {
  t.deepEqual(planReady('b:1<a:1', 'c:1<b:1', 'a:1<c:1'), [
    changed('b:1'),
    yes('c:1', 'b:1'),
    yes('a:1', 'c:1'),
  ]);
});

test('a module that build-requires itself is built once more when others made it ready', (t) => {
  t.deepEqual(planReady('a:1<a:1'), [changed('a:1')]);
});

const key = fc.constantFrom(...names).map((name) => idOf(`${name}:1`));
const anEdge = fc.record({ on: key, dependent: key });

test('whatever depends on whatever, nothing comes before what it waits for', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(fc.array(anEdge, { maxLength: 30 }), fc.subarray(names), (below, denied) => {
        const decisions = planWave(facts(['a:1', 'b:1'], below, denied));
        const order = decisions.map(({ artifact }) => artifact);
        return decisions.every(({ artifact, waitsFor }) =>
          waitsFor.every((parent) => order.slice(0, order.indexOf(artifact)).includes(parent)),
        );
      }),
    ),
  );
});
