import test from 'ava';
import { becauseOf, directOf, edgesOf } from '../../../domain/wave/facts-of.ts';
import { metadataChange, noticedOf, ready, specChange } from '../trigger/a-trigger.ts';

const moduleOf = (name: string, branch: string) => ({
  ...{ artifact: `module:${name}:${branch}`, kind: 'module' as const, name, branch },
});
const held = { name: 'nodejs', stream: '20', version: '5', buildId: 9, commit: 'c1' };

test('a spec change touches the modules that hold the package from that branch', (t) => {
  const evidence = { holds: 'npm@20', ...held };
  t.deepEqual(directOf(noticedOf(specChange), { holders: [held] }), [
    { ...moduleOf('nodejs', '20'), code: 'contains-changed-branch', evidence },
  ]);
});

test('a spec change that nothing was found for touches nothing', (t) => {
  t.deepEqual(directOf(noticedOf(specChange), { holders: [] }), []);
  t.deepEqual(directOf(noticedOf(specChange), {}), []);
});

test('a change of its metadata touches the module itself, and nothing need be found for that', (t) => {
  t.deepEqual(directOf(noticedOf(metadataChange), {}), [
    { ...moduleOf('npm', '20'), code: 'config-changed', evidence: { rev: 'abc' } },
  ]);
});

test('a ready module touches those that build-require it, whatever is in their streams', (t) => {
  const answer = [
    ['a:1', 'b:rolling:2'],
    ['b:rolling:2', 'c:1'],
  ];
  const evidence = { buildRequires: 'a:1', readyBuild: 77 };
  t.deepEqual(directOf(noticedOf(ready), { dependents: 1, 'dependents/0': answer }), [
    { ...moduleOf('b', 'rolling:2'), code: 'parent-changed', evidence },
  ]);
});

test('dependents recorded in parts are read as one list', (t) => {
  const [first, second] = [[['a:1', 'b:1']], [['b:1', 'c:1']]];
  const lookups = { dependents: 2, 'dependents/0': first, 'dependents/1': second };
  t.deepEqual(edgesOf(lookups), [
    { on: 'module:a:1', dependent: 'module:b:1' },
    { on: 'module:b:1', dependent: 'module:c:1' },
  ]);
});

test('parts count only as far as the closing answer says', (t) => {
  t.deepEqual(edgesOf({ 'dependents/0': [['a:1', 'b:1']] }), []);
  const lookups = { dependents: 1, 'dependents/0': [], 'dependents/1': [['a:1', 'b:1']] };
  t.deepEqual(edgesOf(lookups), []);
});

test('people are told what happened in a few words', (t) => {
  t.is(becauseOf(noticedOf(specChange)), 'npm rpm spec update (abc)');
  t.is(becauseOf(noticedOf(metadataChange)), 'npm module metadata update (abc)');
  t.is(becauseOf(noticedOf(ready)), 'a update');
});
