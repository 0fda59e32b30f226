import { readFileSync, readdirSync } from 'node:fs';
import test from 'ava';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import type { Subject } from '../../domain/policy/judge.ts';
import { matchKeys, prepare } from '../../domain/policy/judge.ts';
import { Policy } from '../../domain/policy/policy.ts';
import { readPolicyFile } from '../../main/policy/read-policy-file.ts';

const read = (text: string) => readPolicyFile('policy.yaml', text);
const faultsOf = (text: string): ReadonlyArray<string> => {
  const result = read(text);
  if (E.isRight(result)) return [];
  return result.left.map((fault) => `${fault.line}:${fault.column} ${fault.path} ${fault.message}`);
};
const policyOf = (text: string): Policy => {
  const result = read(text);
  if (E.isLeft(result)) throw new Error(result.left.map((fault) => fault.message).join('\n'));
  return result.right.policy;
};
const whenOf = (allowed: string) =>
  policyOf(`rules:\n  - { id: a, allow: ${allowed} }`).rules[0]?.when;

test('a policy needs no more than its rules, the rest has defaults', (t) => {
  t.deepEqual(policyOf('rules: []'), {
    rules: [],
    quietWindow: 60,
    longestWait: 21_600,
    oldestTrigger: 604_800,
    retries: { submission: 5, build: 1, backOff: 60 },
    pushes: { authoritative: 'git.receive', coverWindow: 60 },
  });
});

test('the version of a policy is the beginning of the SHA-256 of its text', (t) => {
  const result = read('rules: []\n');
  t.is(E.isRight(result) ? result.right.version : '', 'e0dfa70eb69d');
});

test('times are written with their unit and kept as seconds', (t) => {
  const text = (time: string) => policyOf(`rules: []\nlongestWait: 9w\nquietWindow: ${time}`);
  const lengths = ['0s', '90s', '10m', '2h', '7d', '1w'].map((time) => text(time).quietWindow);
  t.deepEqual(lengths, [0, 90, 600, 7200, 604_800, 604_800]);
});

test('one pattern may stand where a list is allowed, and numbers are read as they are written', (t) => {
  t.deepEqual(whenOf('{ name: nodejs, branch: [1.10, 20] }'), {
    match: { name: ['nodejs'], branch: ['1.10', '20'] },
  });
});

for (const [written, kept] of [
  ['2027-01-04', '2027-01-04T00:00:00.000Z'],
  ['2027-01-04T08:00Z', '2027-01-04T08:00:00.000Z'],
  ['2027-01-04T08:00:30+01:00', '2027-01-04T07:00:30.000Z'],
] as const) {
  test(`a later until ${written} is kept as ${kept}`, (t) => {
    const [rule] = policyOf(`rules: [{ id: a, later: { name: b }, until: '${written}' }]`).rules;
    t.deepEqual([rule?.verdict, rule?.until], ['later', kept]);
  });
}

test('conditions beside each other in one map must all hold', (t) => {
  t.deepEqual(whenOf('{ any: [{ name: a }, { name: b }], kind: module }'), {
    all: [
      { match: { kind: ['module'] } },
      { any: [{ match: { name: ['a'] } }, { match: { name: ['b'] } }] },
    ],
  });
});

