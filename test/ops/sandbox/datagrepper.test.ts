import test, { type ExecutionContext } from 'ava';
import { chance } from '../../../ops/sandbox/random.ts';
import type { Sandbox } from '../../../ops/sandbox/sandbox.ts';
import { aSandbox, feed, post } from '../../support/sandbox.ts';

type Sent = { readonly id: string; readonly topic: string; readonly body?: unknown };

const second = 1000;
const began = Math.floor(Date.now() / second) * second - 3600 * second;

/** Seconds, Unix time. */
const at = (index: number): number => began / second + index;

/** Publishes messages a second apart, the first at `at(0)`. */
const publish = (sandbox: Sandbox, ...messages: ReadonlyArray<Sent>) =>
  post(sandbox, '/sandbox/messages', {
    messages: messages.map(({ id, topic, body = {} }, index) => {
      const headers = { 'sent-at': new Date(at(index) * second).toISOString() };
      return { id, topic, body, headers };
    }),
  });

const get = async (sandbox: Sandbox, path: string) => {
  const response = await fetch(`${sandbox.datagrepperUrl}${path}`, {
    headers: { Accept: 'application/json' },
  });
  return { status: response.status, text: await response.text() };
};

type Item = { readonly id?: string; readonly msg_id?: string };
type Page = { readonly raw_messages: ReadonlyArray<Item> } & Readonly<Record<string, unknown>>;

const search = async (sandbox: Sandbox, query: string, path = '/v2/search'): Promise<Page> =>
  JSON.parse((await get(sandbox, `${path}?${query}`)).text) as Page;

const idsOf = async (sandbox: Sandbox, query: string): Promise<ReadonlyArray<unknown>> =>
  (await search(sandbox, query)).raw_messages.map(({ id }) => id);

const prefix = 'org.fedoraproject.prod.';

const push = (agent: string, repo: string) => ({ agent, commit: { repo } });

const aWorld = async (t: ExecutionContext): Promise<Sandbox> => {
  const sandbox = await aSandbox(t);
  await publish(
    sandbox,
    { id: 'a', topic: 'git.receive', body: push('ann', 'bash') },
    { id: 'b', topic: 'copr.build.end', body: { agent: 'bob', words: 'needle in hay' } },
    { id: 'c', topic: 'git.branch', body: push('bob', 'zsh') },
  );
  return sandbox;
};

const all = `start=${at(0)}&end=${at(10)}&order=asc`;

test('the newest comes first, unless it is asked otherwise', async (t) => {
  const sandbox = await aWorld(t);
  const window = `start=${at(0)}&end=${at(10)}`;
  t.deepEqual(await idsOf(sandbox, window), ['c', 'b', 'a']);
  t.deepEqual(await idsOf(sandbox, `${window}&order=desc`), ['c', 'b', 'a']);
  t.deepEqual(await idsOf(sandbox, `${window}&order=asc`), ['a', 'b', 'c']);
});

test('pages have 25 messages, and the answer says how many there are', async (t) => {
  const sandbox = await aSandbox(t);
  const many = Array.from({ length: 60 }, (_, n) => ({ id: `m${n}`, topic: 'a.b' }));
  await publish(sandbox, ...many);
  const window = `start=${at(0)}&end=${at(59)}&order=asc`;
  t.like(await search(sandbox, window), { total: 60, pages: 3, count: 25 });
  const last = await search(sandbox, `${window}&page=3`);
  t.is(last['count'], 10);
  t.is(last.raw_messages[0]?.id, 'm50');
  t.like(await search(sandbox, `${window}&rows_per_page=100`), { pages: 1, count: 60 });
  t.like(await search(sandbox, `${window}&page=4`), { count: 0, raw_messages: [] });
});

test('both ends of a window belong to it', async (t) => {
  const sandbox = await aWorld(t);
  t.deepEqual(await idsOf(sandbox, `start=${at(0)}&end=${at(1)}&order=asc`), ['a', 'b']);
  t.deepEqual(await idsOf(sandbox, `start=${at(0) + 0.001}&end=${at(1) - 0.001}`), []);
});

test('a delta reaches on from a start, back from an end, and back from now without either', async (t) => {
  const sandbox = await aWorld(t);
  t.deepEqual(await idsOf(sandbox, `start=${at(1)}&delta=0&order=asc`), ['b']);
  t.deepEqual(await idsOf(sandbox, `end=${at(1)}&delta=1&order=asc`), ['a', 'b']);
  t.deepEqual(await idsOf(sandbox, 'delta=7200&order=asc'), ['a', 'b', 'c']);
  t.deepEqual(await idsOf(sandbox, 'delta=60'), []);
  t.deepEqual(await idsOf(sandbox, `start=${at(0)}&end=${at(0)}&delta=9`), ['a']);
});

