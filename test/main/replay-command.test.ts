import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { openEmbeddedLog } from '../../event-log/embedded/embedded-log.ts';
import type { EventLog } from '../../event-log/event-log.ts';
import { busFixtures, fixtureNames, fixtureText } from '../support/bus-fixtures.ts';
import { aFolder } from '../support/ingest-world.ts';
import { aReplay, objectsIn } from '../support/replay-world.ts';

const compact = (name: string): string => JSON.stringify(JSON.parse(fixtureText(name)));
const spec = compact('git.receive/spec');
const fork = compact('pagure.git.receive/fork');

test('every message gets one object, in the order of the input', async (t) => {
  const lines = [spec, 'broken', fork, spec, '{"nvr":"oak-1-1"}'];
  const run = await aReplay(t).run(['-'], { json: true }, lines.join('\n'));
  t.is(run.code, 0);
  const objects = objectsIn(run);
  t.deepEqual(
    objects.map(({ verdict, code, line }) => [line, verdict, code]),
    [
      [1, 'understood', null],
      [2, 'unreadable', 'not-json'],
      [3, 'set-aside', 'fork'],
      [4, 'seen-before', null],
      [5, 'unreadable', 'no-message'],
    ],
  );
  const rev = '1f'.repeat(20);
  t.like(objects[0], {
    topic: 'git.receive',
    prefix: 'org.fedoraproject.prod',
    message_id: (JSON.parse(spec) as { readonly msg_id: string }).msg_id,
    trigger: {
      id: `git:rpms/oak@f28@${rev}`,
      kind: 'GitRPMSpecChangeEvent',
      search_key: `oak/f28?#${rev}`,
      repo: 'oak',
      branch: 'f28',
      rev,
      old_rev: null,
      publisher: 'git.receive',
      files_known: true,
    },
  });
  t.regex(String(objects[1]?.['explanation']), /begins with "broken"/);
});

test('a module build shows what its flow uses', async (t) => {
  const message = compact('mbs.module.state.change/ready');
  const [object] = objectsIn(await aReplay(t).run(['-'], { json: true }, message));
  t.deepEqual(object?.['trigger'], {
    id: 'mbs:77',
    kind: 'MBSModuleStateChangeEvent',
    search_key: '77',
    build_id: 77,
    name: 'forest',
    stream: '1',
    version: '2820240301100000',
    context: '9c690d0e',
    state: 5,
    state_name: 'ready',
    state_reason: null,
    commit: '1f'.repeat(20),
  });
});

test('a replay is a rehearsal unless it is told to act', async (t) => {
  const categories = async (act: boolean): Promise<ReadonlyArray<string>> => {
    const { file, run } = aReplay(t);
    await run(['-'], { act }, spec);
    const log = await openEmbeddedLog({ file })();
    if (E.isLeft(log)) throw new Error(log.left.reason);
    const page = await log.right.readAll('', {}, 10)();
    await log.right.close();
    return E.isRight(page) ? page.right.events.map(({ stream }) => stream.split('-')[0] ?? '') : [];
  };
  t.deepEqual(await categories(false), ['dry_message', 'dry_message']);
  t.deepEqual(await categories(true), ['message', 'message']);
});

test('the table at the end counts every message, set aside ones by code', async (t) => {
  const replay = aReplay(t);
  const orders = [compact('freshmaker/cancel'), compact('freshmaker/manual-rebuild')];
  const lines = [spec, fork, ...orders, '{'];
  const first = await replay.run(['-'], {}, lines.join('\n'));
  t.is(first.code, 0);
  t.regex(
    first.stdout,
    /understood +1\nset aside +3\n +no-flow-yet +2\n +fork +1\nunreadable +1\nseen before +0\nin all +5\n$/,
  );
  t.regex(first.stdout, /-:5: it is cut off/);
  const again = await replay.run(['-'], {}, lines.join('\n'));
  t.regex(again.stdout, /understood +0\nset aside +0\nunreadable +1\nseen before +4\nin all +5\n$/);
});

test('a folder is read to the bottom by name, and what is odd in it is reported', async (t) => {
  const folder = aFolder(t);
  mkdirSync(join(folder, 'b', 'c'), { recursive: true });
  writeFileSync(join(folder, 'b', 'c', 'one.json'), fixtureText('git.receive/spec'));
  writeFileSync(join(folder, 'a.txt'), '> GET /\n{"topic":"not one"}\n');
  writeFileSync(join(folder, 'notes.md'), '# Notes\n\n```\n{}\n```\n');
  writeFileSync(join(folder, 'z.ndjson'), `${fork}\n`);
  writeFileSync(join(folder, '.hidden'), 'not read');
  symlinkSync(folder, join(folder, 'b', 'loop'));
  symlinkSync(join(folder, 'gone'), join(folder, 'dangling'));
  const run = await aReplay(t).run([folder], { json: true });
  t.deepEqual(
    objectsIn(run).map(({ file, line, verdict }) => [
      String(file).slice(folder.length + 1),
      line,
      verdict,
    ]),
    [
      ['a.txt', 1, 'unreadable'],
      ['b/c/one.json', 1, 'understood'],
      ['b/loop', 1, 'unreadable'],
      ['dangling', 1, 'unreadable'],
      ['notes.md', 1, 'unreadable'],
      ['z.ndjson', 1, 'set-aside'],
    ],
  );
});

