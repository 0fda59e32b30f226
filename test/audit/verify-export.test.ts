import test from 'ava';
import fc from 'fast-check';
import { exportLog } from '../../audit/export.ts';
import { linesOf } from '../../audit/lines.ts';
import { verify } from '../../audit/verify.ts';
import { verifyExport } from '../../audit/verify-export.ts';
import { aWrittenLog, exported, right } from './a-log.ts';

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size)
    yield await Promise.resolve(bytes.subarray(at, at + size));
}
const judged = (text: string | Uint8Array, size = 1000) =>
  right(verifyExport(inChunks(Buffer.from(text), size)));

test('an export is the log, one event a line in its order, and proves itself', async (t) => {
  const { log } = await aWrittenLog(t);
  const text = await exported(log);
  const lines = text.trimEnd().split('\n');
  const { events } = await right(log.readAll('', {}, 100));
  t.deepEqual(
    lines.slice(0, -1).map((line) => JSON.parse(line) as unknown),
    [...events],
  );
  const verdict = await judged(text);
  t.deepEqual(verdict, await right(verify(log)));
  t.is(verdict.faultCount, 0);
});

test('an export may arrive in chunks of any size', async (t) => {
  const { log } = await aWrittenLog(t);
  const text = await exported(log);
  for (const size of [1, 7, 64, 100_000]) t.is((await judged(text, size)).faultCount, 0);
});

test('an export ends where the log ended when it began', async (t) => {
  const { log } = await aWrittenLog(t);
  const [, , , third] = (await right(log.readAll('', {}, 100))).events;
  const head = () => () => Promise.resolve({ _tag: 'Right', right: third!.position } as const);
  const text = await exported({ head, readAll: log.readAll });
  t.like(await judged(text), { events: 4, faultCount: 0 });
});

test('an empty log has an export that proves itself', async (t) => {
  const text =
    '{"exported":{"events":0,"upTo":"","sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}}\n';
  t.like(await judged(text), { events: 0, faultCount: 0 });
});

test('not one byte of an export can be another without being noticed', async (t) => {
  const bytes = Buffer.from(await exported((await aWrittenLog(t)).log));
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
      const changed = Buffer.from(bytes);
      changed[at] = ((bytes[at] ?? 0) + by) % 256;
      t.true((await judged(changed)).faultCount > 0, `byte ${at}`);
    }),
    { numRuns: 400 },
  );
});

test('no line of an export can be missing, moved or repeated without being noticed', async (t) => {
  const lines = (await exported((await aWrittenLog(t)).log)).trimEnd().split('\n');
  const nth = fc.nat(lines.length - 1);
  const texts = (changed: ReadonlyArray<string>) => `${changed.join('\n')}\n`;
  await fc.assert(
    fc.asyncProperty(nth, nth, async (one, other) => {
      const without = lines.filter((_, index) => index !== one);
      t.true((await judged(texts(without))).faultCount > 0, `without ${one}`);
      t.true(
        (await judged(texts(lines.toSpliced(other, 0, lines[one]!)))).faultCount > 0,
        'repeated',
      );
      const swapped = lines.with(one, lines[other]!).with(other, lines[one]!);
      t.is((await judged(texts(swapped))).faultCount > 0, one !== other, `swapped ${one} ${other}`);
    }),
    { numRuns: 100 },
  );
});

test('an export cut short anywhere, or closed twice, is known to be', async (t) => {
  const text = Buffer.from(await exported((await aWrittenLog(t)).log));
  for (let length = 0; length < text.length; length += 97) {
    t.true((await judged(text.subarray(0, length))).faultCount > 0, `${length} bytes`);
  }
  const twice = Buffer.concat([text, text.subarray(text.lastIndexOf('{"exported"'))]);
  t.like((await judged(twice)).firstFault, { line: 14 });
  const withoutEnd = text.subarray(0, text.lastIndexOf('{"exported"'));
  t.like((await judged(withoutEnd)).firstFault, { code: 'incomplete' });
});

test('a fault in an export names line, stream and revision', async (t) => {
  const text = await exported((await aWrittenLog(t)).log);
  const lines = text.split('\n');
  const verdict = await judged(lines.with(4, lines[4]!.replace('1.5', '1.6')).join('\n'));
  t.like(verdict.firstFault, { code: 'altered', line: 5, at: 'a-2@1' });
});

test('a disk that is full while exporting is a failure, not an export', async (t) => {
  const { log } = await aWrittenLog(t);
  const result = await exportLog(log, () => Promise.reject(new Error('ENOSPC: no space left')))();
  t.like(result, { _tag: 'Left', left: { code: 'unwritable' } });
});

test('a file that cannot be read to its end is a failure, not a verdict', async (t) => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(Buffer.from('{'));
    throw new Error('EIO: i/o error');
  }
  t.like(await verifyExport(broken())(), { _tag: 'Left', left: { code: 'unreadable-file' } });
});

test('a line without an end is cut, so that it cannot fill the memory', async (t) => {
  const sizes = [];
  for await (const { bytes } of linesOf(inChunks(Buffer.alloc(5000, 'x'), 100), 1000)) {
    sizes.push(bytes.length);
  }
  t.true(sizes.every((size) => size <= 1100));
  t.is(
    sizes.reduce((sum, size) => sum + size, 0),
    5000,
  );
});
