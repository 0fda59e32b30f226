import test from 'ava';
import Libsql from 'libsql';
import { randomUUID } from 'node:crypto';
import type { FaultCode, Verdict } from '../../audit/chain.ts';
import { openIdLedger } from '../../audit/id-ledger.ts';
import { verify } from '../../audit/verify.ts';
import { hashOf, seal } from '../../event-log/seal.ts';
import { aWrittenLog, right, sealedAfter } from './a-log.ts';

/** Does to the file what nobody may. */
const tamper = (file: string, sql: string): void => {
  const raw = new Libsql(file);
  const triggers = ['edited', 'deleted', 'replaced'];
  raw.exec(triggers.map((name) => `DROP TRIGGER IF EXISTS events_are_never_${name};`).join(''));
  raw.exec(sql);
  raw.close();
};
const found = ({ faults }: Verdict): ReadonlyArray<readonly [FaultCode, string]> =>
  faults.map(({ code, at }) => [code, at]);

test('a log nobody touched has no fault', async (t) => {
  const { log } = await aWrittenLog(t);
  const seen: Array<number> = [];
  const verdict = await right(verify(log, ({ events }) => seen.push(events)));
  t.like(verdict, { events: 12, streams: 3, faultCount: 0, faults: [] });
  t.is(verdict.firstFault, undefined);
  t.is(seen.at(-1), 12);
});

test('an empty log has no fault', async (t) => {
  const nothing = {
    head: () => () => Promise.resolve({ _tag: 'Right', right: '' } as const),
    readAll: () => () => Promise.reject(new Error('there is nothing to read')),
  };
  t.like(await right(verify(nothing)), { events: 0, streams: 0, faultCount: 0 });
});

const where = "stream = 'a-2' AND revision = 1";
const tamperings: ReadonlyArray<
  readonly [string, string, ReadonlyArray<readonly [FaultCode, string]>]
> = [
  [
    'its data',
    `UPDATE events SET data = '{"it":["🐎",1.6]}' WHERE ${where}`,
    [['altered', 'a-2@1']],
  ],
  [
    'its type',
    `UPDATE events SET type = 'OtherThingHappened' WHERE ${where}`,
    [['altered', 'a-2@1']],
  ],
  ['its id', `UPDATE events SET id = '${randomUUID()}' WHERE ${where}`, [['altered', 'a-2@1']]],
  [
    'its actor',
    `UPDATE events SET metadata = replace(metadata, 'a test', 'nobody') WHERE ${where}`,
    [['altered', 'a-2@1']],
  ],
  ['its absence', `DELETE FROM events WHERE ${where}`, [['revision-gap', 'a-2@2']]],
  [
    'its absence, closed up',
    `DELETE FROM events WHERE ${where};
     UPDATE events SET revision = revision - 1 WHERE stream = 'a-2' AND revision > 1`,
    [
      ['unlinked', 'a-2@1'],
      ['altered', 'a-2@1'],
      ['altered', 'a-2@2'],
    ],
  ],
  [
    'its stream',
    `UPDATE events SET stream = 'c-1', revision = 0 WHERE ${where}`,
    [
      ['unlinked', 'c-1@0'],
      ['altered', 'c-1@0'],
      ['revision-gap', 'a-2@2'],
    ],
  ],
];
for (const [what, sql, due] of tamperings) {
  test(`an event is proved wrong by ${what}`, async (t) => {
    const { log, file } = await aWrittenLog(t);
    tamper(file, sql);
    const verdict = await right(verify(log));
    t.deepEqual(found(verdict), due);
    t.is(verdict.faultCount, due.length);
    t.deepEqual(verdict.firstFault, verdict.faults[0]);
  });
}

test('an event sealed anew after a change no longer fits the next one', async (t) => {
  const { log, file } = await aWrittenLog(t);
  const [, event] = await right(log.readStream('a-2', 0, 2));
  const forged = { ...event!, data: { it: 'forged' } };
  const metadata = { ...forged.metadata, hash: hashOf('a-2', 1, forged) };
  const quoted = JSON.stringify(metadata).replaceAll("'", "''");
  tamper(file, `UPDATE events SET data = '{"it":"forged"}', metadata = '${quoted}' WHERE ${where}`);
  t.deepEqual(found(await right(verify(log))), [['unlinked', 'a-2@2']]);
});

test('what no chain can show, the digest does: a stream that is gone as a whole', async (t) => {
  const { log, file } = await aWrittenLog(t);
  const before = await right(verify(log));
  tamper(file, "DELETE FROM events WHERE stream = 'a-2'");
  const after = await right(verify(log));
  t.is(after.faultCount, 0);
  t.not(after.digest, before.digest);
});

test('events that come in another order than that of the log are reported', async (t) => {
  const { log } = await aWrittenLog(t);
  const readAll: typeof log.readAll = (after, filter, max) => async () => {
    const page = await right(log.readAll(after, filter, max));
    const [first, second, ...others] = page.events;
    return { _tag: 'Right', right: { ...page, events: [second!, first!, ...others] } };
  };
  t.deepEqual(found(await right(verify({ head: log.head, readAll }))), [['out-of-order', 'a-1@0']]);
});

test('an id that one stream holds twice is reported, in two streams it is not', async (t) => {
  const { log } = await aWrittenLog(t);
  const id = randomUUID();
  const first = sealedAfter('c-1', undefined, [id]);
  await right(log.append('c-1', 'no-stream', first));
  const head = { revision: 0, hash: first[0]?.metadata.hash ?? '' };
  await right(log.append('c-1', 0, sealedAfter('c-1', head, [id])));
  await right(log.append('c-2', 'no-stream', sealedAfter('c-2', undefined, [id])));
  t.deepEqual(found(await right(verify(log))), [['id-twice', 'c-1@1']]);
});

test('an event damaged beyond reading is a fault that names it', async (t) => {
  const { log, file } = await aWrittenLog(t);
  tamper(file, `UPDATE events SET data = '{' WHERE ${where}`);
  const verdict = await right(verify(log));
  t.is(verdict.firstFault?.code, 'unreadable');
  t.regex(verdict.firstFault?.reason ?? '', /a-2@1/);
});

test('of many faults the first thousand are given and all are counted', async (t) => {
  const { log, file } = await aWrittenLog(t);
  const ids = Array.from({ length: 1200 }, () => randomUUID());
  await right(log.append('c-1', 'no-stream', sealedAfter('c-1', undefined, ids)));
  tamper(file, "UPDATE events SET data = '{}' WHERE stream = 'c-1'");
  const verdict = await right(verify(log));
  t.is(verdict.faultCount, 1200);
  t.is(verdict.faults.length, 1000);
});

test('what is appended during the walk is left for the next', async (t) => {
  const { log } = await aWrittenLog(t);
  const readAll: typeof log.readAll = (after, filter) => async () => {
    const last = (await right(log.last('a-1')))!;
    const head = { revision: last.revision, hash: last.metadata.hash };
    const event = seal('a-1', head, sealedAfter('a-1', undefined, [randomUUID()]));
    await right(log.append('a-1', head.revision, event));
    return log.readAll(after, filter, 5)();
  };
  t.like(await right(verify({ head: log.head, readAll })), { events: 12, faultCount: 0 });
});

test('an id ledger tells every id it has seen from every one it has not', (t) => {
  const ledger = openIdLedger();
  const ids = Array.from({ length: 20_000 }, () => randomUUID());
  t.true(ids.every((id) => ledger.note('a-1', id)));
  t.true(ids.every((id) => !ledger.note('a-1', id)));
  t.true(ids.every((id) => ledger.note('a-2', id)));
});
