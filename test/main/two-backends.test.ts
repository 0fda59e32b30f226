import test from 'ava';
import { buildStates } from '../../projectors/builds/row.ts';
import { verify } from '../../audit/verify.ts';
import { aSandbox, ask, distributionOf, post, rowsOf, tempFolder } from '../support/sandbox.ts';
import { aService, buildsOf, configFor, eventsOf, must, until } from '../support/service.ts';

const distribution = distributionOf(
  'left:f28 needs top:f28 holds zlib@f28',
  'right:f28 needs top:f28 holds xz@f28',
  'top:f28 holds bash@f28',
  'bottom:f28 needs left:f28,right:f28 holds sed@f28',
);
const names = ['top', 'left', 'right', 'bottom'];

type Request = { readonly method: string; readonly path: string; readonly status: number };

test('two backends on one log build a diamond once, parents first', async (t) => {
  const sandbox = await aSandbox(t, { distribution });
  const folder = tempFolder(t);
  await post(sandbox, '/sandbox/commit', { namespace: 'rpms', repo: 'bash', branch: 'f28' });
  const first = await aService(t, configFor(sandbox, folder));
  await aService(t, configFor(sandbox, folder));
  await until(first, async () => {
    const [event] = await eventsOf(first);
    return event !== undefined && event.timeDone !== null;
  });

  for (const name of names) t.is((await rowsOf(sandbox, name)).length, 2, name);
  const requests = (await ask(sandbox, '/sandbox/requests')).body as ReadonlyArray<Request>;
  t.is(requests.filter((r) => r.method === 'POST' && r.path.includes('module-builds')).length, 4);
  const ids = await Promise.all(
    names.map(async (name) => (await rowsOf(sandbox, name)).at(-1)?.id ?? 0),
  );
  const [top = 0, left = 0, right = 0, bottom = 0] = ids;
  t.true(top < left && top < right && left < bottom && right < bottom, ids.join(' '));
  const builds = await buildsOf(first);
  t.deepEqual(
    builds.map(({ state }) => state),
    names.map(() => buildStates.DONE),
  );
  t.is(must(await verify(first.stores.log)()).faults.length, 0);
});

test('many changes at once, heard by two backends, are each built, and nothing is built twice for one', async (t) => {
  const sandbox = await aSandbox(t, { distribution });
  const folder = tempFolder(t);
  for (const repo of ['bash', 'zlib', 'xz', 'sed', 'bash', 'sed']) {
    await post(sandbox, '/sandbox/commit', { namespace: 'rpms', repo, branch: 'f28' });
  }
  const first = await aService(t, configFor(sandbox, folder));
  await aService(t, configFor(sandbox, folder));
  await until(
    first,
    async () => {
      const events = await eventsOf(first);
      return events.length === 6 && events.every((event) => event.timeDone !== null);
    },
    60,
  );

  const requests = (await ask(sandbox, '/sandbox/requests')).body as ReadonlyArray<Request>;
  const accepted = requests.filter(({ method, status }) => method === 'POST' && status === 201);
  const builds = await buildsOf(first);
  t.is(accepted.filter(({ path }) => path.includes('module-builds')).length, builds.length);
  t.true(builds.every(({ state }) => state === buildStates.DONE));
  const causes = builds.flatMap(({ name, eventIds }) => eventIds.map((id) => `${id} ${name}`));
  t.is(new Set(causes).size, causes.length, 'a cause was answered by two builds');
  t.is(must(await verify(first.stores.log)()).faults.length, 0);
});
