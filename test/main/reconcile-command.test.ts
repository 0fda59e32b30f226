import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { reconcileCommand } from '../../main/commands/reconcile.ts';
import { carryRun } from '../../sagas/reconcile/carry-run.ts';
import { claim } from '../../sagas/reconcile/claim.ts';
import type { ReconcileDeps } from '../../sagas/reconcile/deps.ts';
import {
  aDeafStory,
  builtByOthers,
  reconcileDepsFor,
  reconcileEvents,
} from '../support/reconcile-world.ts';
import { tempFolder } from '../support/sandbox.ts';
import { scene } from '../support/scene.ts';
import type { Service } from '../support/service.ts';
import { eventsOf, must, until } from '../support/service.ts';

const family = ['base:f28 holds bash@f28', 'leaf:f28 needs base:f28 holds zsh'];

type Said = { out: string; err: string };

/** `freshmaker reconcile` beside a service, in this process. */
const ordered = async (
  service: Service,
  options: { readonly json?: boolean } = {},
  changes: Partial<ReconcileDeps> = {},
  { signal = new AbortController().signal, said = { out: '', err: '' } } = {},
) => {
  const code = await reconcileCommand(
    {
      ...{ log: service.stores.log, reconcile: await reconcileDepsFor(service, changes), signal },
      stdout: (text) => void (said.out += text),
      stderr: (text) => void (said.err += text),
      screen: { isTerminal: false, columns: 200 },
    },
    options,
  );
  return { code, ...said };
};

/** `freshmaker reconcile` as a process of its own, to its end. */
const freshmaker = async (
  args: ReadonlyArray<string>,
  env: Readonly<Record<string, string>> = {},
) => {
  const cli = fileURLToPath(new URL('../../main/cli.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import=tsx', cli, 'reconcile', ...args], {
    env: { PATH: process.env['PATH'], ...env },
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (bytes: Buffer) => (said.out += bytes.toString('utf8')));
  child.stderr.on('data', (bytes: Buffer) => (said.err += bytes.toString('utf8')));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...said };
};

scene(
  'what differs is printed as a table with a sentence, and what was asked on the way',
  async (t) => {
    const { sandbox, service } = await aDeafStory(t, family);
    const row = await builtByOthers(sandbox);

    const { code, out, err } = await ordered(service);

    t.is(code, 0, err);
    const [title, line, sentence, ...more] = out.trimEnd().split('\n');
    t.deepEqual(title?.trim().split(/ {2,}/), [
      ...['SYSTEM', 'DIFFERENCE', 'ID', 'BUILD', 'ON RECORD', 'FOUND', 'DONE', 'OF'],
    ]);
    t.deepEqual(line?.trim().split(/ {2,}/), [
      ...['mbs', 'ready-unheard', String(row.id), '-', 'nothing', 'ready', 'noticed'],
      `base:f28:${row.version}:${row.context}`,
    ]);
    t.regex(
      sentence ?? '',
      /^Reconcile 1: compared .*; 1 difference, .*1 new module, 0 new images\.$/,
    );
    t.deepEqual(more, []);
    t.deepEqual(
      err.split('\n').filter((told) => told.startsWith('ready-modules')),
      ['ready-modules: 1'],
    );
    t.is((await eventsOf(service))[0]?.trigger, `mbs:${row.id}`);

    const again = await ordered(service);
    t.is(again.code, 0);
    t.regex(again.out, /^Reconcile 2: compared .*; 0 differences, .*\.\n$/);
  },
);

scene('--json is one object on standard output, with every difference', async (t) => {
  const { sandbox, service } = await aDeafStory(t, family);
  const row = await builtByOthers(sandbox);
  const { code, out } = await ordered(service, { json: true });
  t.is(code, 0);
  t.is(out.split('\n').length, 2);
  const told = JSON.parse(out) as Readonly<Record<string, unknown>>;
  t.like(told, { id: 1, unreachable: [], left: 0, new_modules: 1, missed_messages: 0 });
  t.deepEqual(told['differences'], [
    {
      ...{ system: 'mbs', code: 'ready-unheard', external_id: row.id, build: null, attempt: null },
      ...{ stream: `trigger-mbs:${row.id}`, recorded: null, found: 'ready', action: 'noticed' },
      subject: `base:f28:${row.version}:${row.context}`,
    },
  ]);
});

