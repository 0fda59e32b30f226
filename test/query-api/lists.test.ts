import test from 'ava';
import { aBuild, anEvent, eventsAndBuilds } from '../support/api-rows.ts';
import { stockedApi, stockedAt } from '../support/stocked-api.ts';

type Listing = {
  readonly items: ReadonlyArray<Readonly<Record<string, unknown>>>;
  readonly meta: Readonly<Record<string, unknown>>;
};

const five = eventsAndBuilds(
  [1, 2, 3, 4, 5].map((id) => anEvent({ id, state: id % 2, requester: id < 3 ? 'alice' : null })),
  [
    aBuild({ id: 1, state: 1 }),
    aBuild({ id: 2, state: 2, eventId: 2, eventIds: [2, 1] }),
    aBuild({ id: 3, state: 1, eventId: 2, depOnId: 1, buildId: 77 }),
  ],
);

const pages: ReadonlyArray<readonly [string, Readonly<Record<string, unknown>>]> = [
  ['', { page: 1, per_page: 10, pages: 1, total: 5 }],
  ['?page=2&per_page=2', { page: 2, per_page: 2, pages: 3, total: 5 }],
  ['?page=9&per_page=2', { page: 9, per_page: 2, pages: 3, next: null }],
  ['?page=0', { page: 1 }],
  ['?page=-3', { page: 1 }],
  ['?page=', { page: 1 }],
  ['?page=x', { page: 1 }],
  ['?page=99999999999999999999', { page: 1 }],
  ['?page=9007199254740991&per_page=1000', { page: 9007199254740991, total: 5 }],
  ['?per_page=', { per_page: 10 }],
  ['?per_page=1.5', { per_page: 10 }],
  ['?per_page=-1', { per_page: 20 }],
  ['?per_page=0', { per_page: 0, pages: 0, total: 5 }],
  ['?per_page=5000', { per_page: 1000 }],
  ['?page=2&page=1&per_page=2&per_page=4', { page: 2, per_page: 2 }],
  ['?state=4', { page: 1, pages: 0, total: 0 }],
];

for (const [query, expected] of pages) {
  test(`events/${query} tells ${JSON.stringify(expected)}`, async (t) => {
    const app = await stockedApi(t, five);
    const answer = await app.inject(`/api/2/events/${query}`);
    t.is(answer.statusCode, 200);
    t.like(answer.json<Listing>().meta, expected);
  });
}

test('a page holds its rows and no others', async (t) => {
  const app = await stockedApi(t, five);
  const ids = async (query: string): Promise<ReadonlyArray<unknown>> =>
    (await app.inject(`/api/2/events/${query}`)).json<Listing>().items.map((item) => item['id']);
  t.deepEqual(await ids('?per_page=2'), [5, 4]);
  t.deepEqual(await ids('?per_page=2&page=3'), [1]);
  t.deepEqual(await ids('?per_page=0'), []);
  t.deepEqual(await ids('?page=9'), []);
  t.deepEqual(await ids('?order_by=message_id&per_page=2'), [1, 2]);
});

test('links around a page lead to the asker’s host and repeat every filter in its order', async (t) => {
  const app = await stockedApi(t, five);
  const url = '/api/2/events?state=1&page=2&_x=1&state=building&per_page=1&odd=a%26b&endpoint=e';
  const answer = await app.inject({ url, headers: { host: 'rebuilds.example:8080' } });
  const list = 'http://rebuilds.example:8080/api/2/events/';
  const others = '&state=1&state=building&odd=a%26b';
  t.like(answer.json<Listing>().meta, {
    first: `${list}?page=1&per_page=1${others}`,
    prev: `${list}?page=1&per_page=1${others}`,
    next: `${list}?page=3&per_page=1${others}`,
    last: `${list}?page=3&per_page=1${others}`,
  });
});

