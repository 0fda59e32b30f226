import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import { odcsOverHttp } from '../../clients/odcs/http.ts';
import { aHub, fault, left, loggingIn, right, source, value } from './koji/a-hub.ts';
import type { Hub } from './koji/a-hub.ts';
import type { XmlRpcValue } from '../../clients/koji/xml-rpc/value.ts';
import { anOdcs } from '../support/odcs-server.ts';
import { must } from '../support/service.ts';
import { aPage, aRow, aServer, json } from './mbs/server.ts';

type Failed = { readonly code: string };

const codeOf = (answer: E.Either<Failed, unknown>): string =>
  E.isLeft(answer) ? answer.left.code : 'answered';

/** Where a server answers everything with this, as JSON. */
const aList = async (t: ExecutionContext, body: unknown): Promise<string> => {
  const server = createServer((_request, response) => json(response, 200, body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
};

const since = '2026-01-02T03:04:05.678Z';
const changed = { time_modified: '2026-01-02T03:14:05Z' };

const readySince = async (t: ExecutionContext, items: ReadonlyArray<unknown>, page = 1) => {
  const stand = await aServer(t, (_asked, response) =>
    json(response, 200, aPage(items, page, page + 2)),
  );
  return { answer: await stand.mbs().readySince(since, page)(), asked: stand.asked };
};

test('MBS is asked for what is ready and changed since, oldest id first', async (t) => {
  const { answer, asked } = await readySince(t, [aRow(changed)], 3);
  t.is(asked.length, 1);
  t.deepEqual(Object.fromEntries(asked[0]!.url.searchParams), {
    ...{ state: 'ready', modified_after: '2026-01-02T03:04:05Z', order_by: 'id' },
    ...{ page: '3', per_page: '100' },
  });
  if (E.isLeft(answer)) return t.fail(answer.left.reason);
  t.is(answer.right.pages, 5);
  t.like(answer.right.builds[0], { id: 7, changedAt: '2026-01-02T03:14:05.000Z' });
});

test('what a list of MBS should not hold is passed over: filters it did not know', async (t) => {
  const { answer } = await readySince(t, [
    aRow({ id: 1, time_modified: '2026-01-02T03:04:04Z' }),
    aRow({ id: 2, time_modified: '2026-01-02T03:04:05Z' }),
    aRow({ id: 3, ...changed, scratch: true }),
    aRow({ id: 4, ...changed, state: 3, state_name: 'build' }),
    aRow({ id: 5, time_modified: Date.parse('2026-01-02T03:14:05Z') / 1000, scratch: false }),
  ]);
  if (E.isLeft(answer)) return t.fail(answer.left.reason);
  t.deepEqual(
    answer.right.builds.map(({ id }) => id),
    [2, 5],
  );
});

for (const [what, items] of [
  ['without a time of change', [aRow()]],
  ['with a time of change that is none', [aRow(changed), aRow({ id: 8, time_modified: 'soon' })]],
  ['without an id', [aRow({ ...changed, id: null })]],
] as const) {
  test(`a ready row of MBS ${what} makes the list unreadable: it may be what was missed`, async (t) => {
    const { answer } = await readySince(t, items);
    t.is(codeOf(answer), 'mbs-unreadable');
  });
}

const user = { id: 4, name: 'freshmaker', status: 0, usertype: 0 };
const aTask = (id: number, request: XmlRpcValue, state = 2) => ({ id, state, request });

const aHubOf = (t: ExecutionContext, rows: XmlRpcValue): Promise<Hub> =>
  aHub(
    t,
    loggingIn(({ method }, response) =>
      value(response, method === 'getLoggedInUser' ? user : rows),
    ),
  );
const instant = Date.parse(since) / 1000 - 0.001;

test('Koji is asked for complete image builds from the very moment on', async (t) => {
  const hub = await aHubOf(t, [{ build_id: 31, nvr: 'web-1-1', extra: null }]);
  t.deepEqual(await right(hub.koji().imageBuildsSince(since, 200, 100)), [
    { id: 31, nvr: 'web-1-1' },
  ]);
  const queryOpts = { order: 'build_id', offset: 200, limit: 100 };
  t.deepEqual(hub.asked[0]?.params, [
    { type: 'image', state: 1, completeAfter: instant, queryOpts, __starstar: true },
  ]);
});

test('Koji is asked for our own container tasks, and odd requests are told as they are', async (t) => {
  const target = 'f40-container-candidate';
  const hub = await aHubOf(t, [
    aTask(70, [source, target, { git_branch: 'f40', release: '1.9' }]),
    aTask(71, [source, target, { git_branch: null }], 1),
    aTask(72, [source]),
    aTask(73, [{ odd: true }, 5, 'x']),
    aTask(74, null),
  ]);
  const koji = hub.koji();
  const tasks = await right(koji.ownTasks(since, 0, 50));
  t.deepEqual(
    tasks.map(({ id, source: of, branch, release }) => [id, of, branch, release]),
    [
      [70, source, 'f40', '1.9'],
      [71, source, null, null],
      [72, source, null, null],
      [73, '', null, null],
      [74, '', null, null],
    ],
  );
  t.is(tasks[1]?.stateName, 'OPEN');
  const [wanted, options] = hub.asked.find(({ method }) => method === 'listTasks')!.params;
  t.deepEqual(wanted, {
    ...{ owner: 4, method: 'buildContainer', createdAfter: instant, decode: true },
  });
  t.deepEqual(options, { order: 'id', offset: 0, limit: 50 });
});

test('lists of Koji that nobody can read are unreadable, and faults are refusals', async (t) => {
  for (const rows of [null, 'many', [{ nvr: 'web-1-1' }], [{ id: 70, state: 2 }]]) {
    const koji = (await aHubOf(t, rows)).koji();
    t.is((await left(koji.imageBuildsSince(since, 0, 9))).code, 'koji-unreadable');
    t.is((await left(koji.ownTasks(since, 0, 9))).code, 'koji-unreadable');
  }
  const refusing = (await aHub(t, (_asked, response) => fault(response, 1000, 'no'))).koji();
  t.is((await left(refusing.imageBuildsSince(since, 0, 9))).code, 'koji-refused');
  t.is((await left(refusing.ownTasks(since, 0, 9))).code, 'koji-refused');
});

const order = { builds: ['b-1-1'], packages: [], sigkeys: [''], arches: [], secondsToLive: 600 };

test('composes of ODCS are read page by page down to the id, and no further', async (t) => {
  const { odcs, asked } = await anOdcs(t);
  for (let made = 0; made < 120; made += 1) must(await odcs().create(order)());
  const us = odcs({ owner: 'us' });
  const pages = (): number => asked.filter(({ method }) => method === 'GET').length;
  t.is(must(await us.ownSince(0)())?.length, 120);
  t.is(pages(), 3);
  const newest = must(await us.ownSince(90)());
  t.deepEqual([newest?.length, newest?.[0]?.id, newest?.at(-1)?.id], [30, 120, 91]);
  t.is(pages(), 4);
});

test('composes of others and of other kinds are passed over: filters ODCS did not know', async (t) => {
  const { odcs, set } = await anOdcs(t);
  for (let made = 0; made < 4; made += 1) must(await odcs().create(order)());
  set(2, { owner: 'them' });
  set(3, { source_type: 1 });
  const own = must(await odcs({ owner: 'us' }).ownSince(0)());
  t.deepEqual(
    own?.map(({ id }) => id),
    [4, 1],
  );
});

test('a compose that moves to the next page while the list is read is told once', async (t) => {
  const { odcs, asked, rows } = await anOdcs(t);
  for (let made = 0; made < 60; made += 1) must(await odcs().create(order)());
  const [newest] = rows.slice(-1);
  const push = asked.push.bind(asked);
  asked.push = (...all) => {
    const isSecond = all.some(({ url }) => url.searchParams.get('page') === '2');
    if (isSecond && newest !== undefined) rows.push({ ...newest, id: 61 });
    return push(...all);
  };
  const own = must(await odcs({ owner: 'us' }).ownSince(0)());
  const ids = own?.map(({ id }) => id) ?? [];
  t.is(ids.length, 60);
  t.is(new Set(ids).size, 60);
});

test('lists of ODCS that nobody can read, or in another order, are unreadable', async (t) => {
  const ill = [
    { items: [{ id: 1 }], meta: { pages: 1 } },
    { items: [{ id: 'one', state: 2 }], meta: { pages: 1 } },
    { items: 'none', meta: { pages: 1 } },
    { items: [] },
    null,
  ];
  for (const body of ill) {
    const baseUrl = await aList(t, body);
    const odcs = odcsOverHttp({ baseUrl, owner: 'us', callTimeout: 20_000, concurrency: 2 });
    t.is(codeOf(await odcs.ownSince(0)()), 'odcs-unreadable', JSON.stringify(body));
  }
  const { odcs, rows } = await anOdcs(t);
  for (let made = 0; made < 2; made += 1) must(await odcs().create(order)());
  rows.reverse();
  t.is(codeOf(await odcs({ owner: 'us' }).ownSince(0)()), 'odcs-unreadable');
});
