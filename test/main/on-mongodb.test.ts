import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';
import test from 'ava';
import { verify } from '../../audit/verify.ts';
import { startFrontend } from '../../main/frontend.ts';
import { loggerFor } from '../../main/logger.ts';
import type { Config } from '../../main/config/settings.ts';
import { openStores } from '../../main/open-stores.ts';
import { openWorkModel } from '../../projectors/open-work/row.ts';
import { eventStates } from '../../projectors/events/row.ts';
import { mongodbForTests } from '../support/mongod.ts';
import { aSandbox, distributionOf, post, rowsOf, tempFolder } from '../support/sandbox.ts';
import { aService, configFor, eventsOf, must, until } from '../support/service.ts';

const mongodb = mongodbForTests(test);

const distribution = distributionOf('base:f28 holds bash@f28', 'leaf:f28 needs base:f28 holds zsh');

type Listed = {
  readonly meta: { readonly total: number };
  readonly items: ReadonlyArray<{ readonly state_name: string }>;
};

/** An API in stores of its own, as another process would have it. */
const anApi = async (t: ExecutionContext, config: Config): Promise<string> => {
  const stores = must(await openStores(config));
  const frontend = must(await startFrontend({ ...config, port: 0 }, stores, loggerFor(config)));
  t.teardown(async () => {
    await frontend.stop();
    await stores.close();
  });
  return frontend.url;
};

const listOf = async (url: string, path: string): Promise<Listed> =>
  (await (await fetch(url + path)).json()) as Listed;

mongodb.test('with MongoDB for read models a spec change becomes finished builds', async (t) => {
  const sandbox = await aSandbox(t, { distribution });
  const config = configFor(sandbox, tempFolder(t), { mongodb: await mongodb.database(t) });
  const service = await aService(t, config);
  const url = await anApi(t, config);
  await post(sandbox, '/sandbox/commit', { namespace: 'rpms', repo: 'bash', branch: 'f28' });
  await until(
    service,
    async () => {
      const [event] = await eventsOf(service);
      return event !== undefined && event.timeDone !== null;
    },
    120,
  );

  const [event] = await eventsOf(service);
  t.is(event?.state, eventStates.COMPLETE);
  const [base, leaf] = await Promise.all(
    ['base', 'leaf'].map(async (name) => rowsOf(sandbox, name)),
  );
  t.deepEqual([base?.length, leaf?.length], [2, 2]);
  t.true((base?.at(-1)?.id ?? 0) < (leaf?.at(-1)?.id ?? 0));
  t.is(must(await verify(service.stores.log)()).faults.length, 0);
  await until(
    service,
    async () => (await listOf(url, '/api/1/builds/?state=DONE')).meta.total === 2,
    60,
  );
  const builds = await listOf(url, '/api/1/builds/');
  t.deepEqual(
    builds.items.map((build) => build.state_name),
    ['DONE', 'DONE'],
  );
});

const backendScript = fileURLToPath(new URL('../support/dying-backend.ts', import.meta.url));

mongodb.test('a backend that is killed leaves its read models to another', async (t) => {
  const sandbox = await aSandbox(t, { distribution });
  const config = configFor(sandbox, tempFolder(t), { mongodb: await mongodb.database(t) });
  const never = JSON.stringify({ at: 'never', when: 'before' });
  const child = spawn(
    process.execPath,
    ['--import=tsx', backendScript, JSON.stringify(config), never],
    { stdio: 'ignore' },
  );
  t.teardown(() => child.kill('SIGKILL'));
  const stores = must(await openStores(config));
  t.teardown(() => stores.close());
  const openWork = stores.readModels.reader(openWorkModel);
  await until({ stores }, async () => must(await openWork.checkpoint()()) !== undefined, 120);
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  const service = await aService(t, config);
  await post(sandbox, '/sandbox/commit', { namespace: 'rpms', repo: 'bash', branch: 'f28' });
  await until(
    service,
    async () => {
      const [event] = await eventsOf(service);
      return event?.state === eventStates.COMPLETE;
    },
    120,
  );
  t.is((await rowsOf(sandbox, 'leaf')).length, 2);
  t.is(must(await verify(service.stores.log)()).faults.length, 0);
});
