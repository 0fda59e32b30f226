import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import test from 'ava';
import type { ExecutionContext } from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import { bodhiOverHttp } from '../../../clients/bodhi/http.ts';
import type { BodhiOptions } from '../../../clients/bodhi/http.ts';
import type { Bodhi, BodhiFailure } from '../../../clients/bodhi/port.ts';

type Answering = (request: IncomingMessage, response: ServerResponse) => void;

const aBodhi = async (
  t: ExecutionContext,
  answering: Answering,
  options: Partial<BodhiOptions> = {},
): Promise<Bodhi> => {
  const server = createServer(answering);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/bodhi`;
  return bodhiOverHttp({ baseUrl, callTimeout: 20_000, concurrency: 2, ...options });
};
const json =
  (status: number, body: unknown): Answering =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
const failureOf = async (bodhi: Bodhi): Promise<BodhiFailure> => {
  const outcome = await bodhi.update('FEDORA-2018-1')();
  if (E.isLeft(outcome)) return outcome.left;
  throw new Error(`succeeded with ${JSON.stringify(outcome.right)}`);
};

const update = {
  ...{ alias: 'FEDORA-2018-1', status: 'stable', type: 'security', severity: 'high' },
  content_type: 'module',
  release: { name: 'F28M', branch: 'f28m', long_name: 'Fedora 28 Modular' },
  builds: [{ nvr: 'nodejs-8-20180816.9edba152', type: 'module', epoch: 0, signed: true }],
};

test('an update is asked for by its alias, as JSON, without a name or token', async (t) => {
  const asked: Array<IncomingMessage> = [];
  const bodhi = await aBodhi(t, (request, response) => {
    asked.push(request);
    json(200, { update, can_edit: false })(request, response);
  });
  t.deepEqual(
    await bodhi.update('FEDORA-2018-1')(),
    E.right({
      ...{ alias: 'FEDORA-2018-1', status: 'stable', type: 'security', severity: 'high' },
      ...{ contentType: 'module', release: { name: 'F28M', branch: 'f28m' } },
      builds: [{ nvr: 'nodejs-8-20180816.9edba152', type: 'module' }],
    }),
  );
  t.is(asked[0]?.url, '/bodhi/updates/FEDORA-2018-1');
  t.is(asked[0]?.headers.accept, 'application/json');
  t.is(asked[0]?.headers.authorization, undefined);
});

test('an alias with odd characters is asked for as it is', async (t) => {
  const asked: Array<string | undefined> = [];
  const bodhi = await aBodhi(t, (request, response) => {
    asked.push(request.url);
    json(200, { update })(request, response);
  });
  await bodhi.update('a/b c?d')();
  t.deepEqual(asked, ['/bodhi/updates/a%2Fb%20c%3Fd']);
});

test('what an old update leaves out is null, and its builds are RPMs', async (t) => {
  const old = { alias: 'FEDORA-2017-1', status: 'stable', release: { name: 'F26' } };
  const bodhi = await aBodhi(
    t,
    json(200, { update: { ...old, builds: [{ nvr: 'bash-4-1.fc26' }] } }),
  );
  t.deepEqual(
    await bodhi.update('FEDORA-2017-1')(),
    E.right({
      ...{ alias: 'FEDORA-2017-1', status: 'stable', type: null, severity: null },
      ...{ contentType: 'rpm', release: { name: 'F26', branch: null } },
      builds: [{ nvr: 'bash-4-1.fc26', type: 'rpm' }],
    }),
  );
});

for (const [status, code] of [
  [404, 'bodhi-missing'],
  [400, 'bodhi-refused'],
  [302, 'bodhi-refused'],
  [429, 'bodhi-unavailable'],
  [500, 'bodhi-unavailable'],
  [503, 'bodhi-unavailable'],
] as const) {
  test(`an answer with status ${status} is ${code}`, async (t) => {
    t.is((await failureOf(await aBodhi(t, json(status, {})))).code, code);
  });
}

test('the reason is told in the words of Bodhi', async (t) => {
  const errors = [{ location: 'url', name: 'id', description: 'Invalid update id' }];
  const bodhi = await aBodhi(t, json(404, { status: 'error', errors }));
  t.regex((await failureOf(bodhi)).reason, /updates\/FEDORA-2018-1: 404, Invalid update id$/);
});

test('an answer that is no update is said to be unreadable, with what is wrong', async (t) => {
  const bare = { ...update, builds: undefined };
  const failure = await failureOf(await aBodhi(t, json(200, { update: bare })));
  t.is(failure.code, 'bodhi-unreadable');
  t.regex(failure.reason, /update\.builds/);
  const html = await aBodhi(t, (_, response) => response.end('<html>Bodhi</html>'));
  t.is((await failureOf(html)).code, 'bodhi-unreadable');
});

test('a Bodhi that does not answer in time, or at all, is unavailable', async (t) => {
  const silent = await aBodhi(t, () => undefined, { callTimeout: 100 });
  t.regex((await failureOf(silent)).reason, /no answer within 100 ms/);
  const broken = await aBodhi(t, (request) => request.destroy());
  t.is((await failureOf(broken)).code, 'bodhi-unavailable');
});
