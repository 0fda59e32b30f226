import test from 'ava';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { decodeAnswer, decodeCall } from '../../../clients/koji/xml-rpc/decode.ts';
import { encodeCall } from '../../../clients/koji/xml-rpc/encode.ts';
import type { XmlRpcValue } from '../../../clients/koji/xml-rpc/value.ts';

const answer = (value: string): string =>
  `<?xml version='1.0'?>\n<methodResponse>\n<params>\n<param>\n${value}\n</param>\n</params>\n</methodResponse>\n`;
const decoded = (value: string): XmlRpcValue => {
  const outcome = decodeAnswer(answer(value));
  if (E.isRight(outcome) && outcome.right.type === 'value') return outcome.right.value;
  throw new Error(JSON.stringify(outcome));
};
const refusal = (text: string): string => {
  const outcome = decodeAnswer(text);
  if (E.isLeft(outcome)) return outcome.left;
  throw new Error('it was taken');
};

test('every type of XML-RPC and of its extensions is read as what it says', (t) => {
  t.is(decoded('<value><int>-7</int></value>'), -7);
  t.is(decoded('<value><i4>+7</i4></value>'), 7);
  t.is(decoded('<value><i8>3000000000</i8></value>'), 3_000_000_000);
  t.is(decoded('<value><i8>9007199254740993</i8></value>'), 9007199254740993n);
  t.is(decoded('<value><double>1795341904.497739</double></value>'), 1795341904.497739);
  t.is(decoded('<value><double>1e-07</double></value>'), 1e-7);
  t.is(decoded('<value><boolean>1</boolean></value>'), true);
  t.is(decoded('<value><nil/></value>'), null);
  t.is(decoded('<value><nil></nil></value>'), null);
  t.deepEqual(
    decoded('<value><base64>Zmxv\ndXI=\n</base64></value>'),
    new Uint8Array(Buffer.from('flour')),
  );
  t.deepEqual(
    decoded('<value><dateTime.iso8601>20260304T05:06:07</dateTime.iso8601></value>'),
    new Date('2026-03-04T05:06:07Z'),
  );
});

test('text is kept as it is: white space, digits, escapes, and text without a type', (t) => {
  t.is(decoded('<value><string>  007 \n</string></value>'), '  007 \n');
  t.is(decoded('<value><string>1e5</string></value>'), '1e5');
  t.is(
    decoded('<value><string>&lt;a&gt; &amp;amp; &#13;&#x1F35E;</string></value>'),
    '<a> &amp; \r🍞',
  );
  t.is(decoded('<value><string><![CDATA[<&amp;>]]></string></value>'), '<&amp;>');
  t.is(decoded('<value>bare</value>'), 'bare');
  t.is(decoded('<value></value>'), '');
  t.is(decoded('<value><string></string></value>'), '');
});

test('names of members are only names, whatever they say', (t) => {
  const names = ['__proto__', 'constructor', '__starstar', 'session-id', '12'];
  const members = names.map(
    (name) => `<member>\n<name>${name}</name>\n<value><int>1</int></value>\n</member>`,
  );
  const struct = decoded(`<value><struct>\n${members.join('\n')}\n</struct></value>`) as object;
  t.deepEqual(Object.keys(struct).sort(), [...names].sort());
  t.is(({} as { readonly int?: number }).int, undefined);
});

test('lists and structs within each other keep their order and depth', (t) => {
  const inner = '<value><array><data>\n</data></array></value>';
  t.deepEqual(
    decoded(
      `<value><array><data>${inner}<value><struct><member><name>a</name>${inner}</member></struct></value></data></array></value>`,
    ),
    [[], { a: [] }],
  );
});

