import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import type { Json } from '../../domain/json.ts';
import type { EventLog } from '../../event-log/event-log.ts';
import { appendMessage } from '../../ingest/append-message.ts';
import { fileCursor } from '../../ingest/feed/file-cursor.ts';
import { normaliseAnything } from '../../ingest/normal-form.ts';
import { sourceOf } from '../../ingest/envelope/source.ts';
import { fixtureText } from '../support/bus-fixtures.ts';
import { aFolder, aLog, anIngest } from '../support/ingest-world.ts';

const hear = async (log: EventLog, name: string): Promise<void> => {
  const text = fixtureText(name);
  const message = normaliseAnything(JSON.parse(text) as Json, sourceOf(Buffer.from(text)), []);
  const heard = await appendMessage(anIngest(log))(message, 'real')();
  if (E.isLeft(heard)) throw new Error(heard.left.code);
};

const aKeeper = (t: ExecutionContext, file = join(aFolder(t), 'cursor')) => {
  const reports: Array<string> = [];
  const on = (log: EventLog, logId = 'ours') =>
    fileCursor(file, { log, logId, report: (sentence) => reports.push(sentence) });
  return { file, reports, on };
};

test('a cursor in a file outlives the process, whatever the log has taken since', async (t) => {
  const log = await aLog(t);
  const { on, reports } = aKeeper(t);
  t.deepEqual(await on(log).load()(), E.right(undefined));
  await on(log).save('c6')();
  t.deepEqual(await on(log).load()(), E.right('c6'));
  await hear(log, 'pagure.git.receive/spec');
  await on(log).save('c7')();
  await hear(log, 'pagure.git.receive/fork');
  t.deepEqual(await on(log).load()(), E.right('c7'));
  t.deepEqual(reports, []);
});

test('a cursor file that cannot be written is named', async (t) => {
  const folder = aFolder(t);
  writeFileSync(join(folder, 'plain'), '');
  const { on } = aKeeper(t, join(folder, 'plain', 'cursor'));
  const lost = await on(await aLog(t)).save('c8')();
  t.regex(E.isLeft(lost) ? lost.left.reason : '', /cursor file .*plain\/cursor: /);
});

test('a cursor of another log is not used, and that is said once', async (t) => {
  const log = await aLog(t);
  const { on, reports } = aKeeper(t);
  await on(log, 'theirs').save('c7')();
  t.deepEqual(await on(log).load()(), E.right(''));
  t.deepEqual(await on(log).load()(), E.right(''));
  t.is(reports.length, 1);
  t.regex(reports[0] ?? '', /belongs to log theirs, but this is log ours\. .*from its beginning/);
});

test('a cursor kept when the log held more, or other, events than now is not used', async (t) => {
  const [whole, older, other] = [await aLog(t), await aLog(t), await aLog(t)];
  await hear(whole, 'pagure.git.receive/spec');
  await hear(other, 'pagure.git.receive/fork');
  for (const restored of [older, other]) {
    const { on, reports } = aKeeper(t);
    await on(whole).save('c7')();
    t.deepEqual(await on(restored).load()(), E.right(''));
    t.regex(reports[0] ?? '', /does not hold the event it held at .*: it is an older copy/);
  }
});

test('a cursor file in another form is not used, and the feed begins anew', async (t) => {
  const log = await aLog(t);
  const head = { position: 1 };
  const forms = ['c7\n', '', '7', '{"cursor":"c7"}', JSON.stringify({ logId: 'ours', head })];
  for (const form of [...forms, JSON.stringify({ logId: 'ours', cursor: 'c7', head })]) {
    const { file, on, reports } = aKeeper(t);
    writeFileSync(file, form);
    t.deepEqual(await on(log).load()(), E.right(''), form);
    t.regex(reports[0] ?? '', /is not in the form this version keeps/);
  }
});
