import type { ExecutionContext } from 'ava';
import { verify } from '../../audit/verify.ts';
import { backfillModules } from '../../main/backend/backfill-modules.ts';
import { clientsOf } from '../../main/backend/clients.ts';
import type { Config } from '../../main/config/settings.ts';
import { handOf } from '../../main/identity.ts';
import { openStores } from '../../main/open-stores.ts';
import type { Sandbox } from '../../ops/sandbox/sandbox.ts';
import { buildsModel, buildStates } from '../../projectors/builds/row.ts';
import type { RecordedEvent } from '../../event-log/event-log.ts';
import { writeAsNewer } from '../support/newer-version.ts';
import type { Role } from '../support/roles.ts';
import { startRole } from '../support/roles.ts';
import { aSandbox, distributionOf, rowsOf, tempFolder } from '../support/sandbox.ts';
import { scene } from '../support/scene.ts';
import type { Service } from '../support/service.ts';
import { buildsOf, configFor, eventsOf, must, until } from '../support/service.ts';
import { commit, misbehave, policyFile, submissions } from '../support/story.ts';

type Place = {
  readonly sandbox: Sandbox;
  /** The stores as the test looks into them; it runs nothing on them. */
  readonly seen: Service;
  readonly config: Partial<Config>;
};

const modules = ['base:f28 holds bash@f28', 'leaf:f28 needs base:f28 holds zsh'];
const patient = 120;

/** A sandbox and the stores of an installation on it, on which processes of their own may run. */
const aPlace = async (t: ExecutionContext, more: Partial<Config> = {}): Promise<Place> => {
  const sandbox = await aSandbox(t, { distribution: distributionOf(...modules) });
  const whole = configFor(sandbox, tempFolder(t), { policy: policyFile(t, {}), ...more });
  const stores = must(await openStores(whole));
  t.teardown(() => stores.close());
  const { mbs } = clientsOf(whole, process.env);
  must(await backfillModules({ hand: handOf(stores.log, 'test'), mbs }, () => undefined));
  const { data, mbsUrl, gitUrl, feedUrl, kojiUrl, odcsUrl, bodhiUrl, policy } = whole;
  const config: Partial<Config> = {
    ...{ data, mbsUrl, gitUrl, feedUrl, kojiUrl, odcsUrl, bodhiUrl, policy },
    ...{ kojiLogin: 'plain', logLevel: 'silent', writerLease: 1, pollEvery: 1, lookAgainEvery: 1 },
    ...{ mbsSubmitTimeout: whole.mbsSubmitTimeout, mbsReadTimeout: 2, port: 0 },
  };
  const backend = { stop: () => Promise.resolve(true), faults: () => [], heartbeats: () => [] };
  return { sandbox, seen: { stores, config: whole, backend }, config };
};

const typed = async ({ stores }: Service, ...types: ReadonlyArray<string>) =>
  must(await stores.log.readAll('', { types }, 1000)()).events;

const isDone = async (seen: Service, events: number): Promise<boolean> => {
  const rows = await eventsOf(seen);
  return rows.length === events && rows.every(({ timeDone }) => timeDone !== null);
};

const timeOf = (event: RecordedEvent | undefined): number =>
  Date.parse(event?.metadata.recordedAt ?? '');

/** The process that an event names as its owner: `host:pid:…`. */
const ownerOf = (roles: ReadonlyArray<Role>, event: RecordedEvent | undefined): Role => {
  const name = event?.data['owner'] as string | undefined;
  const pid = Number(name?.split(':')[1]);
  const owner = roles.find(({ child }) => child.pid === pid);
  if (owner === undefined) throw new Error(`no process is ${name ?? 'named'}`);
  return owner;
};

/** What a wave of both modules has to come to, whoever died. */
const builtOnce = async (t: ExecutionContext, { sandbox, seen }: Place): Promise<void> => {
  for (const name of ['base', 'leaf']) t.is((await rowsOf(sandbox, name)).length, 2, name);
  const states = (await buildsOf(seen)).map(({ state }) => state);
  t.deepEqual(states, [buildStates.DONE, buildStates.DONE]);
  t.is(must(await verify(seen.stores.log)()).faultCount, 0);
};

/** Says how long the other one took, from the death to its first act and to the end of the wave. */
const tellTimes = async (t: ExecutionContext, { stores }: Service, killedAt: number) => {
  const all = must(await stores.log.readAll('', {}, 1000)()).events;
  const after = all.filter((event) => timeOf(event) > killedAt);
  const [first, last] = [after[0], after.at(-1)];
  const seconds = (event: RecordedEvent | undefined): string =>
    event === undefined ? 'never' : `${((timeOf(event) - killedAt) / 1000).toFixed(1)} s`;
  t.log(`from the kill to the first act ${seconds(first)}, to the end ${seconds(last)}`);
};

