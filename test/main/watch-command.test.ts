import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ExecutionContext } from 'ava';
import test from 'ava';
import type { Watching } from '../../main/commands/watch.ts';
import { buildsWatch } from '../../main/commands/watch.ts';
import { aBuild, eventsAndBuilds } from '../support/api-rows.ts';
import { anAsker } from '../support/asking-world.ts';

const quickly = { wait: true, every: 0.01 };
const now = (): string => '2026-11-22T16:39:58.000Z';

/** A build as the API shows it. */
const shown = (id: number, name: string, state: string, reason: string | null = null) => ({
  ...{ id, name, state: 0, state_name: state, state_reason: reason, type_name: 'MODULE' },
  ...{ build_args: { branch: '1' }, build_id: null, dep_on: null, dep_on_id: null, event_id: 1 },
  ...{ rebuild_reason: 'directly_affected', rebuilt_nvr: null, time_completed: null },
  ...{ odcs_composes: [], original_nvr: null },
  time_submitted: '2026-11-22T16:40:00Z',
});

type Builds = ReadonlyArray<ReturnType<typeof shown>>;

const pageOf = (builds: Builds) => ({
  items: builds,
  meta: { page: 1, pages: 1, total: builds.length },
});

/**
 * A service whose builds go on with every look: the nth look sees the nth list, and stays at the
 * last. An undefined look is a 503.
 */
const aServiceOf = async (t: ExecutionContext, looks: ReadonlyArray<Builds | undefined>) => {
  let look = -1;
  const stopping = new AbortController();
  const answer = (path: string): object | undefined => {
    const isLook = !path.includes('/attempts');
    if (isLook) look += 1;
    if (look > looks.length) stopping.abort();
    const builds = looks[Math.min(look, looks.length - 1)];
    if (builds === undefined) return undefined;
    const [, id] = /builds\/(\d+)/.exec(path) ?? [];
    if (id === undefined) return pageOf(builds.toReversed());
    const build = builds.find((one) => String(one.id) === id);
    if (build === undefined) return undefined;
    if (isLook) return build;
    return { artifact: null, branch: null, dry_run: false, event_ids: [1], id: 7, items: [] };
  };
  const server = createServer((request, response) => {
    const body = answer(request.url ?? '');
    if (body === undefined) response.statusCode = 503;
    response.end(JSON.stringify(body ?? {}));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  const said = { out: '', err: '' };
  const deps: Watching = {
    url: `http://127.0.0.1:${port}`,
    stdout: (text) => void (said.out += text),
    stderr: (text) => void (said.err += text),
    screen: { isTerminal: false, columns: 80 },
    ...{ now, signal: stopping.signal },
  };
  return { deps, said };
};

const planned = shown(7, 'elm', 'PLANNED');
const running = shown(7, 'elm', 'BUILD', 'Build 9 is build.');
const done = shown(7, 'elm', 'DONE', 'Built successfully.');
const failed = shown(7, 'elm', 'FAILED', 'It broke.');
const canceled = shown(7, 'elm', 'CANCELED', 'no-cause-left');

test('a build is followed until it is done, every change told once', async (t) => {
  const looks = [[planned], [running], [running], [running], [done]];
  const { deps, said } = await aServiceOf(t, looks);
  t.is(await buildsWatch(deps, '7', quickly), 0);
  t.deepEqual(said.out.split('\n'), [
    '16:39:58  PLANNED   build 7 elm:1',
    '16:39:58  BUILD     build 7 elm:1  Build 9 is build.',
    '16:39:58  DONE      build 7 elm:1  Built successfully.',
    '',
  ]);
});

for (const [name, end] of [
  ['failed', failed],
  ['was cancelled', canceled],
] as const) {
  test(`watching a build that ${name} ends with 1`, async (t) => {
    const { deps } = await aServiceOf(t, [[running], [end]]);
    t.is(await buildsWatch(deps, '7', quickly), 1);
  });
}

test('with --nowait a build is told as it is, and not waited for', async (t) => {
  const { deps, said } = await aServiceOf(t, [[running], [failed]]);
  t.is(await buildsWatch(deps, '7', { ...quickly, wait: false }), 0);
  t.is(said.out.split('\n').length, 2);
});

test('--json gives each change as an object of its own line', async (t) => {
  const { deps, said } = await aServiceOf(t, [[running], [done]]);
  await buildsWatch(deps, '7', { ...quickly, json: true });
  const states = said.out
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { readonly state_name: string }).state_name);
  t.deepEqual(states, ['BUILD', 'DONE']);
});

test('a service that is silent for a while is asked again', async (t) => {
  const { deps, said } = await aServiceOf(t, [[running], undefined, undefined, [done]]);
  t.is(await buildsWatch(deps, '7', quickly), 0);
  t.is(said.err.match(/Trying on/g)?.length, 1);
});

test('Ctrl-C before the end is no success', async (t) => {
  const { deps } = await aServiceOf(t, [[running], [running]]);
  t.is(await buildsWatch(deps, '7', quickly), 130);
});

test('a rehearsed build is not waited for', async (t) => {
  const rehearsed = aBuild({ id: 7, state: 4, dryRun: true });
  const { deps, said } = await anAsker(t, eventsAndBuilds([], [rehearsed]));
  t.is(await buildsWatch({ ...deps, now }, '7', quickly), 0);
  t.regex(said.err, /part of a rehearsal/);
});

test('without an id what runs is told, then every change of any build until Ctrl-C', async (t) => {
  const old = shown(5, 'oak', 'DONE');
  const other = shown(8, 'fir', 'PLANNED');
  const looks = [
    [old, running],
    [old, running, other],
    [old, done, other],
  ];
  const { deps, said } = await aServiceOf(t, looks);
  t.is(await buildsWatch(deps, undefined, quickly), 0);
  t.deepEqual(
    said.out
      .trim()
      .split('\n')
      .map((line) => line.split(/ +/).slice(1, 4).join(' ')),
    ['BUILD build 7', 'PLANNED build 8', 'DONE build 7'],
  );
});
