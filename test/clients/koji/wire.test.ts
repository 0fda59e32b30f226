import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { ServerResponse } from 'node:http';
import test from 'ava';
import { aHub, fault, left, loggingIn, methods, order, right, session, value } from './a-hub.ts';
import type { Answering } from './a-hub.ts';

const silent = (): void => undefined;
const withStatus =
  (status: number, body = 'no', headers = {}): Answering =>
  (_, response) =>
    void response.writeHead(status, headers).end(body);

test('an order that nobody answers in time has an unknown outcome', async (t) => {
  const hub = await aHub(t, loggingIn(silent));
  const failure = await left(hub.koji({ callTimeout: 2000 }).buildContainer(order));
  t.is(failure.code, 'koji-unknown-outcome');
  t.regex(failure.reason, /no answer within 2000 ms/);
  t.deepEqual(methods(hub), ['sslLogin', 'buildContainer']);
});

test('after an unanswered call the next one begins a session of its own', async (t) => {
  const answers: Array<Answering> = [silent, (_, response) => value(response, 504)];
  const hub = await aHub(
    t,
    loggingIn((asked, response) => answers.shift()?.(asked, response)),
  );
  const koji = hub.koji({ callTimeout: 2000 });
  t.is((await left(koji.buildContainer(order))).code, 'koji-unknown-outcome');
  t.is(await right(koji.buildContainer(order)), 504);
  t.deepEqual(methods(hub), ['sslLogin', 'buildContainer', 'sslLogin', 'buildContainer']);
});

test('an order whose login is not answered was surely not made', async (t) => {
  const hub = await aHub(t, silent);
  const failure = await left(hub.koji({ callTimeout: 2000 }).buildContainer(order));
  t.is(failure.code, 'koji-unavailable');
  t.deepEqual(methods(hub), ['sslLogin']);
});

test('an order that waits in vain for its turn was surely not made', async (t) => {
  const hub = await aHub(t, loggingIn(silent));
  const koji = hub.koji({ callTimeout: 2000 });
  const both = await Promise.all([1, 2].map(() => left(koji.buildContainer(order))));
  t.deepEqual(both.map(({ code }) => code).sort(), ['koji-unavailable', 'koji-unknown-outcome']);
  t.is(methods(hub).filter((method) => method === 'buildContainer').length, 1);
});

test('an answer that begins and never ends counts as none', async (t) => {
  const hub = await aHub(
    t,
    loggingIn((_, response) => {
      response.writeHead(200, { 'content-type': 'text/xml' });
      response.write('<methodResponse>');
    }),
  );
  const failure = await left(hub.koji({ callTimeout: 2000 }).buildContainer(order));
  t.is(failure.code, 'koji-unknown-outcome');
});

test('a connection lost after an order was sent leaves its outcome unknown', async (t) => {
  const hub = await aHub(
    t,
    loggingIn((_, response) => void response.socket?.resetAndDestroy()),
  );
  t.is((await left(hub.koji().buildContainer(order))).code, 'koji-unknown-outcome');
  t.is(methods(hub).filter((method) => method === 'buildContainer').length, 1);
});

test('a hub that broke, or answers what nobody can read, leaves an order unknown', async (t) => {
  const answers = [withStatus(500), withStatus(502), withStatus(503), withStatus(200, '<html/>')];
  for (const answering of answers) {
    const hub = await aHub(t, loggingIn(answering));
    t.is((await left(hub.koji().buildContainer(order))).code, 'koji-unknown-outcome');
  }
});

test('an order that never left is known not to have been made', async (t) => {
  const listener = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => listener.once('listening', resolve));
  const { port } = listener.address() as AddressInfo;
  await new Promise((resolve) => listener.close(resolve));
  const hub = await aHub(t, silent);
  for (const baseUrl of [`http://127.0.0.1:${port}`, 'http://koji.invalid', 'no address']) {
    t.is((await left(hub.koji({ baseUrl }).buildContainer(order))).code, 'koji-unavailable');
    t.is((await left(hub.koji({ baseUrl }).task(1))).code, 'koji-unavailable', baseUrl);
  }
});

