import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { ServerResponse } from 'node:http';
import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import type { MbsFailure } from '../../../clients/mbs/port.ts';
import { aPage, aRow, aServer, commit, json, order } from './server.ts';

type Task<A> = () => Promise<E.Either<MbsFailure, A>>;
const right = async <A>(task: Task<A>): Promise<A> => {
  const outcome = await task();
  if (E.isRight(outcome)) return outcome.right;
  throw new Error(JSON.stringify(outcome.left));
};
const left = async (task: Task<unknown>): Promise<MbsFailure> => {
  const outcome = await task();
  if (E.isLeft(outcome)) return outcome.left;
  throw new Error(`succeeded with ${JSON.stringify(outcome.right)}`);
};
const silent = (): void => undefined;

test('a submission goes to version 2 with the token, and is all rows of the answer', async (t) => {
  const { mbs, asked } = await aServer(t, (_, response) =>
    json(response, 201, [aRow({ id: 7 }), aRow({ id: 8, context: 'other' })]),
  );
  const rows = await right(mbs({ token: () => Promise.resolve('sesame') }).submit(order));
  t.deepEqual(
    rows.map((row) => row.id),
    [7, 8],
  );
  t.is(asked.length, 1);
  t.is(asked[0]?.url.pathname, '/module-build-service/2/module-builds/');
  t.is(asked[0]?.headers.authorization, 'Bearer sesame');
  t.deepEqual(JSON.parse(asked[0]?.body ?? ''), order);
});

test('reading is anonymous', async (t) => {
  const { mbs, asked } = await aServer(t, (_, response) => json(response, 200, aRow()));
  t.is((await right(mbs({ token: 'sesame' }).get(7))).id, 7);
  t.is(asked[0]?.headers.authorization, undefined);
});

test('a server without version 2 is asked on version 1, and for the siblings of its one row', async (t) => {
  const { mbs, asked } = await aServer(t, ({ method, url }, response) => {
    if (url.pathname.includes('/2/')) return json(response, 404, { message: 'no such version' });
    if (method === 'POST') return json(response, 201, aRow({ id: 8 }));
    return json(response, 200, aPage([aRow({ id: 8 }), aRow({ id: 7, context: 'other' })]));
  });
  const rows = await right(mbs().submit(order));
  t.deepEqual(
    rows.map((row) => row.id),
    [7, 8],
  );
  t.deepEqual(
    asked.map(({ method }) => method),
    ['POST', 'POST', 'GET'],
  );
});

test('siblings that could not be looked up leave the outcome of a submission unknown', async (t) => {
  const { mbs } = await aServer(t, ({ method, url }, response) => {
    if (url.pathname.includes('/2/')) return json(response, 404, {});
    return method === 'POST' ? json(response, 201, aRow()) : json(response, 503, {});
  });
  t.is((await left(mbs().submit(order))).code, 'mbs-unknown-outcome');
});

test('a submission that nobody answers in time has an unknown outcome', async (t) => {
  const { mbs } = await aServer(t, silent);
  const failure = await left(mbs({ submitTimeout: 50 }).submit(order));
  t.is(failure.code, 'mbs-unknown-outcome');
  t.regex(failure.reason, /no answer within 50 ms/);
});

test('an answer that begins and never ends counts as none', async (t) => {
  const { mbs } = await aServer(t, (_, response) => {
    response.writeHead(201, { 'content-type': 'application/json' });
    response.write('[');
  });
  t.is((await left(mbs({ submitTimeout: 200 }).submit(order))).code, 'mbs-unknown-outcome');
});

test('a connection lost after a submission was sent leaves its outcome unknown', async (t) => {
  const { mbs } = await aServer(t, (_, response) => void response.socket?.resetAndDestroy());
  t.is((await left(mbs().submit(order))).code, 'mbs-unknown-outcome');
});

test('HTML with status 500 leaves the outcome of a submission unknown', async (t) => {
  const { mbs } = await aServer(t, (_, response) => {
    response.writeHead(500, { 'content-type': 'text/html' });
    response.end('<h1>Internal Server Error</h1>');
  });
  t.is((await left(mbs().submit(order))).code, 'mbs-unknown-outcome');
});

test('a success that nobody can read leaves the outcome of a submission unknown', async (t) => {
  for (const body of ['<html>welcome</html>', '[]', '[{"id":1}]', '{"id":1}', '']) {
    const { mbs } = await aServer(t, (_, response) => void response.writeHead(201).end(body));
    t.is((await left(mbs().submit(order))).code, 'mbs-unknown-outcome', body);
  }
});

test('a submission that never left is known not to have been made', async (t) => {
  const listener = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => listener.once('listening', resolve));
  const { port } = listener.address() as AddressInfo;
  await new Promise((resolve) => listener.close(resolve));
  const { mbs } = await aServer(t, silent);
  for (const baseUrl of [`http://127.0.0.1:${port}/`, 'http://mbs.invalid/', 'no address']) {
    t.is((await left(mbs({ baseUrl }).submit(order))).code, 'mbs-unavailable', baseUrl);
  }
  const noToken = mbs({ token: () => Promise.reject(new Error('the token server is down')) });
  t.regex((await left(noToken.submit(order))).reason, /token server is down/);
});