scene('a service that cannot be reached is named, and the exit code is 4', async (t) => {
  const { service } = await aDeafStory(t, family);
  const nowhere = { ...service.config, mbsUrl: 'http://127.0.0.1:1/' };
  const { code, out, err } = await ordered({ ...service, config: nowhere });
  t.is(code, 4);
  t.regex(out, /Not \(wholly\) compared: ready-modules \(.*127\.0\.0\.1:1.*\)\.\n$/);
  t.regex(err, /^ready-modules: GET http:\/\/127\.0\.0\.1:1\//m);
  t.regex(err, /^own-tasks: 0$/m);
});

scene('a run of another process is waited for, and then a new one is done', async (t) => {
  const { service } = await aDeafStory(t, family);
  const other = await reconcileDepsFor(service, { owner: 'the-other' });
  const theirs = must(await claim(other, { seen: null }, { why: 'order' }));
  if (theirs.type !== 'ours') throw new Error('not begun');
  const said: Said = { out: '', err: '' };
  const waiting = ordered(service, {}, {}, { said });
  await until(service, () => Promise.resolve(said.err.includes('waiting')));
  const { signal } = new AbortController();
  must(await carryRun(other, theirs.run, theirs.marks, signal));

  const { code, out, err } = await waiting;

  t.is(code, 0);
  t.is(
    err
      .split('\n')
      .filter((line) => line.includes('waiting'))
      .join('|'),
    'Reconcile 1 is under way, by the-other: waiting for it to end.',
  );
  t.regex(out, /^Reconcile 2: /m);
  const types = (await reconcileEvents(service)).map(({ type }) => type);
  t.deepEqual(types, [
    ...['ReconcileBegun', 'ReconcileCompleted', 'ReconcileBegun', 'ReconcileCompleted'],
  ]);
});

scene('who interrupts it while it waits, or while it compares, gets 130', async (t) => {
  const { service } = await aDeafStory(t, family);
  const stopping = new AbortController();
  const catchUp: ReconcileDeps['outside']['catchUp'] = async (_why, signal) => {
    const stopped = once(signal, 'abort');
    stopping.abort();
    await stopped;
    return { _tag: 'Left', left: { code: 'interrupted', reason: 'Stopped.' } };
  };
  const comparing = await ordered(
    service,
    {},
    { outside: { catchUp } },
    { signal: stopping.signal },
  );
  t.is(comparing.code, 130);
  t.is(comparing.out, '');
  t.regex(comparing.err, /Interrupted; run it again to compare anew\.\n$/);
  t.is((await reconcileEvents(service)).at(-1)?.type, 'ReconcileAbandoned');

  const other = await reconcileDepsFor(service);
  must(await claim(other, { seen: null }, { why: 'order' }));
  const [leaving, said] = [new AbortController(), { out: '', err: '' }];
  const waiting = ordered(service, {}, {}, { signal: leaving.signal, said });
  await until(service, () => Promise.resolve(said.err.includes('waiting')));
  leaving.abort();
  t.is((await waiting).code, 130);
  t.is((await reconcileEvents(service)).at(-1)?.type, 'ReconcileBegun');
});

scene(
  'an index that nobody keeps up is told with what to run, and the rest is compared',
  async (t) => {
    const { service } = await aDeafStory(t, family);
    const openStreams: ReconcileDeps['openStreams'] = () =>
      Promise.resolve({ _tag: 'Left', left: { code: 'index-behind', reason: 'Run a backend.' } });
    const { code, out, err } = await ordered(service, {}, { openStreams });
    t.is(code, 4);
    t.regex(err, /^running-modules: Run a backend\.$/m);
    t.regex(out, /running-modules \(Run a backend\.\); running-images/);
    t.regex(out, /compared .*ready-modules 0, finished-images 0, own-tasks 0/);
  },
);

test('where there is no log, or nobody to ask, it is wrong use and nothing is made', async (t) => {
  const folder = tempFolder(t);
  const none = await freshmaker(['--data', folder]);
  t.is(none.code, 2, none.err);
  t.regex(none.err, /there is no log .*log\.db; name the folder that holds one with --data/);
  t.is(none.out, '');
});

scene('as a process of its own it works on the log of a service that runs', async (t) => {
  const { service } = await aDeafStory(t, family);
  const { data, mbsUrl, kojiUrl } = service.config;
  const nobody = await freshmaker(['--data', data], {});
  t.is(nobody.code, 2, nobody.err);
  t.regex(nobody.err, /there is nobody to ask; set FRESHMAKER_MBS_URL/);
  const { code, out, err } = await freshmaker(['--data', data, '--json'], {
    ...{ FRESHMAKER_MBS_URL: mbsUrl ?? '', FRESHMAKER_KOJI_URL: kojiUrl ?? '' },
    FRESHMAKER_KOJI_LOGIN: 'plain',
  });
  t.is(code, 0, err);
  const told = JSON.parse(out) as { readonly asked: ReadonlyArray<{ readonly question: string }> };
  t.deepEqual(
    told.asked.map(({ question }) => question),
    [...['running-modules', 'running-images', 'ready-modules', 'finished-images', 'own-tasks']],
  );
  t.is((await reconcileEvents(service)).at(-1)?.type, 'ReconcileCompleted');
});
