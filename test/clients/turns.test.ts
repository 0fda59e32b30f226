import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import test from 'ava';
import type { ExecutionContext } from 'ava';
import { bodhiOverHttp } from '../../clients/bodhi/http.ts';
import { odcsOverHttp } from '../../clients/odcs/http.ts';

type Load = { now: number; most: number; all: number };

/** Answers a request only after a whole round trip of its own, so that those sent beside it are there. */
const aBusyServer = async (t: ExecutionContext): Promise<{ base: string; load: Load }> => {
  const load: Load = { now: 0, most: 0, all: 0 };
  let base = '';
  const server = createServer((request, response) => {
    request.resume();
    if (request.url === '/ping') return void response.end();
    load.now += 1;
    load.all += 1;
    load.most = Math.max(load.most, load.now);
    void fetch(`${base}ping`).then(() => {
      load.now -= 1;
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return { base, load };
};

const limits = { callTimeout: 20_000, concurrency: 2 };
const order = { builds: [], packages: [], sigkeys: [], arches: [], secondsToLive: 60 };
type Calls = (baseUrl: string) => () => Promise<unknown>;
const calls: Readonly<Record<string, Calls>> = {
  'creations of ODCS': (baseUrl) => odcsOverHttp({ baseUrl, ...limits }).create(order),
  'reads of ODCS': (baseUrl) => odcsOverHttp({ baseUrl, ...limits }).get(1),
  'reads of Bodhi': (baseUrl) => bodhiOverHttp({ baseUrl, ...limits }).update('FEDORA-2018-1'),
};

for (const [what, call] of Object.entries(calls)) {
  test(`${what} beyond those that may run at a time wait for their turn`, async (t) => {
    const { base, load } = await aBusyServer(t);
    const one = call(base);
    await Promise.all(Array.from({ length: 10 }, () => one()));
    t.like(load, { all: 10, most: 2 });
  });
}
