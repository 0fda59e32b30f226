import test from 'ava';
import fc from 'fast-check';
import { faultOfPattern, wholly } from '../../../domain/policy/pattern.ts';

const sound = [
  ...['.*', 'nodejs', 'perl-[A-Z][a-z]+', '(?:a|b)c', 'f(27|28)', 'a?b?c?', 'x{2}', 'v\\d+\\.\\d+'],
  ...['[a-z(+*]+', '\\(a\\)+', '(abc)+', '(?<year>\\d{4})', '(?!kernel).*', '.*?x', 'el[789]'],
];

for (const pattern of sound) {
  test(`${pattern} is a pattern`, (t) => {
    t.is(faultOfPattern(pattern), undefined);
  });
}

const unsound: ReadonlyArray<readonly [string, RegExp]> = [
  ['', /empty/u],
  ['(', /not a regular expression/u],
  ['a)|(b', /not a regular expression/u],
  ['[z-a]', /not a regular expression/u],
  ['(a+)+', /repeats a group/u],
  ['((a+))*', /repeats a group/u],
  ['(a|b)*', /repeats a group/u],
  ['(a?){20}', /repeats a group/u],
  ['(?:(?:a+)b)+', /repeats a group/u],
  ['.*.*.*.*', /repeats 4 times/u],
];

for (const [pattern, fault] of unsound) {
  test(`${pattern === '' ? 'nothing at all' : pattern} is refused as a pattern`, (t) => {
    t.regex(faultOfPattern(pattern) ?? '', fault);
  });
}

test('a pattern may have 200 characters and no more', (t) => {
  t.is(faultOfPattern('a'.repeat(200)), undefined);
  t.regex(faultOfPattern('a'.repeat(201)) ?? '', /201 characters, at most 200/u);
});

test('whatever is accepted as a pattern compiles, and answers for a long name', (t) => {
  const piece = fc.constantFrom('a', 'b', '.', '*', '+', '?', '(', ')', '|', '[ab]', '\\', '{2,}');
  const pattern = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(pattern, (text) => {
      if (faultOfPattern(text) !== undefined) return;
      t.is(typeof wholly(text)(`${'ab'.repeat(60)}!`), 'boolean');
    }),
    { numRuns: 500 },
  );
});
