import test from 'ava';
import fc from 'fast-check';
import type { Subject } from '../../../domain/policy/judge.ts';
import { matchKeys, prepare } from '../../../domain/policy/judge.ts';
import type { Condition, Match, Rule } from '../../../domain/policy/policy.ts';
import { aPolicy, aSubject, allow, deny } from './a-policy.ts';

const anything: Condition = { match: { name: ['.*'] } };
const now = '2026-11-22T12:00:00.000Z';
const judge = (...rules: ReadonlyArray<Rule>) => {
  const prepared = prepare(aPolicy(...rules));
  return (subject: Subject) => prepared(subject, now);
};
const verdictOf = (when: Condition, subject: Partial<Subject> = {}) =>
  judge(allow('only', when))(aSubject(subject)).verdict;

test('a policy without rules allows nothing, and no rule is cited', (t) => {
  t.deepEqual(judge()(aSubject()), { verdict: 'no', code: 'not-allowed', rule: null });
});

test('a rule that allows is cited by its id', (t) => {
  const judgement = judge(allow('all', anything))(aSubject());
  t.deepEqual(judgement, { verdict: 'yes', code: 'allowed', rule: 'all' });
});

test('the first rule that allows is the one cited', (t) => {
  const other = allow('other', { match: { name: ['perl'] } });
  t.is(judge(other, allow('one', anything), allow('two', anything))(aSubject()).rule, 'one');
});

test('a deny wins over every allow, wherever it stands', (t) => {
  const denied = { verdict: 'no', code: 'denied-by-rule', rule: 'never' } as const;
  const never = deny('never', { match: { branch: ['20'] } });
  t.deepEqual(judge(allow('all', anything), never)(aSubject()), denied);
  t.deepEqual(judge(never, allow('all', anything))(aSubject()), denied);
});

test('a deny that does not match leaves an allowed candidate allowed', (t) => {
  const never = deny('never', { match: { branch: ['18'] } });
  t.is(judge(never, allow('all', anything))(aSubject()).verdict, 'yes');
});

test('a pattern must match the whole value', (t) => {
  t.is(verdictOf({ match: { name: ['node'] } }), 'no');
  t.is(verdictOf({ match: { name: ['js'] } }), 'no');
  t.is(verdictOf({ match: { name: ['node.*'] } }), 'yes');
  t.is(verdictOf({ match: { name: ['node|perl'] } }), 'no');
  t.is(verdictOf({ match: { name: ['nodejs$'] } }, { name: 'nodejs\n' }), 'no');
});

test('a pattern minds upper and lower case', (t) => {
  t.is(verdictOf({ match: { name: ['NodeJS'] } }), 'no');
});

test('of a list of patterns any may match', (t) => {
  t.is(verdictOf({ match: { name: ['perl', 'nodejs'] } }), 'yes');
  t.is(verdictOf({ match: { name: ['perl', 'ruby'] } }), 'no');
});

for (const key of matchKeys) {
  test(`a rule that names a ${key} asks for it beside everything else it names`, (t) => {
    const match: Match = { ...Object.fromEntries(matchKeys.map((each) => [each, ['.*']])) };
    t.is(verdictOf({ match }), 'yes');
    t.is(verdictOf({ match: { ...match, [key]: ['something else'] } }), 'no');
  });
}

test('any asks for one of its conditions, all for each of them', (t) => {
  const node: Condition = { match: { name: ['nodejs'] } };
  const ruby: Condition = { match: { name: ['ruby'] } };
  const twenty: Condition = { match: { branch: ['20'] } };
  t.is(verdictOf({ any: [ruby, node] }), 'yes');
  t.is(verdictOf({ any: [ruby] }), 'no');
  t.is(verdictOf({ all: [node, twenty] }), 'yes');
  t.is(verdictOf({ all: [ruby, twenty] }), 'no');
  t.is(verdictOf({ all: [{ any: [ruby, node] }, twenty] }), 'yes');
});

test('a condition that says nothing matches nothing', (t) => {
  t.is(verdictOf({ match: {} }), 'no');
  t.is(verdictOf({ any: [] }), 'no');
  t.is(verdictOf({ all: [] }), 'no');
});

test('a policy that holds no regular expression is a bug, found before anything is judged', (t) => {
  t.throws(() => judge(allow('broken', { match: { name: ['('] } })));
});

const words = ['a', 'b', 'c'] as const;
const word = fc.constantFrom(...words);
const subject: fc.Arbitrary<Subject> = fc.record({
  ...{ kind: word, name: word, branch: word, flow: word, trigger: word },
});
const match: fc.Arbitrary<Match> = fc.record(
  {
    ...{ kind: fc.array(word), name: fc.array(word), branch: fc.array(word) },
    ...{ flow: fc.array(word), trigger: fc.array(word) },
  },
  { requiredKeys: [] },
);
const condition: fc.Arbitrary<Condition> = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3 },
    fc.record({ match }),
    fc.record({ any: fc.array(tie('condition'), { maxLength: 3 }) }),
    fc.record({ all: fc.array(tie('condition'), { maxLength: 3 }) }),
  ),
})).condition;
const verdict = fc.constantFrom('allow' as const, 'deny' as const);
const rules = fc
  .array(fc.record({ verdict, when: condition }), { maxLength: 5 })
  .map((list) => list.map((rule, index): Rule => ({ id: `rule-${index}`, ...rule })));

const holds = (asked: Subject, when: Condition): boolean => {
  if ('any' in when) return when.any.some((each) => holds(asked, each));
  if ('all' in when) return when.all.length > 0 && when.all.every((each) => holds(asked, each));
  const keys = matchKeys.filter((key) => when.match[key] !== undefined);
  return keys.length > 0 && keys.every((key) => when.match[key]?.includes(asked[key]));
};

test('for patterns without special characters the verdict is that of plain comparison', (t) => {
  fc.assert(
    fc.property(rules, subject, (list, asked) => {
      const spoken = list.filter((rule) => holds(asked, rule.when));
      const denial = spoken.find((rule) => rule.verdict === 'deny');
      const judgement = judge(...list)(asked);
      t.is(judgement.rule, (denial ?? spoken[0])?.id ?? null);
      t.is(judgement.verdict === 'yes', denial === undefined && spoken.length > 0);
    }),
  );
});

test('shuffling the rules never turns a no into a yes, nor a yes into a no', (t) => {
  const shuffled = rules.chain((list) =>
    fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
  );
  fc.assert(
    fc.property(shuffled, subject, ([list, other], asked) => {
      t.is(judge(...list)(asked).verdict, judge(...other)(asked).verdict);
    }),
  );
});