const faults: ReadonlyArray<readonly [string, string, RegExp]> = [
  ['an empty file', '', /^1:1 {2}is empty; write the keys rules/u],
  ['a file without rules', 'quietWindow: 1s', /^1:1 rules is missing/u],
  [
    'a misspelt key',
    'rules: []\nquietwindow: 1s',
    /^2:1 quietwindow .*did you mean quietWindow\?/u,
  ],
  [
    'a key below that nobody knows',
    'rules: []\nretries:\n  backof: 1s',
    /^3:3 retries.backof .*backOff/u,
  ],
  ['a key twice', 'rules: []\nrules: []', /^2:1 .*twice/u],
  ['a tab', 'rules:\n\t- x', /^2:1 .*tab/u],
  ['an open bracket', 'rules: [\nquietWindow: 1s', /is not YAML/u],
  ['two documents', 'rules: []\n---\nrules: []', /one document/u],
  ['an alias', 'rules: []\nretries: &r {}\npushes: *r', /^3:9 .*write that text out/u],
  [
    'a backslash in double quotes',
    'rules:\n  - { id: a, allow: { name: "\\d" } }',
    /^2:.*single quotes/u,
  ],
  ['nesting without end', `rules: ${'['.repeat(50_000)}`, /nests deeper than 64/u],
  ['a file of 65 KiB', `rules: []\n#${'x'.repeat(65 * 1024)}`, /at most 65536/u],
  ['rules that are no list', 'rules: none', /^1:8 rules is "none"/u],
  ['a rule that is no map', 'rules:\n  - deny everything', /^2:5 rules\[0\]/u],
  ['a rule without an id', 'rules:\n  - allow: { name: a }', /^2:5 rules\[0\].id is missing/u],
  ['an id with a blank', 'rules:\n  - { id: a b, allow: { name: a } }', /^2:11 .*letters, digits/u],
  ['a rule without a verdict', 'rules:\n  - { id: a }', /neither allow: nor deny: nor later:/u],
  [
    'a later that does not say until when',
    'rules:\n  - { id: a, later: { name: b } }',
    /rules\[0\].until is missing; write a date/u,
  ],
  [
    'a later until a day there is not',
    'rules:\n  - { id: a, later: { name: b }, until: 2027-02-30 }',
    /until is "2027-02-30"; write a date/u,
  ],
  [
    'a later until a time without its zone',
    'rules:\n  - { id: a, later: { name: b }, until: 2027-02-03T10:00 }',
    /until is "2027-02-03T10:00"; write a date/u,
  ],
  [
    'an until beside allow',
    'rules:\n  - { id: a, allow: { name: b }, until: 2027-02-03 }',
    /until belongs to later:/u,
  ],
  [
    'a later beside an allow',
    'rules:\n  - { id: a, allow: { name: b }, later: { name: b }, until: 2027-02-03 }',
    /stands beside allow:/u,
  ],
  [
    'a rule that allows and denies',
    'rules:\n  - { id: a, allow: { name: a }, deny: { name: b } }',
    /^2:.*two rules/u,
  ],
  [
    'an id used twice',
    'rules:\n  - { id: a, allow: { name: a } }\n  - { id: a, allow: { name: b } }',
    /^3:11 .*line 2/u,
  ],
  ['a match of nothing', 'rules:\n  - { id: a, allow: {} }', /^2:21 .*names nothing to match/u],
  [
    'a list without any or all',
    'rules:\n  - { id: a, allow: [{ name: b }] }',
    /is a list; .*any:/u,
  ],
  ['any of nothing', 'rules:\n  - { id: a, allow: { any: [] } }', /^2:28 .*at least one/u],
  ['all of nothing', 'rules:\n  - { id: a, allow: { all: [] } }', /^2:28 .*at least one/u],
  ['a list of no patterns', 'rules:\n  - { id: a, allow: { name: [] } }', /empty list/u],
  ['an empty pattern', "rules:\n  - { id: a, allow: { name: '' } }", /write \.\* for anything/u],
  ['a broken pattern', "rules:\n  - { id: a, allow: { name: '(' } }", /^2:29 .*not a regular/u],
  ['a slow pattern', "rules:\n  - { id: a, allow: { name: '(a+)+' } }", /take for ever/u],
  ['a kind there is not', 'rules:\n  - { id: a, deny: { kind: modul } }', /did you mean module\?/u],
  ['a time without a unit', 'rules: []\nquietWindow: 60', /^2:14 quietWindow is "60"; .*unit/u],
  ['a time of a thousand years', 'rules: []\noldestTrigger: 365000d', /at most 36500d/u],
  ['a negative count', 'rules: []\nretries: { build: -1 }', /^2:19 .*from 0 to 100/u],
  ['an unknown publisher', 'rules: []\npushes: { authoritative: github }', /pagure\.git\.receive/u],
  ['a longest wait below the window', 'rules: []\nlongestWait: 1s', /^2:14 .*quietWindow \(60s\)/u],
];

for (const [what, text, fault] of faults) {
  test(`${what} is one fault, told with its place and what to do`, (t) => {
    const told = faultsOf(text);
    t.is(told.length, 1, told.join('\n'));
    t.regex(told[0] ?? '', fault);
  });
}

