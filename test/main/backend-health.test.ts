import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import type { ExecutionContext } from 'ava';
import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import { startBackendHealth } from '../../main/backend-health.ts';
import { loadConfig } from '../../main/config/load-config.ts';
import { hearingOf } from '../../main/hearing.ts';
import { loggerFor } from '../../main/logger.ts';
import { openStores } from '../../main/open-stores.ts';
import { aFolder } from '../support/ingest-world.ts';
import { must } from '../support/service.ts';

const asking = async (
  t: ExecutionContext,
  healthPort: number | null,
  faults: Array<string> = [],
) => {
  const config = { ...must(loadConfig({}, { data: aFolder(t) })), healthPort };
  const stores = must(await openStores(config));
  t.teardown(() => stores.close());
  const metrics = () => Promise.resolve('freshmaker_up{store="log"} 1\n');
  const standing = { faults: () => faults, silence: hearingOf(config), metrics };
  const logger = loggerFor({ logLevel: 'silent' });
  const started = await startBackendHealth(config, stores, logger, standing);
  if (E.isRight(started)) t.teardown(() => started.right?.stop());
  return started;
};

test('a backend tells its health and its metrics, and nothing else', async (t) => {
  const faults: Array<string> = [];
  const listening = must(await asking(t, 0, faults));
  const ask = (path: string) => fetch(`${listening?.url ?? ''}${path}`);
  const ready = await ask('/readyz');
  t.is(ready.status, 200);
  t.like(await ready.json(), { ready: true, reasons: [] });
  t.is((await ask('/healthz')).status, 200);
  const metrics = await ask('/metrics');
  t.is(metrics.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
  t.is(await metrics.text(), 'freshmaker_up{store="log"} 1\n');
  t.is((await ask('/api/1/builds/')).status, 404);
  faults.push('The feed has stopped for good.');
  const troubled = await ask('/readyz');
  t.is(troubled.status, 503);
  t.like(await troubled.json(), { ready: false, reasons: ['The feed has stopped for good.'] });
});

test('a health port that is taken is a clear failure that names the setting', async (t) => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  t.teardown(() => other.close());
  const { port } = other.address() as AddressInfo;
  const started = await asking(t, port);
  t.deepEqual(started, {
    _tag: 'Left',
    left: {
      code: 'cannot-listen',
      reason: `Port ${port} on 127.0.0.1 is taken. Stop what listens there, or choose another: FRESHMAKER_HEALTH_PORT=<n>.`,
    },
  });
});

test('without a health port a backend listens nowhere', async (t) => {
  t.is(must(await asking(t, null)), undefined);
});
