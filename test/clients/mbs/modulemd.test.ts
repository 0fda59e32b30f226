import test from 'ava';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { readModulemd } from '../../../clients/mbs/modulemd.ts';
import { modulemd } from './server.ts';

const componentsOf = (rpms: string): ReadonlyArray<string> | string => {
  const read = readModulemd(modulemd(rpms));
  if (E.isLeft(read)) return read.left;
  return read.right.components.map((rpm) => `${rpm.package}@${rpm.ref}`);
};

test('a component without a ref is built from master', (t) => {
  t.deepEqual(componentsOf('      flour: {rationale: bread}\n'), ['flour@master']);
  t.deepEqual(componentsOf('      flour:\n        ref:\n'), ['flour@master']);
});

test('refs that look like numbers stay as they were written', (t) => {
  t.deepEqual(componentsOf('      a: {ref: 1.10}\n      b: {ref: 010}\n      c: {ref: 2e3}\n'), [
    'a@1.10',
    'b@010',
    'c@2e3',
  ]);
});

test('a component is the package of its name, else of its repository, else of its key', (t) => {
  const rpms = [
    '      early: {name: flour, repository: "https://src.example.org/rpms/other", ref: x}',
    '      cake: {repository: "https://src.example.org/rpms/sponge.git/", ref: x}',
    '      salt: {repository: "", name: "", ref: x}',
  ].join('\n');
  t.deepEqual(componentsOf(`${rpms}\n`), ['flour@x', 'salt@x', 'sponge@x']);
});

test('build requirements come from xmd, else from the dependencies of a version 1 document', (t) => {
  const read = (data: string) =>
    E.getOrElseW(() => undefined)(readModulemd(`version: 1\ndata:\n${data}`))?.buildRequires;
  const both =
    '  dependencies: {buildrequires: {platform: f28}}\n' +
    '  xmd: {mbs: {buildrequires: {platform: {stream: f27}, perl: {stream: "5.26"}}}}\n';
  t.deepEqual(read(both), ['platform:f27', 'perl:5.26']);
  t.deepEqual(read('  dependencies: {buildrequires: {platform: f28}}\n'), ['platform:f28']);
  t.deepEqual(read('  dependencies: [{buildrequires: {platform: [f28]}}]\n'), []);
});

test('a module without components holds none', (t) => {
  t.deepEqual(componentsOf(''), []);
});

test('what is no modulemd document is named as such', (t) => {
  for (const text of ['', 'full modulemd text goes here...', '[1, 2]', 'data: nothing', 'a: [b']) {
    t.true(E.isLeft(readModulemd(text)), text);
  }
});

test('documents made to exhaust the reader are refused', (t) => {
  const bomb = Array.from({ length: 30 }, (_, index) => {
    const before = `*a${index - 1}`;
    const item = index === 0 ? 'x' : `${before},${before},${before}`;
    return `  k${index}: &a${index} [${item}]`;
  });
  const expected: ReadonlyArray<readonly [string, RegExp]> = [
    [`data:\n${bomb.join('\n')}`, /alias/],
    [`data: ${'['.repeat(50_000)}`, /./],
    [`data: ${'x'.repeat(5_000_000)}`, /at most/],
  ];
  for (const [text, why] of expected) {
    const read = readModulemd(text);
    t.regex(E.isLeft(read) ? read.left : 'it was read', why);
    t.true(E.isLeft(read));
  }
});

test('a component named __proto__ is a component', (t) => {
  t.deepEqual(componentsOf('      __proto__: {ref: x}\n      constructor: {}\n'), [
    '__proto__@x',
    'constructor@master',
  ]);
});

test('any text at all is read or refused, and never thrown at', (t) => {
  const pieces = fc.constantFrom(
    'data:',
    '\n',
    '  ',
    '&a ',
    '*a',
    '{',
    '}',
    '[',
    '- ',
    'rpms: ',
    '!!x ',
    '"',
    '\0',
  );
  const anything = fc.oneof(
    fc.string(),
    fc.array(pieces, { maxLength: 40 }).map((p) => p.join('')),
  );
  t.notThrows(() =>
    fc.assert(
      fc.property(anything, (text) => {
        readModulemd(text);
      }),
    ),
  );
});