test('an answer that is not quite XML-RPC is refused with the reason', (t) => {
  const refused: ReadonlyArray<readonly [string, RegExp]> = [
    ['', /XML|methodResponse/],
    ['{"result": 1}', /XML|methodResponse/],
    ['<html><body>sorry</body></html>', /<html>/],
    [answer('<value><int>1</int></value>').slice(0, -30), /well-formed/],
    [answer('<value><int>1</string></value>'), /well-formed/],
    [answer('<value><int>1.5</int></value>'), /whole number/],
    [answer('<value><double>nan</double></value>'), /no number/],
    [answer('<value><boolean>true</boolean></value>'), /neither 0 nor 1/],
    [answer('<value><dateTime.iso8601>soon</dateTime.iso8601></value>'), /no time/],
    [answer('<value><base64>*</base64></value>'), /base64/],
    [answer('<value><set>1</set></value>'), /<set> is no type/],
    [answer('<value><toString>1</toString></value>'), /no type/],
    [answer('<value><string>&bomb;</string></value>'), /entity/],
    [answer('<value><struct><member><name>a</name></member></struct></value>'), /<name> and a/],
    [answer(''), /not one <value>/],
    ['<methodResponse><params></params></methodResponse>', /one value/],
  ];
  for (const [text, reason] of refused) t.regex(refusal(text), reason, text);
});

test('entities of an answer’s own are never expanded', (t) => {
  const bomb = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>';
  t.regex(refusal(`${bomb}${answer('<value>&b;</value>')}`), /document type/);
});

test('values nested without end are refused, not followed', (t) => {
  const nested = (depth: number): string =>
    answer(
      `${'<value><array><data>'.repeat(depth)}<value><int>1</int></value>${'</data></array></value>'.repeat(depth)}`,
    );
  t.true(E.isRight(decodeAnswer(nested(50))));
  t.regex(refusal(nested(65)), /deep/);
  t.regex(refusal(nested(20_000)), /./);
});

test('a fault has its code and its text', (t) => {
  const struct =
    '<value><struct><member><name>faultCode</name><value><int>1009</int></value></member><member><name>faultString</name><value><string>done</string></value></member></struct></value>';
  t.deepEqual(
    decodeAnswer(`<methodResponse><fault>${struct}</fault></methodResponse>`),
    E.right({ type: 'fault', code: 1009, text: 'done' }),
  );
});

test('a whole number is int up to 32 bits and i8 beyond', (t) => {
  const said = (value: XmlRpcValue): string => {
    const call = encodeCall('m', [value]);
    return E.isRight(call) ? (/<value>(.*)<\/value>/.exec(call.right)?.[1] ?? '') : '';
  };
  t.is(said(2_147_483_647), '<int>2147483647</int>');
  t.is(said(-2_147_483_648), '<int>-2147483648</int>');
  t.is(said(2_147_483_648), '<i8>2147483648</i8>');
  t.is(said(1_500_000_000.5), '<double>1500000000.5</double>');
});

test('a control character, which XML cannot carry, is refused before anything is sent', (t) => {
  const call = encodeCall('getBuild', ['bell\u0007-1-1']);
  t.true(E.isLeft(call) && call.left.includes('control character'));
});

const text = fc
  .string({ unit: 'binary' })
  .map((raw) => raw.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, ''));
const leaf: fc.Arbitrary<XmlRpcValue> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.maxSafeInteger(),
  fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  text,
  fc.uint8Array().map((bytes) => new Uint8Array(bytes)),
  fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => new Date(seconds * 1000)),
);
const { anything } = fc.letrec<{ readonly anything: XmlRpcValue }>((tie) => ({
  anything: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('anything'), { maxLength: 4 }),
    fc
      .array(fc.tuple(text, tie('anything')), { maxLength: 4 })
      .map((entries) => Object.fromEntries(entries)),
  ),
}));

test('whatever can be said is understood as it was meant', (t) => {
  fc.assert(
    fc.property(fc.array(anything, { maxLength: 4 }), (params) => {
      const call = E.chain(decodeCall)(encodeCall('a.method', params));
      t.deepEqual(call, E.right({ method: 'a.method', params }));
    }),
  );
});
