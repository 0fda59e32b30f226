import test from 'ava';
import {
  aBuild,
  aDecision,
  aMessage,
  aModule,
  anEvent,
  eventsAndBuilds,
} from '../support/api-rows.ts';
import { stockedApi } from '../support/stocked-api.ts';

type Items = { readonly items: ReadonlyArray<Readonly<Record<string, unknown>>> };

const decided = {
  ...eventsAndBuilds([anEvent({ id: 1 }), anEvent({ id: 2 })]),
  decisions: {
    '1/a': aDecision({ eventId: 1, name: 'a', depth: 1, waitsFor: ['module:b:20'] }),
    '1/b': aDecision({ eventId: 1, name: 'b' }),
    '1/c': aDecision({ eventId: 1, name: 'c', verdict: 'no', code: 'not-allowed', rule: null }),
    '2/a': aDecision({ eventId: 2, name: 'a', verdict: 'later' }),
  },
};

const decisions: ReadonlyArray<readonly [string, ReadonlyArray<string>]> = [
  ['events/1/decisions/', ['1 b', '1 c', '1 a']],
  ['events/1/decisions?verdict=no', ['1 c']],
  ['events/1/decisions?code=not-allowed&code=holds-changed-package', ['1 b', '1 c', '1 a']],
  ['events/1/decisions?artifact=module:a:20', ['1 a']],
  ['decisions/', ['2 a', '1 b', '1 c', '1 a']],
  ['decisions?artifact=module:a:20', ['2 a', '1 a']],
  ['decisions?event_id=1&verdict=yes&name=b', ['1 b']],
];

for (const [url, expected] of decisions) {
  test(`${url} shows ${expected.join(', ')}`, async (t) => {
    const app = await stockedApi(t, decided);
    const { items } = (await app.inject(`/api/2/${url}`)).json<Items>();
    t.deepEqual(
      items.map(({ event_id: event, name }) => `${String(event)} ${String(name)}`),
      expected,
    );
  });
}

test('a decision is shown with its rule, policy, evidence and place in the log', async (t) => {
  const app = await stockedApi(t, decided);
  const { items } = (
    await app.inject('/api/2/events/1/decisions?artifact=module:a:20')
  ).json<Items>();
  t.deepEqual(items, [
    {
      artifact: 'module:a:20',
      branch: '20',
      code: 'holds-changed-package',
      decided_at: '2026-11-22T16:39:59Z',
      depth: 1,
      event_id: 1,
      evidence: { package: 'nodejs' },
      kind: 'module',
      name: 'a',
      policy_version: '5f1d7a84db00',
      reason: 'directly_affected',
      recorded_in: 'trigger-4c1b',
      revision: 2,
      rule: 'all-modules',
      verdict: 'yes',
      waits_for: ['module:b:20'],
    },
  ]);
});

const received = {
  messages: {
    'message-1': aMessage({ messageId: 'one', observedAt: '2026-11-22T16:00:01.000Z' }),
    'message-2': aMessage({
      ...{ messageId: 'two', observedAt: '2026-11-22T16:00:02.000Z', topic: 'bodhi.update' },
      ...{ verdict: 'set-aside', code: 'no-flow-yet', transport: 'replay', trigger: null },
    }),
    'message-3': aMessage({ messageId: 'three', observedAt: '2026-11-22T16:00:03.000Z' }),
  },
};

const messages: ReadonlyArray<readonly [string, ReadonlyArray<string>]> = [
  ['', ['three', 'two', 'one']],
  ['?topic=git.receive', ['three', 'one']],
  ['?verdict=set-aside', ['two']],
  ['?code=no-flow-yet', ['two']],
  ['?message_id=one&message_id=two', ['two', 'one']],
  ['?transport=feed&per_page=1', ['three']],
];

for (const [query, expected] of messages) {
  test(`messages/${query} shows ${expected.join(', ')}`, async (t) => {
    const app = await stockedApi(t, received);
    const { items } = (await app.inject(`/api/2/messages${query}`)).json<Items>();
    t.deepEqual(
      items.map((item) => item['message_id']),
      expected,
    );
  });
}

