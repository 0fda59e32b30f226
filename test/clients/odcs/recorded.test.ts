import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import test from 'ava';
import type { ExecutionContext } from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import { odcsOverHttp } from '../../../clients/odcs/http.ts';
import type { Odcs } from '../../../clients/odcs/port.ts';

const folder = process.env['FRESHMAKER_SAMPLES'] ?? '../shared/samples';
const files = existsSync(folder)
  ? readdirSync(folder).filter((name) => /^odcs-http-.*\.txt$/.test(name))
  : [];
const reason =
  files.length > 0
    ? ''
    : ` (skipped: ${folder} holds no odcs-http-*.txt; FRESHMAKER_SAMPLES names the folder of samples)`;
const recorded = files.length > 0 ? test : test.skip;

type Body = Readonly<Record<string, unknown>>;
type Exchange = {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly body: Body;
  readonly text: string;
};

const exchangeIn = (name: string): Exchange => {
  const lines = readFileSync(join(folder, name), 'utf8').split('\n');
  const [, method = '', path = ''] = /^> (\w+) (\S+)/.exec(lines[0] ?? '') ?? [];
  const head = lines.find((line) => line.startsWith('< HTTP/')) ?? '';
  const begin = lines.findIndex((line) => line.trimEnd() === '<');
  const text = lines.slice(begin + 1).map((line) => line.replace(/^< ?/, ''));
  const body = JSON.parse(text.join('\n')) as Body;
  const status = Number(/^< HTTP\/[\d.]+ (\d+)/.exec(head)?.[1]);
  return { name, method, path, status, body, text: text.join('\n') };
};
const exchanges = files.map(exchangeIn);

/** An ODCS that answers everything as recorded. */
const replaying = async (t: ExecutionContext, { status, text }: Exchange): Promise<Odcs> => {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(status, { 'content-type': 'application/json' }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const baseUrl = `http://127.0.0.1:${port}/api/1/`;
  return odcsOverHttp({ baseUrl, callTimeout: 20_000, concurrency: 1 });
};

const order = {
  ...{ builds: ['openssl-1.1.0g-1.fc27'], packages: ['openssl-libs'] },
  ...{ sigkeys: ['f5282ee4'], arches: ['x86_64'], secondsToLive: 3600 },
};
const idIn = (path: string): number => Number(/composes\/(\d+)/.exec(path)?.[1] ?? 0);

const repeat = (odcs: Odcs, { method, path }: Exchange) => {
  if (method === 'POST') return odcs.create(order)();
  if (method === 'PATCH') return odcs.renew(idIn(path), 3600)();
  return idIn(path) > 0 ? odcs.get(idIn(path))() : odcs.find(order, 0)();
};
const words = (value: unknown): ReadonlyArray<string> =>
  typeof value === 'string' ? value.split(' ').filter((word) => word !== '') : [];
const shown = (body: Body) => ({
  ...{ id: body['id'], state: body['state'], stateName: body['state_name'] },
  ...{ stateReason: body['state_reason'], resultRepofile: body['result_repofile'] },
  ...{ builds: words(body['builds']), packages: words(body['packages']) },
  expiresAt: String(body['time_to_expire']).replace('Z', '.000Z'),
});

for (const exchange of exchanges) {
  const { name, status, body } = exchange;
  recorded(`${name} is read as it was recorded`, async (t) => {
    const answer = await repeat(await replaying(t, exchange), exchange);
    if (status < 300) {
      const [item] = (body['items'] ?? [body]) as ReadonlyArray<Body>;
      t.deepEqual(answer, E.right(shown(item ?? {})) as typeof answer);
      return;
    }
    const code = status === 404 ? 'odcs-missing' : 'odcs-refused';
    t.like(answer, { left: { code } });
    t.true(E.isLeft(answer) && answer.left.reason.endsWith(String(body['message'])));
  });
}
recorded(`exchanges of every kind were recorded${reason}`, (t) => {
  const kinds = new Set(exchanges.map(({ method, status }) => `${method} ${status}`));
  t.deepEqual([...kinds].sort(), [
    'GET 200',
    'GET 404',
    'PATCH 200',
    'PATCH 404',
    'POST 200',
    'POST 400',
  ]);
});
