import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import type { AdoptPolicy } from '../../../domain/policy/current.ts';
import { currentPolicy, policyInForce } from '../../../domain/policy/current.ts';
import { PolicyAdopted } from '../../../domain/policy/events.ts';
import { aPolicy, allow } from './a-policy.ts';

const adopted = (version: string) => ({
  ...{ type: 'PolicyAdopted' as const, version, text: `# ${version}`, by: 'ann', why: 'trial' },
  policy: aPolicy(allow(version, { match: { kind: ['module'] } })),
});
const adopt = (version: string): AdoptPolicy => ({ ...adopted(version), type: 'AdoptPolicy' });

test('before anything was adopted no policy is in force', (t) => {
  t.is(currentPolicy([]), undefined);
});

test('the policy adopted last is in force, and names the one it replaced', (t) => {
  const { text, policy } = adopted('two');
  const inForce = currentPolicy([adopted('one'), adopted('two')]);
  t.deepEqual(inForce, { version: 'two', text, policy, replaced: 'one' });
});

test('adopting a policy is recorded with who did it and why', (t) => {
  t.deepEqual(policyInForce.decide(adopt('one'), undefined), E.right([adopted('one')]));
});

test('adopting the policy in force is recorded no second time', (t) => {
  const state = currentPolicy([adopted('one')]);
  t.deepEqual(policyInForce.decide(adopt('one'), state), E.right([]));
});

test('an earlier policy can be adopted again after another', (t) => {
  const state = currentPolicy([adopted('one'), adopted('two')]);
  t.deepEqual(policyInForce.decide(adopt('one'), state), E.right([adopted('one')]));
});

test('what is recorded of a policy is read back as it was', (t) => {
  const stored: unknown = JSON.parse(JSON.stringify(adopted('one')));
  t.deepEqual(PolicyAdopted.decode(stored), E.right(adopted('one')));
});