test('a message is shown with the stream of the log that holds it', async (t) => {
  const app = await stockedApi(t, received);
  const { items } = (await app.inject('/api/2/messages?message_id=two')).json<Items>();
  t.is(items[0]?.['recorded_in'], 'message-2');
});

const known = {
  modules: {
    'a:20': aModule({ name: 'a' }),
    'a:3': aModule({ name: 'a', stream: '3', holds: ['npm@f40'] }),
    'b:1': aModule({ name: 'b', stream: '1', buildRequires: ['a:20', 'platform:f39'] }),
  },
};

const modules: ReadonlyArray<readonly [string, ReadonlyArray<string>]> = [
  ['', ['module:a:20', 'module:a:3', 'module:b:1']],
  ['?name=a&stream=20', ['module:a:20']],
  ['?holds=npm@f39', ['module:a:20', 'module:b:1']],
  ['?holds=npm@f39&holds=npm@f40&per_page=1&page=2', ['module:a:3']],
  ['?build_requires=a:20', ['module:b:1']],
];

for (const [query, expected] of modules) {
  test(`modules/${query} shows ${expected.join(', ')}`, async (t) => {
    const app = await stockedApi(t, known);
    const { items } = (await app.inject(`/api/2/modules${query}`)).json<Items>();
    t.deepEqual(
      items.map((item) => item['artifact']),
      expected,
    );
  });
}

test('a module is shown with what it holds and was built with', async (t) => {
  const app = await stockedApi(t, known);
  const { items } = (await app.inject('/api/2/modules?name=b')).json<Items>();
  t.deepEqual(items, [
    {
      artifact: 'module:b:1',
      build_requires: ['a:20', 'platform:f39'],
      commit: '0f1e',
      holds: ['npm@f39'],
      name: 'b',
      stream: '1',
      version: '20240301100000',
    },
  ]);
});

test('builds of one artifact can be asked for', async (t) => {
  const builds = [
    aBuild({ id: 1, name: 'a' }),
    aBuild({ id: 2, name: 'a', artifact: 'module:a:3' }),
  ];
  const app = await stockedApi(t, eventsAndBuilds([], builds));
  const { items } = (await app.inject('/api/2/builds?artifact=module:a:3')).json<Items>();
  t.deepEqual(
    items.map(({ id }) => id),
    [2],
  );
});

test('a try at an image shows its release, target, parent, composes and NVR', async (t) => {
  const order = {
    ...{ repository: 'container/httpd', target: 'f28-candidate', release: '5.17' },
    ...{ parent: 'base-1-2', originalParent: null, arches: [], composes: [4242] },
  };
  const tried = { attempt: 1, commit: 'a', externalIds: [], outcome: null, reason: null };
  const build = aBuild({ id: 7, type: 1, attempts: [{ ...tried, order, nvr: 'httpd-1-5.17' }] });
  const app = await stockedApi(t, eventsAndBuilds([], [build]));
  const { items } = (await app.inject('/api/2/builds/7/attempts')).json<{
    readonly items: ReadonlyArray<object>;
  }>();
  t.like(items[0], {
    ...{ nvr: 'httpd-1-5.17', odcs_composes: [4242], parent: 'base-1-2' },
    ...{ release: '5.17', target: 'f28-candidate' },
  });
});

test('every try at a build is shown, with every event the build answers', async (t) => {
  const tried = { attempt: 1, commit: '0f1e', externalIds: [4, 5], outcome: 'failed', reason: 'x' };
  const build = aBuild({ id: 7, eventId: 1, eventIds: [1, 2], attempts: [tried] });
  const app = await stockedApi(t, eventsAndBuilds([], [build]));
  t.deepEqual((await app.inject('/api/2/builds/7/attempts')).json(), {
    artifact: 'module:module7:20',
    branch: '20',
    dry_run: false,
    event_ids: [1, 2],
    id: 7,
    items: [
      {
        ...{ attempt: 1, commit: '0f1e', external_ids: [4, 5], outcome: 'failed', reason: 'x' },
        ...{ nvr: null, odcs_composes: [], parent: null, release: null, target: null },
      },
    ],
  });
});
