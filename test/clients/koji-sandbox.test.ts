import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { kojiOverXmlRpc } from '../../clients/koji/koji.ts';
import type { ContainerOrder, Koji, KojiTask } from '../../clients/koji/port.ts';
import type { Sandbox } from '../../ops/sandbox/sandbox.ts';
import { aSandbox, ask, distributionOf, git, hear, ofTopic, post } from '../support/sandbox.ts';
import { left, right } from './koji/a-hub.ts';

const distribution = distributionOf(
  'package openssl = openssl-libs',
  'image base:f28 holds bash,openssl-libs=openssl',
  'image httpd:f28 from base:f28 holds httpd',
);

type Scene = { readonly sandbox: Sandbox; readonly koji: Koji };

const aScene = async (t: ExecutionContext, callTimeout = 20_000): Promise<Scene> => {
  const sandbox = await aSandbox(t, { distribution });
  const times = { callTimeout, readTimeout: 20_000, concurrency: 2 };
  return { sandbox, koji: kojiOverXmlRpc({ baseUrl: sandbox.kojiUrl, ...times }) };
};

const orderOf = async (sandbox: Sandbox, release = '1.1772600000'): Promise<ContainerOrder> => {
  const repository = join(sandbox.gitFolder, 'container', 'httpd.git');
  const commit = await git(repository, 'rev-parse', 'refs/heads/f28');
  return {
    source: `${sandbox.gitUrl.replace(/\/$/, '')}/container/httpd.git?#${commit}`,
    target: 'f28-container-candidate',
    branch: 'f28',
    release,
    ...{ parent: null, composeIds: [], repoUrls: [] },
  };
};

const since = '2020-01-01T00:00:00.000Z';

const tasksIn = async (sandbox: Sandbox): Promise<number> =>
  ((await ask(sandbox, '/sandbox/koji/tasks')).body as ReadonlyArray<unknown>).length;

const ended = async ({ koji }: Scene, id: number): Promise<KojiTask> => {
  for (;;) {
    const task = await right(koji.task(id));
    if (![0, 1, 4].includes(task.state)) return task;
  }
};

const misbehave = async ({ sandbox }: Scene, rule: object): Promise<void> => {
  const { status, text } = await post(sandbox, '/sandbox/misbehave', rule);
  if (status !== 201) throw new Error(text);
};

test('a container ordered over HTTP is built, and what it holds is read back', async (t) => {
  const scene = await aScene(t);
  const { koji, sandbox } = scene;
  const order = await orderOf(sandbox);
  const task = await right(koji.buildContainer(order));
  t.is((await right(koji.findTask(order, since)))?.id, task);
  const { stateName, builds } = await ended(scene, task);
  t.is(stateName, 'CLOSED');
  t.is(builds.length, 1);
  const [answer] = await right(koji.imageContents(builds));
  if (answer?.type !== 'image') return t.fail(JSON.stringify(answer));
  const { contents } = answer;
  t.like(contents, { name: 'httpd', namespace: 'container', branch: 'f28', taskId: task });
  t.is(contents.target, order.target);
  t.is(contents.commit, order.source.slice(-40));
  t.regex(contents.parent?.nvr ?? '', /^base-/);
  t.is(contents.nvr.split('-').at(-1), order.release ?? '');
  t.deepEqual([...new Set(contents.rpms.map(({ source }) => source))].sort(), [
    ...['bash', 'httpd', 'openssl'],
  ]);
  const [heard] = ofTopic(
    await hear(sandbox, (all) => ofTopic(all, 'buildsys.build.state.change').length > 0),
    'buildsys.build.state.change',
  );
  t.is(heard?.body['build_id'], contents.buildId);
});

test('every complete image build of the world is listed once and can be read', async (t) => {
  const { koji } = await aScene(t);
  const { builds, total } = await right(koji.imageBuilds(0, 100));
  t.is(builds.length, total);
  t.true(total >= 2);
  const second = await right(koji.imageBuilds(1, 1));
  t.deepEqual(second.builds, [builds[1]!]);
  const answers = await right(koji.imageContents(builds.map(({ id }) => id)));
  t.deepEqual(
    answers.map((answer) => (answer.type === 'image' ? answer.contents.nvr : answer.reason)),
    builds.map(({ nvr }) => nvr),
  );
});