test('all faults of a file are told at once, in the order of its lines', (t) => {
  const text = 'rules:\n  - { id: a b, alow: {} }\nquietWindow: soon\npushes: { coverWindow: 1 }\n';
  const places = faultsOf(text).map((fault) => fault.split(' ')[0]);
  t.deepEqual(places, ['2:5', '2:11', '2:16', '3:14', '4:24']);
});

test('a fault names its line, however many lines stand before it', (t) => {
  const broken = fc.constantFrom(
    ...['quietWindow: x', 'nonsense: 1', 'retries: 3', 'pushes: { coverWindow: x }'],
  );
  fc.assert(
    fc.property(fc.nat({ max: 40 }), fc.constantFrom('\n', '\r\n'), broken, (lines, end, line) => {
      const text = [...Array.from({ length: lines }, () => '# ünicode 😀'), 'rules: []', line].join(
        end,
      );
      const result = read(text);
      t.deepEqual(E.isLeft(result) ? result.left.map((fault) => fault.line) : [], [lines + 2]);
    }),
  );
});

test('whatever the text, it is read or its faults are told, each on a line of the file', (t) => {
  const piece = fc.constantFrom(
    ...[
      'rules:',
      '\n',
      '  ',
      '- ',
      'id: a',
      ', ',
      '{',
      '}',
      '[',
      ']',
      'allow: ',
      'any: ',
      'name: x',
    ],
    ...['"', "'", '&a ', '*a', '!!map ', '? ', ': ', '|', '%', '\t', '\u0000', '---', '# ', '<<: '],
  );
  const text = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(text, (written) => {
      const result = read(written);
      const lines = written.split('\n').length;
      const places = E.isLeft(result) ? result.left.map(({ line }) => line) : [1];
      t.true(places.length > 0 && places.every((line) => line >= 1 && line <= lines));
    }),
    { numRuns: 500 },
  );
});

const word = fc.constantFrom('a', 'b', 'c');
const subject: fc.Arbitrary<Subject> = fc.record({
  ...{ kind: fc.constant('module'), name: word, branch: word },
  ...{ flow: fc.constant('module'), trigger: fc.constant('GitRPMSpecChangeEvent') },
});
const entries = fc
  .record({ kind: fc.constant('module'), name: word, branch: word, flow: fc.constant('module') })
  .map((match) => Object.entries({ ...match, any: [{ name: 'a' }, { branch: 'b' }] }))
  .chain((all) => fc.subarray(all, { minLength: 1 }))
  .chain((some) =>
    fc.tuple(fc.constant(some), fc.shuffledSubarray(some, { minLength: some.length })),
  );

test('the order in which a rule writes its keys changes no verdict', (t) => {
  const judge = (keys: ReadonlyArray<readonly [string, unknown]>) => {
    const rule = { id: 'a', allow: Object.fromEntries(keys) as unknown };
    return prepare(policyOf(JSON.stringify({ rules: [rule] })));
  };
  fc.assert(
    fc.property(entries, subject, ([one, other], asked) => {
      t.deepEqual(judge(one)(asked, ''), judge(other)(asked, ''));
    }),
  );
});

for (const name of readdirSync('ops/policies')) {
  test(`${name}, which comes with the project, is sound`, (t) => {
    t.deepEqual(faultsOf(readFileSync(`ops/policies/${name}`, 'utf8')), []);
  });
}

test('the rules shown as examples in the example policy are sound once uncommented', (t) => {
  const text = readFileSync('ops/policies/example.yaml', 'utf8').replace('rules: []\n', '');
  const rules = text.replaceAll(/^# (rules:| {2}[- ] .*)$/gmu, '$1').split('# How long')[0] ?? '';
  const start = rules.indexOf('\nrules:');
  t.is(policyOf(rules.slice(start)).rules.length, 5);
});

test('every way of matching that a policy file offers is kept as a policy the log can hold', (t) => {
  const match = Object.fromEntries(matchKeys.map((key) => [key, '.*']));
  const policy = policyOf(JSON.stringify({ rules: [{ id: 'a', deny: match }] }));
  t.deepEqual(Policy.decode(JSON.parse(JSON.stringify(policy))), E.right(policy));
});