scene(
  'of two backends one is killed in the middle of a wave, and the other finishes it',
  async (t) => {
    const place = await aPlace(t);
    const { sandbox, seen, config } = place;
    const backends = [startRole(t, 'backend', config), startRole(t, 'backend', config)];
    await Promise.all(backends.map(({ told }) => told(/backend only/)));
    await commit(sandbox, 'rpms/bash');
    await until(seen, async () => (await typed(seen, 'BuildSubmitted')).length > 0, patient);
    const [intended] = await typed(seen, 'SubmissionIntended');
    const owner = ownerOf(backends, intended);
    await owner.kill();
    const killedAt = Date.now();
    await until(seen, () => isDone(seen, 1), patient);

    await tellTimes(t, seen, killedAt);
    await builtOnce(t, place);
    t.deepEqual(await submissions(sandbox), [201, 201]);
    const other = backends.find((backend) => backend !== owner);
    t.is(await other?.stop(), 0);
  },
);

scene(
  'a call in the hands of one that died is taken over after its deadline, not before',
  async (t) => {
    const place = await aPlace(t, { mbsSubmitTimeout: 4 });
    const { sandbox, seen, config } = place;
    await misbehave(sandbox, { kind: 'slow', ms: 2000, count: 1 });
    const backends = [startRole(t, 'backend', config), startRole(t, 'backend', config)];
    await Promise.all(backends.map(({ told }) => told(/backend only/)));
    await commit(sandbox, 'rpms/bash');
    await until(seen, async () => (await typed(seen, 'SubmissionIntended')).length > 0, patient);
    const [intended] = await typed(seen, 'SubmissionIntended');
    await ownerOf(backends, intended).kill();
    const killedAt = Date.now();
    await until(seen, () => isDone(seen, 1), patient);

    await tellTimes(t, seen, killedAt);
    const [taken] = await typed(seen, 'SubmissionTakenOver');
    t.is(taken?.stream, intended?.stream);
    const waited = timeOf(taken) - timeOf(intended);
    t.true(waited >= Number(intended?.data['callTimeout']), `${waited} ms`);
    t.not(taken?.data['owner'], intended?.data['owner']);
    await builtOnce(t, place);
  },
);

/** Whether the builds are told up to the end of the log. */
const isTold = async ({ stores: { log, readModels } }: Service): Promise<boolean> => {
  const checkpoint = must(await readModels.reader(buildsModel).checkpoint()());
  return checkpoint?.position === must(await log.head()());
};

type Health = {
  readonly projections: ReadonlyArray<{ readonly model: string; readonly lag: number | null }>;
};
const askOf = async <Body>(url: string, path: string): Promise<Body> =>
  (await (await fetch(url + path)).json()) as Body;

const lagOf = async (url: string, model: string): Promise<number | null | undefined> =>
  (await askOf<Health>(url, '/healthz')).projections.find((one) => one.model === model)?.lag;

scene('frontends answer while no backend runs, and tell how far behind they are', async (t) => {
  const { sandbox, seen, config } = await aPlace(t);
  const backend = startRole(t, 'backend', config);
  await commit(sandbox, 'rpms/bash');
  await until(seen, async () => (await isDone(seen, 1)) && isTold(seen), patient);
  t.is(await backend.stop(), 0);

  const frontends = [startRole(t, 'frontend', config), startRole(t, 'frontend', config)];
  const urls = await Promise.all(
    frontends.map(async ({ told }) => (await told(/answers at (\S+)/))[1] ?? ''),
  );
  t.is(new Set(urls).size, 2);
  for (const url of urls) {
    const builds = await askOf<{ readonly items: ReadonlyArray<unknown> }>(url, '/api/1/builds/');
    t.is(builds.items.length, 2);
    t.is((await fetch(`${url}/readyz`)).status, 200);
    t.is(await lagOf(url, 'builds'), 0);
  }
  await writeAsNewer(seen.stores.log, 'operator-test', { type: 'SomebodyWrote' });
  for (const url of urls) t.is(await lagOf(url, 'builds'), 0);
  await writeAsNewer(seen.stores.log, 'artifact-module:new:f28', { type: 'BuildPlanned' });
  for (const url of urls) {
    t.is(await lagOf(url, 'builds'), 1);
    t.is((await fetch(`${url}/api/1/events/`)).status, 200);
  }
  const codes = await Promise.all(frontends.map(({ stop }) => stop()));
  t.deepEqual(codes, [0, 0]);
});
