import test from 'ava';
import type { ExecutionContext } from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import { readPage } from '../../ingest/datagrepper/read-page.ts';
import type {
  DatagrepperFailure,
  Question,
  SearchLimits,
} from '../../ingest/datagrepper/search.ts';
import { searchAt } from '../../ingest/datagrepper/search.ts';
import { topicsOfFlows } from '../../ingest/datagrepper/wanted-topics.ts';
import { defaultPrefixes } from '../../ingest/envelope/topic-prefix.ts';
import { normaliseAnything } from '../../ingest/normal-form.ts';
import type { Grepped } from '../support/datagrepper-server.ts';
import { aDatagrepper } from '../support/datagrepper-server.ts';

const question: Question = {
  ...{ from: 1_700_000_000_500, to: 1_700_000_100_500, topics: ['a.b', 'a.c'] },
  ...{ page: 3, rows: 100 },
};

const found = (messages: string, pages = 7): Grepped => ({
  text: `{"raw_messages": [${messages}], "total": 1, "pages": ${pages}, "count": 1, "arguments": {}}`,
});

const asking = async (
  t: ExecutionContext,
  script: Parameters<typeof aDatagrepper>[1],
  limits: SearchLimits = {},
) => {
  const { url, asked } = await aDatagrepper(t, script);
  const search = searchAt(url, limits);
  const signal = new AbortController().signal;
  return {
    asked,
    ask: () => search(question, signal)(),
    page: () => readPage(search, question, signal),
  };
};

test('bounds, order, topics and page are asked for as datagrepper wants them', async (t) => {
  const { asked, ask } = await asking(t, () => found(''));
  t.deepEqual(await ask(), E.right({ pages: 7, messages: [] }));
  t.is(asked[0]?.pathname, '/datagrepper/v2/search');
  t.deepEqual(
    [...(asked[0]?.searchParams ?? [])],
    [
      ['start', '1700000000'],
      ['end', '1700000101'],
      ['topic', 'a.b'],
      ['topic', 'a.c'],
      ['order', 'asc'],
      ['rows_per_page', '100'],
      ['page', '3'],
    ],
  );
});

test('the body of a message is kept exactly as it came', async (t) => {
  const body = '{"b":  1.50, "a": "\\u00e9\u2192", "n": 12345678901234567890}';
  const text = `{"topic": "org.fedoraproject.prod.x.y", "id": "2019-abc", "headers": {}, "body": ${body}}`;
  const { ask } = await asking(t, () => found(text));
  const answer = await ask();
  if (E.isLeft(answer)) return t.fail(answer.left.reason);
  t.is(answer.right.messages.length, 1);
  const [one] = answer.right.messages;
  if (one === undefined) return;
  const { bodyText, key, topic } = normaliseAnything(one.raw, one.source);
  t.is(bodyText, body);
  t.deepEqual([key, topic], ['abc', 'x.y']);
});

test('an item of /raw is read like one of /v2/search', async (t) => {
  const text =
    '{"topic": "org.fedoraproject.prod.x.y", "msg_id": "2019-abc", "timestamp": 1489694711.0, "i": 3, "source_name": "datanommer", "msg": {"a": 1}}';
  const { ask } = await asking(t, () => found(text));
  const answer = await ask();
  if (E.isLeft(answer)) return t.fail(answer.left.reason);
  t.is(answer.right.messages.length, 1);
  const [one] = answer.right.messages;
  if (one === undefined) return;
  t.like(normaliseAnything(one.raw, one.source), {
    ...{ key: 'abc', bodyText: '{"a": 1}', sentAt: '2017-03-16T20:05:11.000Z', format: 'fedmsg' },
  });
});

test('a datagrepper that knows no /v2/search is asked by /raw from then on', async (t) => {
  const { asked, ask } = await asking(t, (path) =>
    path === '/datagrepper/raw' ? found('') : { status: 404, text: '<h1>Not Found</h1>' },
  );
  t.true(E.isRight(await ask()));
  t.true(E.isRight(await ask()));
  t.deepEqual(
    asked.map(({ pathname }) => pathname),
    ['/datagrepper/v2/search', '/datagrepper/raw', '/datagrepper/raw'],
  );
});

