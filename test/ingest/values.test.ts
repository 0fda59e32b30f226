import test from 'ava';
import fc from 'fast-check';
import { valuesIn } from '../../ingest/files/values.ts';

async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) {
    yield await Promise.resolve(bytes.subarray(at, at + size));
  }
}

/** What is found: `line:json` of a value, `line!reason` of a fault. */
const found = async (input: string | Buffer, size = 7): Promise<ReadonlyArray<string>> => {
  const values: Array<string> = [];
  for await (const value of valuesIn(chunksOf(Buffer.from(input), size))) {
    const isJson = value.kind === 'json';
    values.push(
      isJson ? `${value.line}:${JSON.stringify(value.raw)}` : `${value.line}!${value.reason}`,
    );
  }
  return values;
};

test('one object a line, an array, and objects printed over lines give the same values', async (t) => {
  const values = ['{"a":1}', '{"b":{"c":[1,{"d":"}"}]}}', '{"e":"\\"{\\n"}'];
  const parsed = values.map((one) => JSON.parse(one) as unknown);
  const forms = [
    values.join('\n'),
    `\ufeff${values.join('\r\n')}\r\n\r\n`,
    `[${values.join(',')}]`,
    JSON.stringify(parsed, null, 2),
    parsed.map((one) => JSON.stringify(one, null, '\t')).join('\n'),
    values.join(''),
    values.map((one) => `\u001e${one}\n`).join(''),
    JSON.stringify({ raw_messages: parsed, total: 3 }),
  ];
  for (const form of forms) {
    for (const size of [1, 5, 10_000]) {
      const lines = await found(form, size);
      t.deepEqual(
        lines.map((line) => line.replace(/^\d+:/, '')),
        values,
        form,
      );
    }
  }
});

test('every value is known by the line it begins on', async (t) => {
  t.deepEqual(await found('\n{"a":\n1}\n\n  {"b":2}\n'), ['2:{"a":1}', '5:{"b":2}']);
});

test('a line cut off anywhere costs that line only', async (t) => {
  const line = '{"topic":"a","msg":{"list":[{"x":"}{"},2],"text":"q\\"uote"}}';
  for (let length = 1; length < line.length; length += 1) {
    const [first, ...rest] = await found(`${line.slice(0, length)}\n${line}\n${line}\n`, 11);
    t.regex(first ?? '', /^1!/, line.slice(0, length));
    t.deepEqual(rest, [`2:${line}`, `3:${line}`], line.slice(0, length));
  }
});

test('a file cut off in the middle gives all that is whole', async (t) => {
  const array = JSON.stringify([{ a: 1 }, { b: 2 }, { c: { d: 3 } }], null, 2);
  const cut = await found(array.slice(0, -12));
  t.deepEqual(cut.slice(0, 2), ['2:{"a":1}', '5:{"b":2}']);
  t.is(cut.length, 3);
  t.regex(cut[2] ?? '', /^8!it is cut off/);
});

test('a broken line in the middle is named, the rest goes on', async (t) => {
  const input = '{"a":1}\nnot json\n{"b":tru}\n{"c":1]\n{"d":"x\n"}\n{"e":5}\n';
  const lines = await found(input);
  t.deepEqual(
    lines.map((line) => line.slice(0, 2)),
    ['1:', '2!', '3!', '4!', '5!', '6!', '7:'],
  );
  t.regex(lines[1] ?? '', /begins with "not json"/);
});

test('broken lines before the first good one are named one by one', async (t) => {
  const lines = await found('garbage\nmore\n{"a":1}\n');
  t.deepEqual(
    lines.map((line) => line.slice(0, 2)),
    ['1!', '2!', '3:'],
  );
});

test('a file without any JSON is one fault, not one a line', async (t) => {
  t.is((await found('# Title\n\nSome words\nand more\n')).length, 1);
  t.deepEqual(await found(''), ['1!it is empty']);
  t.is((await found(Buffer.from([0, 1, 2, 10, 255, 254]))).length, 1);
});

test('invalid UTF-8 keeps its bytes beside the guess', async (t) => {
  const bytes = Buffer.from('{"a":"J\xf6rg"}\n{"b":1}', 'latin1');
  const values: Array<unknown> = [];
  for await (const value of valuesIn(chunksOf(bytes, 3))) values.push(value);
  t.like(values[0], {
    kind: 'json',
    raw: { a: 'J\ufffdrg' },
    source: { bytes: bytes.subarray(0, 12) },
  });
  t.like(values[1], { kind: 'json', source: { text: '{"b":1}' } });
});

test('an answer of datagrepper keeps each message as it stood there', async (t) => {
  const texts: Array<string> = [];
  const answer = '{"count": 2, "raw_messages": [ {"i": 1.0} , {"i":"]"}\n] }';
  for await (const value of valuesIn(chunksOf(Buffer.from(answer), 9))) {
    if (value.kind === 'json') texts.push(value.source.text);
  }
  t.deepEqual(texts, ['{"i": 1.0}', '{"i":"]"}']);
});

const good = fc.jsonValue().map((value) => JSON.stringify({ value }));
const bad = fc.oneof(
  fc.string({ unit: 'binary-ascii' }),
  fc.constantFrom('{', '}', '[', ']', '"', '{"a":', '\\', '[{', ',', '{"a":1}{', '', '[1,"{,'),
);
const lines = fc.array(
  fc.oneof(
    good.map((text) => ({ text, isGood: true })),
    bad.map((text) => ({ text, isGood: false })),
  ),
);

test('once lines stand for themselves, no rubbish between them costs a good one', async (t) => {
  const holds = async (
    rest: ReadonlyArray<{ readonly text: string; readonly isGood: boolean }>,
    size: number,
  ): Promise<boolean> => {
    const all = [{ text: '{"first":true}', isGood: true }, ...rest];
    const values = new Set(await found(all.map(({ text }) => text).join('\n'), size + 1));
    let line = 1;
    return all.every(({ text, isGood }) => {
      const isFound = !isGood || values.has(`${line}:${text}`);
      line += text.split('\n').length;
      return isFound;
    });
  };
  await t.notThrowsAsync(fc.assert(fc.asyncProperty(lines, fc.nat(20), holds), { numRuns: 1000 }));
});