test('a token that no header can carry is never sent nor shown', async (t) => {
  const { mbs, asked } = await aServer(t, silent);
  for (const token of ['', 'ses\name']) {
    const failure = await left(mbs({ token }).submit(order));
    t.is(failure.code, 'mbs-unavailable');
    t.notRegex(failure.reason, /ses/);
  }
  t.is(asked.length, 0);
});

test('a redirect is not followed, and says where MBS went', async (t) => {
  const { mbs, asked } = await aServer(t, (_, response) => {
    response.writeHead(302, { location: 'https://login.example.org/' }).end();
  });
  for (const failure of [await left(mbs().submit(order)), await left(mbs().get(7))]) {
    t.is(failure.code, 'mbs-refused');
    t.regex(failure.reason, /redirected to https:\/\/login\.example\.org\//);
  }
  t.is(asked.length, 2);
});

test('an answer over the limit, or not UTF-8, is unreadable', async (t) => {
  const { mbs } = await aServer(t, ({ url }, response) => {
    if (url.pathname.endsWith('/1')) return json(response, 200, aRow({ name: 'x'.repeat(5000) }));
    response.end(Buffer.from([0x22, 0xff, 0x22]));
  });
  const long = await left(mbs({ maxAnswerBytes: 4096 }).get(1));
  t.is(long.code, 'mbs-unreadable');
  t.regex(long.reason, /longer than 4096 bytes/);
  t.regex((await left(mbs().get(2))).reason, /not valid UTF-8/);
});

test('reading fails as unavailable, however the connection was lost', async (t) => {
  const { mbs } = await aServer(t, ({ url }, response) => {
    if (url.pathname.endsWith('/1')) response.socket?.resetAndDestroy();
  });
  t.is((await left(mbs().get(1))).code, 'mbs-unavailable');
  t.is((await left(mbs({ readTimeout: 50 }).get(2))).code, 'mbs-unavailable');
});

test('the rows of a commit are filtered here again, on all pages, oldest first', async (t) => {
  const other = 'd'.repeat(40);
  const pages: ReadonlyArray<ReadonlyArray<unknown>> = [
    [aRow({ id: 9 }), aRow({ id: 1, name: 'butcher' }), aRow({ id: 2, stream: 'f41' })],
    [aRow({ id: 3, scmurl: `https://x/y.git?#${other}` }), aRow({ id: 4, scmurl: null })],
    [aRow({ id: 5, scmurl: `https://elsewhere/baker.git?#${commit}` }), aRow({ id: 9 })],
  ];
  const { mbs, asked } = await aServer(t, ({ url }, response) => {
    const page = Number(url.searchParams.get('page'));
    json(response, 200, aPage(pages[page - 1] ?? [], page, 3));
  });
  const rows = await right(mbs().ofCommit('baker', 'f40', commit.toUpperCase()));
  t.deepEqual(
    rows.map((row) => row.id),
    [5, 9],
  );
  t.is(asked.length, 3);
  t.is(asked[0]?.url.searchParams.get('name'), 'baker');
  t.is(asked[0]?.url.searchParams.get('stream'), 'f40');
});

test('an MBS that names pages without end is not read without end', async (t) => {
  const { mbs } = await aServer(t, (_, response) => json(response, 200, aPage([], 1, 1e9)));
  t.is((await left(mbs().ofCommit('baker', 'f40', commit))).code, 'mbs-unreadable');
});

test('ready builds come page by page, asked for by id ascending', async (t) => {
  const { mbs, asked } = await aServer(t, (_, response) =>
    json(response, 200, aPage([aRow()], 2, 5)),
  );
  const page = await right(mbs().readyPage(2, 50));
  t.is(page.pages, 5);
  t.deepEqual(page.builds[0]?.components, [{ package: 'flour', ref: 'f40' }]);
  const query = Object.fromEntries(asked[0]?.url.searchParams ?? []);
  const expected = { state: 'ready', verbose: 'true', order_by: 'id', page: '2', per_page: '50' };
  t.deepEqual(query, expected);
});

test('no more reads run at a time than were allowed, and all of them are answered', async (t) => {
  const open: Array<ServerResponse> = [];
  let most = 0;
  const waiting = { wake: silent };
  const { mbs } = await aServer(t, (_, response) => {
    most = Math.max(most, open.push(response));
    waiting.wake();
  });
  const client = mbs({ concurrency: 2 });
  const all = Promise.all([1, 2, 3, 4, 5].map((id) => right(client.get(id))));
  for (let answered = 0; answered < 5; answered += 1) {
    const goal = Math.min(2, 5 - answered);
    while (open.length < goal) await new Promise<void>((resolve) => (waiting.wake = resolve));
    json(open.shift()!, 200, aRow());
  }
  t.is((await all).length, 5);
  t.is(most, 2);
});