test('of one kind any of several values fits, of several kinds all have to', async (t) => {
  const sandbox = await aWorld(t);
  const { topic } = { topic: `topic=${prefix}git.receive&topic=${prefix}git.branch` };
  t.deepEqual(await idsOf(sandbox, `${all}&${topic}`), ['a', 'c']);
  t.deepEqual(await idsOf(sandbox, `${all}&${topic}&user=bob`), ['c']);
  t.deepEqual(await idsOf(sandbox, `${all}&category=copr`), ['b']);
  t.deepEqual(await idsOf(sandbox, `${all}&package=bash`), ['a']);
  t.deepEqual(await idsOf(sandbox, `${all}&topic=git.receive`), []);
});

test('what is named with not_ is left out', async (t) => {
  const sandbox = await aWorld(t);
  t.deepEqual(await idsOf(sandbox, `${all}&not_topic=${prefix}git.receive`), ['b', 'c']);
  t.deepEqual(await idsOf(sandbox, `${all}&not_category=git`), ['b']);
  t.deepEqual(await idsOf(sandbox, `${all}&not_user=bob`), ['a']);
  t.deepEqual(await idsOf(sandbox, `${all}&not_package=zsh`), ['a', 'b']);
  t.deepEqual(await idsOf(sandbox, `${all}&category=git&not_user=bob`), ['a']);
});

test('words are looked for in bodies, of a topic or category, since a start', async (t) => {
  const sandbox = await aWorld(t);
  t.deepEqual(await idsOf(sandbox, `${all}&category=copr&contains=needle`), ['b']);
  t.deepEqual(await idsOf(sandbox, `${all}&category=git&contains=needle`), []);
  for (const refused of [`${all}&contains=needle`, 'category=copr&contains=needle']) {
    const { status, text } = await get(sandbox, `/v2/search?${refused}`);
    t.is(status, 400);
    t.regex(text, /When using contains, specify/);
  }
});

const refusals = [
  ['rows_per_page=101', /rows_per_page must be &lt;= 100|rows_per_page must be <= 100/],
  ['page=0', /page must be (?:>|&gt;) 0/],
  ['order=up', /order must be either 'desc' or 'asc'/],
] as const;

test('what is out of bounds is refused with a page that says so', async (t) => {
  const sandbox = await aSandbox(t);
  t.is(refusals.length, 3);
  for (const path of ['/v2/search', '/raw']) {
    for (const [query, reason] of refusals) {
      const { status, text } = await get(sandbox, `${path}?${query}`);
      t.is(status, 400, query);
      t.regex(text, reason);
    }
  }
});

test('what is no number breaks the server, as it does there', async (t) => {
  const sandbox = await aSandbox(t);
  for (const query of ['page=x', 'rows_per_page=x', 'rows_per_page=0', 'start=x', 'delta=x']) {
    t.is((await get(sandbox, `/v2/search?${query}`)).status, 500, query);
  }
});

test('one message is found by its id, in the shape of each version', async (t) => {
  const sandbox = await aWorld(t);
  const body = { agent: 'bob', words: 'needle in hay' };
  const topic = `${prefix}copr.build.end`;
  t.like(JSON.parse((await get(sandbox, '/v2/id?id=b')).text), { id: 'b', topic, body });
  const old = { msg_id: 'b', topic, msg: body, timestamp: at(1), category: 'copr' };
  t.like(JSON.parse((await get(sandbox, '/id?id=b')).text), old);
  t.is((await get(sandbox, '/id')).status, 400);
  t.is((await get(sandbox, '/id?id=nobody')).status, 404);
  const [first] = (await search(sandbox, all, '/raw')).raw_messages;
  t.is(first?.msg_id, 'a');
});

test('what the bus drops never comes by the feed, and datagrepper has it', async (t) => {
  const sandbox = await aSandbox(t);
  await post(sandbox, '/sandbox/misbehave', { kind: 'bus-drops', share: 0.5 });
  const ids = Array.from({ length: 100 }, (_, n) => `m${n}`);
  await publish(sandbox, ...ids.map((id) => ({ id, topic: 'a.b' })));
  const dropped = ids.filter((id) => chance('bus-drops', id) < 0.5);
  t.true(dropped.length > 25 && dropped.length < 75);
  const heard = (await feed(sandbox, '')).messages.map(({ id }) => id);
  t.deepEqual(
    heard,
    ids.filter((id) => !dropped.includes(id)),
  );
  const window = `start=${at(0)}&end=${at(100)}&order=asc&rows_per_page=100`;
  t.deepEqual(await idsOf(sandbox, window), ids);
});