test('one that is not found at all is unavailable, and both are asked again', async (t) => {
  const { asked, ask } = await asking(t, () => ({ status: 404, text: '' }));
  for (const answer of [await ask(), await ask()]) {
    t.like(answer, { left: { code: 'datagrepper-unavailable' } });
  }
  t.is(asked.length, 4);
});

const faults: ReadonlyArray<readonly [string, Grepped, DatagrepperFailure['code'], RegExp]> = [
  [
    'a refused question',
    { status: 400, type: 'text/html', text: '<h1>Bad Request</h1><p>page must be > 0</p>' },
    'datagrepper-refused',
    /400 .*Bad Request page must be > 0/,
  ],
  [
    'an error with its words',
    { status: 500, text: '{"error": "canceling statement", "arguments": {}}' },
    'datagrepper-unavailable',
    /500 .*: canceling statement$/,
  ],
  [
    'a page for people',
    { type: 'text/html', text: '<html>Welcome' },
    'datagrepper-unreadable',
    /not \{"raw_messages".*<html>Welcome/,
  ],
  ['an answer without pages', { text: '{"raw_messages": []}' }, 'datagrepper-unreadable', /pages/],
  ['a torn connection', 'drop', 'datagrepper-unavailable', /socket|closed|terminated/],
  ['silence', 'hang', 'datagrepper-unavailable', /did not answer in time/],
];

for (const [what, answer, code, reason] of faults) {
  test(`${what} is a failure that says where and what`, async (t) => {
    const { ask } = await asking(t, () => answer, { timeout: 2000 });
    const result = await ask();
    if (E.isRight(result)) return t.fail();
    t.is(result.left.code, code);
    t.regex(result.left.reason, /^http:\/\/127\.0\.0\.1:\d+\/datagrepper\/v2\/search\?/);
    t.regex(result.left.reason, reason);
    t.false(result.left.reason.includes('topic='));
  });
}

const some = (from: number, count: number): string =>
  Array.from(
    { length: count },
    (_, at) => `{"id": "${from + at}", "pad": "${'x'.repeat(100)}"}`,
  ).join();

test('a page that is too much at once is asked for in smaller ones', async (t) => {
  const total = 230;
  const script = (_: string, query: URLSearchParams): Grepped => {
    const [rows, page] = [Number(query.get('rows_per_page')), Number(query.get('page'))];
    const first = (page - 1) * rows;
    return found(some(first, Math.max(0, Math.min(rows, total - first))), Math.ceil(total / rows));
  };
  const { asked, page } = await asking(t, script, { bytes: 2000 });
  const answer = await page();
  if (E.isLeft(answer)) return t.fail(answer.left.reason);
  t.is(answer.right.pages, 3);
  const ids = answer.right.messages.map(({ raw }) => (raw as { readonly id: string }).id);
  t.deepEqual(
    ids,
    Array.from({ length: 30 }, (_, at) => String(200 + at)),
  );
  t.is(asked.length, 4);
});

test('a single message that is too much is a failure, not a hole', async (t) => {
  const { page } = await asking(t, () => found(some(0, 1), 300), { bytes: 50 });
  t.like(await page(), { left: { code: 'datagrepper-too-large' } });
});

test('all topics of all flows fit in one address', (t) => {
  const topics = topicsOfFlows(defaultPrefixes);
  t.true(topics.includes('org.fedoraproject.prod.git.receive'));
  t.true(topics.includes('org.fedoraproject.prod.mbs.module.state.change'));
  t.false(topics.some((topic) => /[*#]/u.test(topic)));
  const query = topics.map((topic) => `topic=${topic}`).join('&');
  t.true(query.length < 6000, String(query.length)); // servers take 8,190 bytes at the most
});
