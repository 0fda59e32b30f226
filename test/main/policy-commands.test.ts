import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import { openEmbeddedLog } from '../../event-log/embedded/embedded-log.ts';
import type { EventLog, RecordedEvent } from '../../event-log/event-log.ts';
import { isIntact } from '../../event-log/seal.ts';
import { policyApply, policyCheck, policyShow } from '../../main/commands/policy.ts';

const nodejs = 'rules:\n  - { id: node, allow: { kind: module, name: nodejs } }\n';
const adoption = { by: 'ann', why: 'first trial' };

/** A folder with a log of its own, and the commands at work in it. */
const workplace = async (t: ExecutionContext) => {
  const folder = await mkdtemp(join(tmpdir(), 'freshmaker-policy-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const openLog = () => openEmbeddedLog({ file: join(folder, 'log.db') });
  const said: { out: string; err: string } = { out: '', err: '' };
  const deps = {
    openLog,
    stdout: (text: string) => void (said.out += text),
    stderr: (text: string) => void (said.err += text),
    newId: () => randomUUID(),
    now: () => '2026-03-03T14:00:00.000Z',
    codeVersion: '0.1.0',
  };
  const file = async (text: string | Uint8Array, name = 'policy.yaml'): Promise<string> => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  const recorded = async (): Promise<ReadonlyArray<RecordedEvent>> => {
    const opened = await openLog()();
    if (E.isLeft(opened)) throw new Error(opened.left.reason);
    const read = await opened.right.readStream('policy', 0, 100)();
    await opened.right.close();
    if (E.isLeft(read)) throw new Error(read.left.reason);
    return read.right;
  };
  return { folder, said, deps, file, recorded };
};

test('checking a sound policy says its rules in words', async (t) => {
  const { deps, said, file } = await workplace(t);
  t.is(await policyCheck(deps)(await file(nodejs), {}), 0);
  t.regex(said.out, /is sound\. Version [0-9a-f]{12}, 1 rule\.\n/u);
  t.regex(said.out, /allow +node: kind module, name nodejs\n/u);
  t.regex(said.out, /waits 1 minute for more causes/u);
  t.is(said.err, '');
});

test('checking a policy that allows nothing says so', async (t) => {
  const { deps, said, file } = await workplace(t);
  t.is(await policyCheck(deps)(await file('rules: []'), {}), 0);
  t.regex(said.out, /Nothing is allowed/u);
});

test('checking an unsound policy names file, line and column of each fault', async (t) => {
  const { deps, said, file } = await workplace(t);
  const path = await file('rules: []\nquietwindow: 1s\nlongestWait: soon\n');
  t.is(await policyCheck(deps)(path, {}), 2);
  t.is(said.out, '');
  const [first, second] = said.err.split('\n');
  t.true(first?.startsWith(`${path}:2:1: quietwindow: is no known key; allowed here: rules,`));
  t.true(second?.startsWith(`${path}:3:14: longestWait: is "soon"; write a whole number`));
});

test('programs get the faults as JSON', async (t) => {
  const { deps, said, file } = await workplace(t);
  const path = await file('rules: []\nquietwindow: 1s\n');
  t.is(await policyCheck(deps)(path, { json: true }), 2);
  const told = JSON.parse(said.out) as { readonly faults: ReadonlyArray<unknown> };
  t.like(told, { file: path, sound: false });
  t.like(told.faults[0], { file: path, line: 2, column: 1, path: 'quietwindow' });
});

test('programs get a sound policy as JSON', async (t) => {
  const { deps, said, file } = await workplace(t);
  t.is(await policyCheck(deps)(await file(nodejs), { json: true }), 0);
  t.like(JSON.parse(said.out), { sound: true, policy: { quietWindow: 60 } });
});

test('a file that is not there, a folder and a file that is no text are told apart', async (t) => {
  const { deps, said, file, folder } = await workplace(t);
  t.is(await policyCheck(deps)(join(folder, 'none.yaml'), {}), 2);
  t.regex(said.err, /none\.yaml:1:1: there is no such file/u);
  t.is(await policyCheck(deps)(folder, {}), 2);
  t.regex(said.err, /this is a folder/u);
  t.is(await policyCheck(deps)(await file(new Uint8Array([0xff, 0xfe, 0x80])), {}), 2);
  t.regex(said.err, /not UTF-8/u);
});

test('applying a policy records its text, its rules, who did it and why', async (t) => {
  const { deps, said, file, recorded } = await workplace(t);
  t.is(await policyApply(deps)(await file(nodejs), adoption), 0);
  t.regex(said.out, /^Policy [0-9a-f]{12} is in force, as the first policy of this log\.\n$/u);
  const [event, ...more] = await recorded();
  t.is(more.length, 0);
  t.like(event, { type: 'PolicyAdopted', revision: 0, metadata: { actor: 'ann' } });
  t.like(event?.data, { text: nodejs, by: 'ann', why: 'first trial' });
  t.true(event !== undefined && isIntact(event, null));
});

test('applying the policy in force again records nothing and says so', async (t) => {
  const { deps, said, file, recorded } = await workplace(t);
  const path = await file(nodejs);
  await policyApply(deps)(path, adoption);
  said.out = '';
  t.is(await policyApply(deps)(path, { ...adoption, why: 'again' }), 0);
  t.regex(said.out, /already in force; nothing was recorded/u);
  t.is((await recorded()).length, 1);
});

test('applying another policy says which version it replaces', async (t) => {
  const { deps, said, file, recorded } = await workplace(t);
  await policyApply(deps)(await file(nodejs), adoption);
  said.out = '';
  const json = { ...adoption, json: true };
  t.is(await policyApply(deps)(await file('rules: []', 'next.yaml'), json), 0);
  const [first, second] = await recorded();
  const versions = [second?.data['version'], first?.data['version']];
  t.deepEqual(JSON.parse(said.out), { version: versions[0], replaced: versions[1], changed: true });
});

test('of the same policy applied many times at once one is recorded', async (t) => {
  const { deps, file, recorded } = await workplace(t);
  const path = await file(nodejs);
  const codes = await Promise.all(
    Array.from({ length: 3 }, () => policyApply(deps)(path, adoption)),
  );
  t.deepEqual(codes, [0, 0, 0]);
  t.is((await recorded()).length, 1);
});

test('an unsound policy is not applied', async (t) => {
  const { deps, said, file, recorded } = await workplace(t);
  t.is(await policyApply(deps)(await file('rules: none'), adoption), 2);
  t.regex(said.err, /:1:8: rules/u);
  t.is((await recorded()).length, 0);
});

test('a policy is not applied by nobody or for no reason', async (t) => {
  const { deps, said, file, recorded } = await workplace(t);
  t.is(await policyApply(deps)(await file(nodejs), { by: ' ', why: 'x' }), 2);
  t.is(await policyApply(deps)(await file(nodejs), { by: 'ann', why: '' }), 2);
  t.regex(said.err, /--by <who> --why <text>/u);
  t.is((await recorded()).length, 0);
});

test('a log that cannot be opened is told with its reason, and is no wrong use', async (t) => {
  const { deps, said, file, folder } = await workplace(t);
  const blocked = join(await file('', 'in-the-way'), 'log.db');
  const openLog = () => openEmbeddedLog({ file: blocked });
  t.is(await policyApply({ ...deps, openLog })(await file(nodejs), adoption), 4);
  t.regex(said.err, /^The log cannot be opened/u);
  t.true(said.err.includes(folder));
});

test('a log that fails while a policy is applied is told with its reason', async (t) => {
  const { deps, said, file } = await workplace(t);
  const broken = { code: 'disk-full', reason: 'no room is left' } as const;
  const openLog = () => () => Promise.resolve(E.right(withoutAppend(broken)));
  t.is(await policyApply({ ...deps, openLog })(await file(nodejs), adoption), 4);
  t.regex(said.err, /not adopted \(disk-full\): no room is left/u);
});

const withoutAppend = (failure: {
  readonly code: 'disk-full';
  readonly reason: string;
}): EventLog => ({
  append: () => () => Promise.resolve(E.left(failure)),
  readStream: () => () => Promise.resolve(E.right([])),
  last: () => () => Promise.resolve(E.right(undefined)),
  readAll: () => () => Promise.resolve(E.left(failure)),
  at: () => () => Promise.resolve(E.left(failure)),
  head: () => () => Promise.resolve(E.left(failure)),
  tail: () => {
    throw new Error('nobody tails here');
  },
  close: () => Promise.resolve(),
});

test('the policy in force is shown with who adopted it, when and why, and can be applied again', async (t) => {
  const { deps, said, file, recorded } = await workplace(t);
  await policyApply(deps)(await file(nodejs), adoption);
  said.out = '';
  t.is(await policyShow(deps)({}), 0);
  t.regex(said.out, /^# Adopted by ann at 2026-03-03T14:00:00\.000Z: first trial\n# Version /u);
  t.true(said.out.endsWith(nodejs));
  t.is(await policyCheck(deps)(await file(said.out, 'shown.yaml'), {}), 0);
  said.out = '';
  t.is(await policyShow(deps)({ json: true }), 0);
  t.like(JSON.parse(said.out), { text: nodejs, by: 'ann', at: '2026-03-03T14:00:00.000Z' });
  t.is((await recorded()).length, 1);
});

test('where no policy was adopted, showing it says how to adopt one', async (t) => {
  const { deps, said } = await workplace(t);
  t.is(await policyShow(deps)({}), 2);
  t.regex(said.err, /freshmaker policy apply <file>/u);
});