test('invalid UTF-8, a body of 5 MB and a cut off line do not stop the rest', async (t) => {
  const file = join(aFolder(t), 'in.ndjson');
  const long = spec.replace('"message":"Update', `"message":"${'é'.repeat(2_600_000)}`);
  const latin = Buffer.from(fork.replace('someone', 'J\xf6rg'), 'latin1');
  const garbled = Buffer.concat([latin, Buffer.from('\n')]);
  const lines = [spec.slice(0, 100), long.replace('2018-', '2018-ff')].map((line) => `${line}\n`);
  writeFileSync(file, Buffer.concat([garbled, Buffer.from(lines.join('') + spec)]));
  const run = await aReplay(t).run([file]);
  t.is(run.code, 0);
  t.regex(run.stdout, /in\.ndjson:1: kept, but set aside: .*not valid UTF-8/);
  t.regex(run.stdout, /in\.ndjson:2: it is cut off/);
  t.regex(run.stdout, /understood +2\nset aside +1\n +unreadable-body +1\nunreadable +1\n/);
});

test('answers of datagrepper, old and new, are taken apart', async (t) => {
  const answer = `{"count":2,"raw_messages":[${spec},${fork}],"total":2}`;
  const run = await aReplay(t).run(['-'], { json: true }, answer);
  t.deepEqual(
    objectsIn(run).map(({ verdict }) => verdict),
    ['understood', 'set-aside'],
  );
});

test('a wrong order is refused before anything is read', async (t) => {
  const nothing = await aReplay(t).run([]);
  t.is(nothing.code, 2);
  t.regex(nothing.stderr, /name a file, a folder, or - for standard input/);
  const missing = await aReplay(t).run(['-', '/no/such/file'], { json: true }, spec);
  t.is(missing.code, 2);
  t.regex(missing.stderr, /\/no\/such\/file: .*no such file/);
  t.is(missing.stdout, '');
});

test('a log that cannot be opened, or gives out half-way, is named and the code is 4', async (t) => {
  const failure = {
    code: 'disk-full',
    reason: '/data/log.db: the disk is full; make room',
  } as const;
  const closed = await aReplay(t, { openLog: () => TE.left(failure) }).run(['-'], {}, spec);
  t.is(closed.code, 4);
  t.regex(closed.stderr, /cannot be opened: \/data\/log\.db: the disk is full; make room/);
  const { file } = aReplay(t);
  const broken = aReplay(t, {
    openLog: () =>
      TE.map((log: EventLog) => ({
        ...log,
        append: () => TE.left(failure),
      }))(openEmbeddedLog({ file })),
  });
  const half = await broken.run(['-'], {}, `{"nvr":1}\n${spec}\n`);
  t.is(half.code, 4);
  t.regex(half.stderr, /the log took no more: \/data\/log\.db: the disk is full; make room/);
  t.regex(half.stdout, /unreadable +1\n/);
});

test('an interrupted replay says so and how to go on', async (t) => {
  const run = await aReplay(t, { signal: AbortSignal.abort() }).run(
    ['-'],
    {},
    Array.from({ length: 500 }, (_, i) => JSON.stringify({ topic: 'a', msg: { i } })).join('\n'),
  );
  t.is(run.code, 130);
  t.regex(run.stderr, /replay the same input again/);
  t.regex(run.stdout, /in all +1\n/);
});

test('progress tells rate and time left, over and over on a terminal, in lines elsewhere', async (t) => {
  let now = 0;
  const clock = () => (now += 10_000);
  const plain = await aReplay(t, { clock }).run([busFixtures]);
  t.regex(plain.stderr, /^\d+ messages, \d+\/s, \d+ % read, about .+ left\n/);
  const terminal = await aReplay(t, { clock, isTerminal: true }).run([busFixtures]);
  t.true(terminal.stderr.startsWith('\r\u001b[K1 messages'));
  t.true(terminal.stderr.endsWith('\r\u001b[K'));
  t.regex(terminal.stdout, new RegExp(`in all +${fixtureNames().length}\n`));
});

test('of two copies in one input the first is the one that counts, however slow its append', async (t) => {
  const { file } = aReplay(t);
  let appends = 0;
  const slowAtFirst = (log: EventLog): EventLog => ({
    ...log,
    append:
      (...request) =>
      async () => {
        appends += 1;
        if (appends === 1) await new Promise(setImmediate);
        return log.append(...request)();
      },
  });
  const openLog = () => TE.map(slowAtFirst)(openEmbeddedLog({ file }));
  const run = await aReplay(t, { openLog }).run(['-'], { json: true }, `${spec}\n${spec}\n`);
  t.deepEqual(
    objectsIn(run).map(({ verdict }) => verdict),
    ['understood', 'seen-before'],
  );
});