test('an RPM build is told with its RPMs, signatures and tags, and is no image', async (t) => {
  const { koji } = await aScene(t);
  const { builds } = await right(koji.imageBuilds(0, 1));
  const [image] = await right(koji.imageContents([builds[0]!.id]));
  if (image?.type !== 'image') return t.fail();
  const { nvr } = image.contents.rpms.find(({ source }) => source === 'openssl')!;
  const build = await right(koji.build(nvr.replace('openssl-libs', 'openssl')));
  const rpms = await right(koji.rpmsOf(build.id));
  t.true(rpms.some(({ arch }) => arch === 'src'));
  t.true(rpms.some(({ name }) => name === 'openssl-libs'));
  const signatures = await right(koji.signaturesOf(build.id));
  t.is(signatures.rpms, rpms.length);
  t.true((await right(koji.tagsOf(build.nvr))).length > 0);
  const [none] = await right(koji.imageContents([build.id]));
  t.like(none, { type: 'none', code: 'not-an-image' });
});

test('an order carried out but answered 1009, or by a reset, is unknown, and found again', async (t) => {
  for (const kind of ['koji-retry-fault', 'koji-reset-after-task']) {
    const scene = await aScene(t);
    const order = await orderOf(scene.sandbox);
    await misbehave(scene, { kind, count: 1 });
    t.is((await left(scene.koji.buildContainer(order))).code, 'koji-unknown-outcome', kind);
    t.is(await tasksIn(scene.sandbox), 1);
    t.not(await right(scene.koji.findTask(order, since)), undefined);
    t.is(await right(scene.koji.findTask({ ...order, release: '1.9' }, since)), undefined);
  }
});

test('an order the hub is too slow for is unknown, and found again', async (t) => {
  const scene = await aScene(t, 2_000);
  const order = await orderOf(scene.sandbox);
  await misbehave(scene, { kind: 'koji-slow', ms: 4_000, when: 'after', count: 1 });
  t.is((await left(scene.koji.buildContainer(order))).code, 'koji-unknown-outcome');
  t.not(await right(scene.koji.findTask(order, since)), undefined);
  t.is(await tasksIn(scene.sandbox), 1);
});

test('an order to a hub that is offline, or whose session expired, makes at most one task', async (t) => {
  const scene = await aScene(t);
  const order = await orderOf(scene.sandbox);
  await misbehave(scene, { kind: 'koji-refuses', count: 1, reason: 'no permission' });
  const refused = await left(scene.koji.buildContainer(order));
  t.is(refused.code, 'koji-refused');
  t.regex(refused.reason, /no permission/);
  await misbehave(scene, { kind: 'koji-offline', count: 1 });
  t.is((await left(scene.koji.buildContainer(order))).code, 'koji-unavailable');
  t.is(await tasksIn(scene.sandbox), 0);
  await misbehave(scene, { kind: 'koji-session-expired', count: 1 });
  await right(scene.koji.buildContainer(order));
  t.is(await tasksIn(scene.sandbox), 1);
});

test('a build that failed tells why, and one that was canceled has no reason', async (t) => {
  const scene = await aScene(t);
  await misbehave(scene, { kind: 'image-fails', count: 1, reason: 'disk full' });
  const failed = await right(scene.koji.buildContainer(await orderOf(scene.sandbox, '1.1')));
  t.like(await ended(scene, failed), { stateName: 'FAILED', builds: [] });
  t.regex((await right(scene.koji.task(failed))).reason ?? '', /disk full/);
  await misbehave(scene, { kind: 'image-canceled', count: 1 });
  const canceled = await right(scene.koji.buildContainer(await orderOf(scene.sandbox, '1.2')));
  t.like(await ended(scene, canceled), { stateName: 'CANCELED', reason: null, builds: [] });
});
