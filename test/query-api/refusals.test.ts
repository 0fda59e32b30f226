import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import test from 'ava';
import * as TE from 'fp-ts/lib/TaskEither.js';
import fc from 'fast-check';
import type { Reader } from '../../projectors/read-models.ts';
import { aBuild, anEvent, eventsAndBuilds } from '../support/api-rows.ts';
import { stockedApi } from '../support/stocked-api.ts';

type Problem = { readonly status: number; readonly error: string; readonly message: string };

const refused: ReadonlyArray<readonly [string, string, number, RegExp]> = [
  ['GET', '/api/1/nothing', 404, /\/docs/],
  ['GET', '/api/3/events/', 404, /no \/api\/3\/events\/ here/],
  ['GET', '/api/1/events/-1', 404, /whole numbers/],
  ['GET', '/api/1/events/abc', 404, /whole numbers/],
  ['GET', '/api/1/events/0', 404, /^No such event found\.$/],
  ['GET', '/api/1/builds/99999999999999999999999', 404, /^No such build found\.$/],
  ['GET', `/api/1/builds/${'9'.repeat(5000)}`, 414, /./],
  ['GET', '/api/2/events/77/decisions/', 404, /^No such event found\.$/],
  ['GET', '/api/2/builds/77/attempts', 404, /^No such build found\.$/],
  ['GET', '/api/1/event-types/19', 404, /^No such event type found\.$/],
  ['GET', '/api/1/decisions/', 404, /no \/api\/1\/decisions\/ here/],
  ['GET', '/api/1/events/?state=', 400, /^Invalid state was supplied: $/],
  ['GET', '/api/1/events/?state=0,1', 400, /^Invalid state was supplied: 0,1$/],
  ['GET', '/api/1/events/?order_by=-', 400, /allowed keys are: \['id', 'message_id'\]$/],
  ['GET', '/api/1/builds/?order_by=', 400, /allowed keys are: \['id', 'name', 'event_id',/],
  ['GET', '/api/2/messages/?verdict=maybe', 400, /maybe.*understood, set-aside/],
  ['GET', '/api/2/decisions/?verdict=maybe', 400, /maybe.*yes, no, later/],
  ['GET', '/%zz', 400, /%zz/],
  ['DELETE', '/api/1/events/1', 405, /allowed are GET, HEAD, OPTIONS/],
  ['POST', '/api/1/about', 405, /POST is not possible/],
  ['PROPFIND', '/api/2/builds/', 405, /PROPFIND/],
  ['QUERY', '/api/2/builds/', 405, /QUERY/],
];

for (const [method, url, status, message] of refused) {
  test(`${method} ${url.slice(0, 60)} is refused with ${status} and says why`, async (t) => {
    const app = await stockedApi(t);
    const answer = await app.inject({ method: method as 'GET', url });
    const problem = answer.json<Problem>();
    t.is(answer.statusCode, status);
    t.deepEqual(Object.keys(problem), ['error', 'message', 'status']);
    t.is(problem.status, status);
    t.regex(problem.message, message);
    t.regex(String(answer.headers['content-type']), /^application\/json/);
    if (status === 405) t.is(answer.headers.allow, 'GET, HEAD, OPTIONS');
  });
}

test('a body that is no JSON does not hide that the method is wrong', async (t) => {
  const app = await stockedApi(t);
  const headers = { 'content-type': 'application/json' };
  const answer = await app.inject({ method: 'POST', url: '/api/1/builds/', headers, body: '{' });
  t.is(answer.statusCode, 405);
});

test('OPTIONS names the methods of a path, HEAD answers like GET without the body', async (t) => {
  const app = await stockedApi(t, eventsAndBuilds([anEvent({ id: 1 })]));
  const options = await app.inject({ method: 'OPTIONS', url: '/api/1/events/1' });
  t.is(options.statusCode, 200);
  t.is(options.headers.allow, 'GET, HEAD, OPTIONS');
  const head = await app.inject({ method: 'HEAD', url: '/api/1/events/1' });
  const get = await app.inject('/api/1/events/1');
  t.is(head.statusCode, 200);
  t.is(head.body, '');
  t.is(head.headers['content-length'], get.headers['content-length']);
});

test('an id may have zeros before it, and every path a slash after it or none', async (t) => {
  const app = await stockedApi(t, eventsAndBuilds([anEvent({ id: 1 })], [aBuild({ id: 1 })]));
  for (const url of ['events/01', 'events/1/', 'builds/001/', 'about', 'build-states', 'events']) {
    t.is((await app.inject(`/api/1/${url}`)).statusCode, 200, url);
  }
});

const unreadable = (code: 'store-unavailable' | 'bad-query'): Reader => {
  const failed = () => TE.left({ code, reason: 'the disk is gone' } as const);
  return { get: failed, find: failed, count: failed, tally: failed, checkpoint: failed };
};

const withReader = (reader: Reader) => ({
  readers: {
    ...{ events: reader, builds: reader, decisions: reader },
    ...{ messages: reader, modules: reader, sources: reader },
    ...{ imageIndex: reader, images: reader, composes: reader, reconciliations: reader },
  },
});

test('a store that cannot be read gives 503, its reason and when to ask again', async (t) => {
  const app = await stockedApi(t, {}, withReader(unreadable('store-unavailable')));
  const answer = await app.inject('/api/1/builds/1');
  t.is(answer.statusCode, 503);
  t.is(answer.headers['retry-after'], '5');
  t.regex(answer.json<Problem>().message, /the disk is gone/);
});

test('a fault of ours is a 500 that does not tell the inside', async (t) => {
  const thrower = (): never => {
    throw new Error('secret');
  };
  const reader = { ...unreadable('bad-query'), checkpoint: thrower };
  const app = await stockedApi(t, {}, withReader(reader));
  const answer = await app.inject('/api/1/builds/1');
  t.is(answer.statusCode, 500);
  t.is(answer.json<Problem>().error, 'Internal Server Error');
  t.notRegex(answer.body, /secret/);
});

test('what is no HTTP at all gets a problem in the one shape, too', async (t) => {
  const app = await stockedApi(t);
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  const told = await new Promise<string>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('NONSENSE\r\n\r\n'));
    const parts: Array<string> = [];
    socket.on('data', (part) => parts.push(part.toString()));
    socket.on('end', () => resolve(parts.join('')));
    socket.on('error', reject);
  });
  const [head = '', body = ''] = told.split('\r\n\r\n');
  t.regex(head, /^HTTP\/1\.1 400 Bad Request/);
  t.like(JSON.parse(body), { status: 400, error: 'Bad Request' });
});

