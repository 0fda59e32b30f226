import test from 'ava';
import fc from 'fast-check';
import { canonicalJson } from '../../ingest/fedmsg/canonical-json.ts';

const none: ReadonlySet<string> = new Set();

/** What Python 3.11 answers to json.dumps(json.loads(text), sort_keys=True, separators=(',', ':')). */
const byPython: ReadonlyArray<readonly [why: string, text: string, written: string]> = [
  ['spaces are gone', ' { "a" : [ 1 , 2 ] , "b" : { } } ', '{"a":[1,2],"b":{}}'],
  ['keys are in order, at every depth', '{"b":{"z":1,"a":2},"B":3}', '{"B":3,"b":{"a":2,"z":1}}'],
  ['of members of one name the last counts', '{"a":1,"b":2,"a":3}', '{"a":3,"b":2}'],
  ['a text is ASCII', '"José 😀\u007f\u2028"', '"Jos\\u00e9 \\ud83d\\ude00\\u007f\\u2028"'],
  ['a slash is no more than itself', '"\\/ / \\u002f"', '"/ / /"'],
  ['short escapes stay short', '"\\b\\f\\n\\r\\t\\u000a\\u0000"', '"\\b\\f\\n\\r\\t\\n\\u0000"'],
  ['half a pair stays half', '"\\ud83d"', '"\\ud83d"'],
  ['halves are joined in order of characters', '{"\\ud83d\\ude00":1,"\\uffee":2}', '{"\\uffee":2,"\\ud83d\\ude00":1}'], // prettier-ignore
  ['a long number keeps its digits', '[12345678901234567890]', '[12345678901234567890]'],
  ['a number stays as it was written', '[1.0,-0.0,1e-07,1e+22]', '[1.0,-0.0,1e-07,1e+22]'],
  ['words are words', '[true,false,null]', '[true,false,null]'],
  ['a shorter key comes first', '{"ab":1,"a":2,"":3}', '{"":3,"a":2,"ab":1}'],
];

for (const [why, text, written] of byPython) {
  test(`JSON is signed as Python writes it: ${why}`, (t) => {
    t.is(canonicalJson(text, none), written);
  });
}

test('members are left out where they are outermost, and there alone', (t) => {
  const text = '{"signature":"s","msg":{"signature":"t"},"certificate":"c"}';
  const left = new Set(['signature', 'certificate']);
  t.is(canonicalJson(text, left), '{"msg":{"signature":"t"}}');
});

test('what is written says the same, in ASCII, whatever the dress it came in', (t) => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), fc.nat(3), (value, indent) => {
      const written = canonicalJson(JSON.stringify(value, null, indent), none);
      t.deepEqual(JSON.parse(written), JSON.parse(JSON.stringify(value)));
      t.regex(written, /^[ -~]*$/);
      t.is(canonicalJson(written, none), written);
    }),
    { numRuns: 500 },
  );
});

test('a text of many megabytes is written', (t) => {
  const value = { a: 'x\\"'.repeat(2_000_000), b: 'y'.repeat(2_000_000) };
  const text = JSON.stringify(value);
  t.true(canonicalJson(text, none) === text);
});
