import test from 'ava';
import { aHub, fault, left, loggingIn, methods, order, right, source, value } from './a-hub.ts';

const since = '2026-03-04T05:06:07.500Z';
const user = { id: 4, name: 'freshmaker' };

test('a container is asked for in a session, and its task is the answer', async (t) => {
  const hub = await aHub(
    t,
    loggingIn((_, response) => value(response, 503)),
  );
  t.is(await right(hub.koji().buildContainer(order)), 503);
  t.deepEqual(methods(hub), ['sslLogin', 'buildContainer']);
  t.deepEqual(hub.asked[0]?.params, [{ proxyuser: null, __starstar: true }]);
  t.is(hub.asked[0]?.path, '/kojihub/ssllogin');
  const { params, headers, path } = hub.asked[1]!;
  t.is(path, '/kojihub');
  t.is(headers['koji-session-id'], '9');
  t.is(headers['koji-session-key'], 'sesame');
  t.is(headers['koji-session-callnum'], '1');
  t.is(headers['content-type'], 'text/xml');
  t.truthy(headers['user-agent']);
  const options = { scratch: false, git_branch: 'f40', release: '1.1772600000' };
  t.deepEqual(params, [source, 'f40-container-candidate', options]);
});

test('what an order leaves open is left out of the options', async (t) => {
  const hub = await aHub(
    t,
    loggingIn((_, response) => value(response, 503)),
  );
  const koji = hub.koji();
  const optionsOf = async (over: Partial<typeof order> | object): Promise<unknown> => {
    await right(koji.buildContainer({ ...order, release: null, ...over }));
    return hub.asked.at(-1)?.params[2];
  };
  const plain = { scratch: false, git_branch: 'f40' };
  t.deepEqual(await optionsOf({}), plain);
  t.deepEqual(await optionsOf({ parent: 'base-40-7.f40' }), {
    ...plain,
    koji_parent_build: 'base-40-7.f40',
  });
  const repoUrls = ['https://odcs.example.org/1.repo'];
  t.deepEqual(await optionsOf({ repoUrls }), { ...plain, yum_repourls: repoUrls });
  t.deepEqual(await optionsOf({ repoUrls, composeIds: [42] }), { ...plain, compose_ids: [42] });
});

test('an answer that is no task leaves it unknown whether one was made', async (t) => {
  const hub = await aHub(
    t,
    loggingIn((_, response) => value(response, { task: 1 })),
  );
  t.is((await left(hub.koji().buildContainer(order))).code, 'koji-unknown-outcome');
});

const task = (id: number, request: ReadonlyArray<unknown> | null, state = 0) =>
  ({ id, request, state, method: 'buildContainer', owner: 4 }) as never;

test('a task is found again by its source and release among our own, newest first', async (t) => {
  const hub = await aHub(
    t,
    loggingIn(({ method }, response) => {
      if (method === 'getLoggedInUser') return value(response, user);
      if (method === 'getTaskInfo') return value(response, task(71, null, 4));
      const rows = [
        task(74, null),
        task(73, [source, 'f40-container-candidate', { git_branch: 'f40', release: '1.9' }]),
        task(72, ['git://src.example.org/container/oven?#other', 'x', { release: order.release }]),
        task(71, [source, 'f40-container-candidate', { release: order.release }]),
        task(70, [source, 'f40-container-candidate', { release: order.release }]),
      ];
      value(response, rows);
    }),
  );
  const koji = hub.koji();
  const found = await right(koji.findTask(order, since));
  t.deepEqual(found, { id: 71, state: 4, stateName: 'ASSIGNED', reason: null, builds: [] });
  const [wanted, options] = hub.asked.find(({ method }) => method === 'listTasks')!.params;
  const createdAfter = Date.parse(since) / 1000 - 0.001;
  t.deepEqual(wanted, { owner: 4, method: 'buildContainer', createdAfter, decode: true });
  t.deepEqual(options, { order: '-id', offset: 0, limit: 50 });
  await right(koji.findTask(order, since));
  t.is(methods(hub).filter((method) => method === 'getLoggedInUser').length, 1);
});

test('tasks are looked through page by page to the end before there is none', async (t) => {
  const other = (id: number) => task(id, ['git://elsewhere', 'x', {}]);
  const hub = await aHub(
    t,
    loggingIn(({ method, params }, response) => {
      if (method === 'getLoggedInUser') return value(response, user);
      const { offset } = params[1] as { readonly offset: number };
      const count = offset === 100 ? 3 : 50;
      value(
        response,
        Array.from({ length: count }, (_, at) => other(1000 - offset - at)),
      );
    }),
  );
  t.is(await right(hub.koji().findTask(order, since)), undefined);
  t.is(methods(hub).filter((method) => method === 'listTasks').length, 3);
});

test('an order without a release is found by its source and no release', async (t) => {
  const hub = await aHub(
    t,
    loggingIn(({ method }, response) => {
      if (method === 'getLoggedInUser') return value(response, user);
      if (method === 'getTaskInfo') return value(response, task(6, null));
      value(response, [task(7, [source, 'x', { release: '1.9' }]), task(6, [source, 'x', {}])]);
    }),
  );
  t.is((await right(hub.koji().findTask({ source, release: null }, since)))?.id, 6);
});

test('a closed task tells the builds it made, as numbers', async (t) => {
  const hub = await aHub(t, ({ method }, response) =>
    value(
      response,
      method === 'getTaskInfo' ? task(5, null, 2) : { repositories: [], koji_builds: ['31', 32] },
    ),
  );
  t.deepEqual(await right(hub.koji().task(5)), {
    ...{ id: 5, state: 2, stateName: 'CLOSED', reason: null, builds: [31, 32] },
  });
});

test('a failed task tells why in the words of Koji', async (t) => {
  const hub = await aHub(t, ({ method, params }, response) => {
    if (method === 'getTaskInfo') return value(response, task(5, null, 5));
    t.deepEqual(params, [5, { raise_fault: false, __starstar: true }]);
    value(response, { faultCode: 1005, faultString: 'BuildError: no flour' });
  });
  const { stateName, reason } = await right(hub.koji().task(5));
  t.deepEqual([stateName, reason], ['FAILED', 'BuildError: no flour']);
});

test('a hub that tells the failure of a task as a fault is understood, too', async (t) => {
  const hub = await aHub(t, ({ method }, response) =>
    method === 'getTaskInfo'
      ? value(response, task(5, null, 5))
      : fault(response, 1005, 'BuildError: no flour'),
  );
  t.regex((await right(hub.koji().task(5))).reason ?? '', /BuildError: no flour/);
});

test('a task that is not at its end, or canceled, has neither reason nor builds', async (t) => {
  const states = ['FREE', 'OPEN', undefined, 'CANCELED', 'ASSIGNED'];
  for (const [state, stateName] of states.entries()) {
    if (stateName === undefined) continue;
    const hub = await aHub(t, (_, response) => value(response, task(5, null, state)));
    t.deepEqual(await right(hub.koji().task(5)), {
      ...{ id: 5, state, stateName, reason: null, builds: [] },
    });
    t.deepEqual(methods(hub), ['getTaskInfo']);
  }
});

test('a task Koji does not know is missing', async (t) => {
  const hub = await aHub(t, (_, response) => value(response, null));
  t.is((await left(hub.koji().task(5))).code, 'koji-missing');
});
