import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import { openEmbeddedLog } from '../../event-log/embedded/embedded-log.ts';
import { policyAtStart } from '../../main/first-policy.ts';

const workplace = async (t: ExecutionContext) => {
  const folder = await mkdtemp(join(tmpdir(), 'freshmaker-first-'));
  const opened = await openEmbeddedLog({ file: join(folder, 'log.db') })();
  if (E.isLeft(opened)) throw new Error(opened.left.reason);
  const log = opened.right;
  t.teardown(async () => {
    await log.close();
    await rm(folder, { recursive: true, force: true });
  });
  const now = () => '2026-03-03T14:00:00.000Z';
  const hand = { log, newId: () => randomUUID(), now, actor: 'freshmaker', codeVersion: '0' };
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  const fallback = await file('fallback.yaml', 'rules: []\n');
  const start = (named: string | null) => policyAtStart(hand, { named, fallback });
  const adopted = async (): Promise<number> => {
    const events = await log.readStream('policy', 0, 10)();
    return E.isRight(events) ? events.right.length : -1;
  };
  return { start, adopted, file };
};

test('the first start of a log adopts the file that was named', async (t) => {
  const { start, adopted, file } = await workplace(t);
  const named = await file('named.yaml', 'rules: [] # mine\n');
  const first = await start(named);
  t.true(E.isRight(first));
  t.notDeepEqual(first, E.right('e0dfa70eb69d'));
  t.deepEqual(await start(named), first);
  t.is(await adopted(), 1);
});

test('the first start of a log adopts the fallback where no file was named', async (t) => {
  const { start, adopted } = await workplace(t);
  t.deepEqual(await start(null), E.right('e0dfa70eb69d'));
  t.deepEqual(await start(null), E.right('e0dfa70eb69d'));
  t.is(await adopted(), 1);
});

test('where no file is named, a later start goes on with whatever is in force', async (t) => {
  const { start, adopted, file } = await workplace(t);
  const first = await start(await file('named.yaml', 'rules: [] # mine\n'));
  t.deepEqual(await start(null), first);
  t.is(await adopted(), 1);
});

test('a named file that differs is refused at a later start, with the command that adopts it', async (t) => {
  const { start, adopted, file } = await workplace(t);
  await start(null);
  const named = await file('named.yaml', 'rules: [] # mine\n');
  const refused = await start(named);
  t.like(refused, { left: { code: 'policy-differs' } });
  const reason = E.isLeft(refused) ? refused.left.reason : '';
  t.true(reason.includes(`freshmaker policy apply ${named} --by`));
  t.is(await adopted(), 1);
});

test('an unsound file is not adopted, and its faults are told', async (t) => {
  const { start, adopted, file } = await workplace(t);
  const refused = await start(await file('named.yaml', 'rules: none\n'));
  t.regex(E.isLeft(refused) ? refused.left.reason : '', /named\.yaml:1:8: rules/u);
  t.is(await adopted(), 0);
});