test('behind a proxy, links and paths follow what the proxy says', async (t) => {
  const app = await stockedApi(t, five);
  const headers = {
    'x-scheme': 'https',
    'x-forwarded-host': 'rebuilds.example',
    'x-script-name': '/freshmaker',
  };
  const answer = await app.inject({ url: '/freshmaker/api/2/events/', headers });
  const { meta } = answer.json<Listing>();
  t.is(meta['first'], 'https://rebuilds.example/freshmaker/api/2/events/?page=1&per_page=10');
});

test('a forged host or prefix does not get into links', async (t) => {
  const app = await stockedApi(t, five);
  const headers = { 'x-forwarded-host': 'evil/"><b>', 'x-script-name': '//evil', 'x-scheme': 'js' };
  const { meta } = (await app.inject({ url: '/api/2/events/', headers })).json<Listing>();
  t.is(meta['first'], 'http://localhost:80/api/2/events/?page=1&per_page=10');
});

const filtered: ReadonlyArray<readonly [string, ReadonlyArray<number>]> = [
  ['events/?state=BuIlDiNg', [5, 3, 1]],
  ['events/?state=0&state=building', [5, 4, 3, 2, 1]],
  ['events/?state=01', [5, 3, 1]],
  ['events/?state=99999999999999999999', []],
  ['events/?requester=alice&state=0', [2]],
  ['events/?requester=', []],
  ['events/?event_type_id=abc', []],
  ['events/?event_type_id=abc&event_type_id=2&search_key=pkg3/f39?%230f1e', [3]],
  ['events/?message_id=2026-message-1,2026-message-2', []],
  ['builds/?event_id=1', [2, 1]],
  ['builds/?event_id=', [3, 2, 1]],
  ['builds/?event_id=one', []],
  ['builds/?state=done', [3, 1]],
  ['builds/?state=2&state=1', [2]],
  ['builds/?state=', [3, 2, 1]],
  ['builds/?type=MODULE&dep_on_id=1', [3]],
  ['builds/?build_id=77', [3]],
  ['builds/?order_by=dep_on_id', [1, 2, 3]],
  ['builds/?order_by=-build_id&per_page=1', [3]],
];

for (const [query, expected] of filtered) {
  test(`${query} finds ${JSON.stringify(expected)}`, async (t) => {
    const app = await stockedApi(t, five);
    const answer = await app.inject(`/api/1/${query}`);
    t.deepEqual(
      answer.json<Listing>().items.map(({ id }) => id),
      expected,
    );
  });
}

test('the short form counts the builds of every event it caused, by state', async (t) => {
  const app = await stockedApi(t, five);
  const { items } = (await app.inject('/api/2/events/?order_by=id&per_page=3')).json<Listing>();
  t.deepEqual(
    items.map((item) => item['builds_summary']),
    [{ DONE: 1, FAILED: 1, total: 2 }, { DONE: 1, FAILED: 1, total: 2 }, { total: 0 }],
  );
});

test('the full form lists the builds of every event it caused, in the order of their ids', async (t) => {
  const app = await stockedApi(t, five);
  const builds = async (url: string): Promise<unknown> =>
    (await app.inject(url))
      .json<{ readonly builds?: ReadonlyArray<{ readonly id: number }> }>()
      .builds?.map(({ id }) => id);
  t.deepEqual(await builds('/api/1/events/1'), [1, 2]);
  t.deepEqual(await builds('/api/2/events/2?show_full_json=True'), [2, 3]);
  t.is(await builds('/api/2/events/2'), undefined);
  t.is(await builds('/api/2/events/2?show_full_json=true'), undefined);
  t.is(await builds('/api/2/events/2?show_full_json=True&show_full_json=True'), undefined);
});

test('an answer names the position of the log it holds for', async (t) => {
  const app = await stockedApi(t, five);
  for (const url of ['/api/1/builds/', '/api/1/builds/2', '/api/2/events/1/decisions']) {
    const { headers, statusCode } = await app.inject(url);
    t.is(statusCode, 200);
    t.is(headers['x-position'], stockedAt, url);
  }
});