test('a hub that closes between login and order is known not to have taken it', async (t) => {
  const listener = createServer((socket) => {
    socket.once('data', () => {
      const body = `<methodResponse><params><param><value><struct><member><name>session-id</name><value><int>1</int></value></member><member><name>session-key</name><value>k</value></member></struct></value></param></params></methodResponse>`;
      listener.close();
      socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => listener.once('listening', resolve));
  const { port } = listener.address() as AddressInfo;
  const hub = await aHub(t, silent);
  const koji = hub.koji({ baseUrl: `http://127.0.0.1:${port}` });
  t.is((await left(koji.buildContainer(order))).code, 'koji-unavailable');
});

test('reading fails as unavailable, however the answer was lost', async (t) => {
  const losing: ReadonlyArray<Answering> = [
    (_, response) => void response.socket?.resetAndDestroy(),
    silent,
    withStatus(500),
    withStatus(503),
    withStatus(200, '<html>down for maintenance</html>'),
    (_, response) => fault(response, 1014, 'offline'),
  ];
  for (const answering of losing) {
    const hub = await aHub(t, answering);
    t.is((await left(hub.koji({ readTimeout: 200 }).task(1))).code, 'koji-unavailable');
  }
});

test('malformed requests and redirects are refused with the status and the place', async (t) => {
  const refused = await aHub(t, withStatus(405, 'Method Not Allowed'));
  t.regex((await left(refused.koji().task(1))).reason, /405, Method Not Allowed/);
  const moved = await aHub(t, withStatus(301, '', { location: 'https://new.example.org/' }));
  const failure = await left(moved.koji().task(1));
  t.is(failure.code, 'koji-refused');
  t.regex(failure.reason, /redirected to https:\/\/new\.example\.org\//);
});

test('an answer over the limit, or not UTF-8, is unreadable', async (t) => {
  const long = await aHub(t, (_, response) => value(response, 'x'.repeat(5000)));
  const failure = await left(long.koji({ maxAnswerBytes: 4096 }).tagsOf('oven-1-1'));
  t.is(failure.code, 'koji-unreadable');
  t.regex(failure.reason, /longer than 4096 bytes/);
  const odd = await aHub(t, (_, response) => void response.end(Buffer.from([0x3c, 0xff, 0x3e])));
  t.regex((await left(odd.koji().tagsOf('oven-1-1'))).reason, /not valid UTF-8/);
});

test('no more reads run at a time than were allowed, and all of them are answered', async (t) => {
  const open: Array<ServerResponse> = [];
  const waiting = { wake: silent, most: 0 };
  const hub = await aHub(t, (_, response) => {
    waiting.most = Math.max(waiting.most, open.push(response));
    waiting.wake();
  });
  const koji = hub.koji({ concurrency: 2 });
  const all = Promise.all([1, 2, 3, 4, 5].map((id) => right(koji.tagsOf(`oven-${id}-1`))));
  for (let answered = 0; answered < 5; answered += 1) {
    const goal = Math.min(2, 5 - answered);
    while (open.length < goal) await new Promise<void>((resolve) => (waiting.wake = resolve));
    value(open.shift()!, [{ name: 'f40' }]);
  }
  t.is((await all).length, 5);
  t.is(waiting.most, 2);
});

test('waiting for its turn is not counted against the time of a read', async (t) => {
  const hub = await aHub(
    t,
    (_, response) => void setTimeout(() => value(response, [{ name: 'f40' }]), 500),
  );
  const koji = hub.koji({ concurrency: 1, readTimeout: 1500 });
  const all = [1, 2, 3, 4].map((id) => right(koji.tagsOf(`oven-${id}-1`)));
  t.is((await Promise.all(all)).length, 4);
});

test('reads share kept connections, and one that the hub closed is opened anew', async (t) => {
  const sockets = new Set<unknown>();
  const hub = await aHub(t, (_, response) => {
    const isFirst = sockets.size === 0;
    const isKept = sockets.has(response.socket);
    sockets.add(response.socket);
    if (isFirst || !isKept) return value(response, [{ name: 'f40' }]);
    response.socket?.resetAndDestroy();
  });
  const koji = hub.koji({ concurrency: 1 });
  t.deepEqual(await right(koji.tagsOf('oven-1-1')), ['f40']);
  t.deepEqual(await right(koji.tagsOf('oven-1-1')), ['f40']);
  t.is(sockets.size, 2);
  t.is(hub.asked.length, 3);
});

test('what cannot be said in XML is refused here, and nothing is sent', async (t) => {
  const hub = await aHub(t, (_, response) => value(response, session));
  const failure = await left(hub.koji().build('oven\u0007-1-1'));
  t.is(failure.code, 'koji-refused');
  t.regex(failure.reason, /control character/);
  t.is(hub.asked.length, 0);
});

test('the address of the hub may end in a slash', async (t) => {
  const hub = await aHub(
    t,
    loggingIn((_, response) => value(response, 1)),
  );
  await right(hub.koji({ baseUrl: `${hub.baseUrl}/` }).buildContainer(order));
  t.deepEqual(
    hub.asked.map(({ path }) => path),
    ['/kojihub/ssllogin', '/kojihub'],
  );
});