const names = [
  ...['page', 'per_page', 'state', 'type', 'order_by', 'show_full_json', 'event_id', 'name'],
  ...['message_id', 'event_type_id', 'verdict', 'code', '__proto__', 'constructor', '_x', ''],
];
const value = fc.oneof(
  fc.string({ unit: 'binary' }).map((text) => encodeURIComponent(text.replace(/\p{Cs}/gu, ''))),
  fc.constantFrom(
    '%',
    '%zz',
    '%00',
    '-1',
    '1e3',
    '0x10',
    'DONE',
    'complete',
    '-id',
    'yes',
    '&',
    '',
  ),
  fc.bigInt().map(String),
);
const pair = fc.tuple(fc.constantFrom(...names), value).map(([name, text]) => `${name}=${text}`);
const lists = ['1/events', '2/events/1', '1/builds', '2/decisions', '2/messages', '2/about'];

test('any query string is answered with 200 or refused with 400, never with a fault', async (t) => {
  const app = await stockedApi(t, eventsAndBuilds([anEvent({ id: 1 })], [aBuild({ id: 1 })]));
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...lists), fc.array(pair), async (list, pairs) => {
      const answer = await app.inject(`/api/${list}?${pairs.join('&')}`);
      const problem = answer.json<Problem>();
      return answer.statusCode === 200 || (answer.statusCode === 400 && problem.status === 400);
    }),
    { numRuns: 500 },
  );
  t.pass();
});

test('a query string as long as HTTP allows is answered', async (t) => {
  const app = await stockedApi(t);
  const answer = await app.inject(`/api/1/events/?${'state=1&'.repeat(1900)}`);
  t.is(answer.statusCode, 200);
});
