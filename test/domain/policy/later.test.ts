import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import { decode } from '../../../domain/codec.ts';
import { prepare } from '../../../domain/policy/judge.ts';
import { flowOf } from '../../../domain/policy/flow-of.ts';
import type { Condition, Rule } from '../../../domain/policy/policy.ts';
import { Policy } from '../../../domain/policy/policy.ts';
import { TriggerReading } from '../../../domain/trigger/reading.ts';
import { vocabulary } from '../../../domain/policy/vocabulary.ts';
import { policyInWords } from '../../../main/policy/in-words.ts';
import { aPolicy, allow, aSubject, deny, later } from './a-policy.ts';

const anything: Condition = { match: { name: ['.*'] } };
const [noon, one, two] = ['12', '13', '14'].map((hour) => `2026-11-22T${hour}:00:00.000Z`) as [
  string,
  string,
  string,
];
const at = (now: string, ...rules: ReadonlyArray<Rule>) =>
  prepare(aPolicy(...rules))(aSubject(), now);

test('what a later matches is put off until its time, though it is allowed', (t) => {
  const rules = [allow('all', anything), later('freeze', anything, one)];
  const deferred = { verdict: 'later', code: 'deferred-by-rule', rule: 'freeze', until: one };
  t.like(at(noon, ...rules), deferred);
  t.is(at(one, ...rules).verdict, 'yes');
});

test('a later that is over allows nothing by itself', (t) => {
  t.is(at(two, later('freeze', anything, one)).code, 'not-allowed');
});

test('a deny wins over a later', (t) => {
  t.is(at(noon, later('freeze', anything, one), deny('never', anything)).rule, 'never');
});

test('of several laters the one that lasts longest is cited', (t) => {
  const rules = [later('short', anything, one), later('long', anything, two)];
  t.is(at(noon, ...rules).rule, 'long');
  t.is(at(noon, ...[...rules].reverse()).rule, 'long');
});

test('a later leaves alone what it does not match', (t) => {
  const freeze = later('freeze', { match: { kind: ['image'] } }, one);
  t.is(at(noon, allow('all', anything), freeze).verdict, 'yes');
});

test('a policy recorded before there were laters is read as it was', (t) => {
  const before = aPolicy(allow('all', anything));
  t.deepEqual(decode(Policy)(before), E.right(before));
  const now = aPolicy(later('freeze', anything, one));
  t.deepEqual(decode(Policy)(now), E.right(now));
});

test('every kind of trigger belongs to a flow that rules may name', (t) => {
  const kinds = TriggerReading.types.map(({ name }) => name);
  t.deepEqual(
    kinds.filter((kind) => !vocabulary.flow?.includes(flowOf(kind))),
    [],
  );
  t.deepEqual(
    kinds
      .map(flowOf)
      .filter((flow) => flow !== 'module')
      .sort(),
    ['container-fast', 'container-push', 'container-slow'],
  );
});

test('a policy in words says until when something is put off', (t) => {
  const policy = aPolicy(later('freeze', { match: { kind: ['image'] } }, one));
  const words = policyInWords({ version: 'v', text: '', policy });
  t.true(words.includes('  later  freeze: kind image until 2026-11-22T13:00Z\n'), words);
  t.true(words.includes('a later over every allow until its time has come'), words);
});
