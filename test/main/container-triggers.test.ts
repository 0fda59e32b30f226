import { buildStates } from '../../projectors/builds/row.ts';
import { anImageStory, buildsAsked, decisionsOf, untilDone } from '../support/image-world.ts';
import { ask, post } from '../support/sandbox.ts';
import { advance, composesOf, shipUpdate } from '../support/sandbox-images.ts';
import type { Sandbox } from '../../ops/sandbox/sandbox.ts';
import { aService, buildsOf, configFor, eventsOf, until } from '../support/service.ts';
import { policyFile } from '../support/story.ts';
import { tempFolder } from '../support/sandbox.ts';
import { scene } from '../support/scene.ts';

const names = async (sandbox: Sandbox): Promise<ReadonlyArray<string>> =>
  (await buildsAsked(sandbox)).map(({ name, branch }) => `${name}:${branch}`);

scene(
  'a changed Dockerfile has its image rebuilt, and what is built on it after that',
  async (t) => {
    const { sandbox, service } = await anImageStory(t);
    await post(sandbox, '/sandbox/commit', { namespace: 'container', repo: 'app', branch: 'f28' });
    await untilDone(service);

    t.deepEqual(await names(sandbox), ['app:f28', 'plugin:f28']);
    const codes = (await decisionsOf(service)).map(({ artifact, code }) => `${artifact} ${code}`);
    t.deepEqual([...codes].sort(), [
      'image:app:f28 config-changed',
      'image:plugin:f28 dependency-of-affected',
    ]);
  },
);

const releases = [
  'image base:f27 holds bash',
  'image base:f28 holds bash',
  'image base:master holds bash',
  'image leaf:master from base:master holds zlib',
];

scene(
  'what enters the release tag of Rawhide has its images rebuilt, though Bodhi never speaks of it',
  async (t) => {
    const policy = policyFile(t, { rules: "[{ id: slow, allow: { flow: 'container-slow' } }]" });
    const { sandbox, service } = await anImageStory(t, releases, { policy });
    await shipUpdate(sandbox, { package: 'bash', release: 'rawhide' });
    await untilDone(service, 2);

    t.deepEqual(await names(sandbox), ['base:master', 'leaf:master']);
    const [stable] = (await eventsOf(service)).filter(({ eventTypeId }) => eventTypeId === 5);
    const declined = (await decisionsOf(service)).filter(
      ({ verdict, eventId }) => verdict === 'no' && eventId === stable?.id,
    );
    t.deepEqual(declined.map(({ artifact, code }) => `${artifact} ${code}`).sort(), [
      'image:base:f27 other-release',
      'image:base:f28 other-release',
    ]);
  },
);

scene('an update of one release does not touch the images of another', async (t) => {
  const { sandbox, service } = await anImageStory(t, releases.slice(0, 2));
  await shipUpdate(sandbox, { package: 'bash', release: 'f27' });
  await untilDone(service, 2);

  t.deepEqual(await names(sandbox), ['base:f27']);
});

scene('a module that ships has the images rebuilt that hold its RPMs', async (t) => {
  const policy = policyFile(t, {
    rules:
      "[{ id: slow, allow: { flow: 'container-slow' } }, { id: modules, allow: { kind: module } }]",
  });
  const images = [
    'nodejs:20 holds nodejs@f28',
    'image plain:f28 holds nodejs',
    'image modular:f28 holds nodejs%nodejs:20',
    'image shop:f28 from modular:f28 holds zlib',
  ];
  const { sandbox, service } = await anImageStory(t, images, { policy });
  await post(sandbox, '/sandbox/commit', { repo: 'nodejs', branch: 'f28' });
  await untilDone(service);
  await shipUpdate(sandbox, { module: 'nodejs:20' });
  await until(service, async () => (await eventsOf(service)).some((one) => one.eventTypeId === 5));
  await untilDone(service);

  t.deepEqual(await names(sandbox), ['modular:f28', 'shop:f28']);
  const plain = (await decisionsOf(service)).find(({ artifact }) => artifact.includes('plain'));
  t.like(plain, { verdict: 'no', code: 'other-modularity' });
});

type Built = { readonly nvr: string; readonly name: string; readonly rpms: ReadonlyArray<string> };

scene('a second update in the middle of a wave leaves no child on a stale parent', async (t) => {
  const world = { buildTime: 150 };
  const { sandbox, service } = await anImageStory(t, undefined, {}, world);
  const bash = await shipUpdate(sandbox, { package: 'bash' });
  await until(service, async () => (await buildsAsked(sandbox)).length >= 2);
  const glibc = await shipUpdate(sandbox, { package: 'glibc' });
  await untilDone(service, 4, 120);

  const shown = await ask(sandbox, '/sandbox/koji/builds?kind=image');
  const builds = shown.body as ReadonlyArray<Built>;
  for (const name of ['base', 'core', 'runtime', 'app', 'plugin', 'side']) {
    const newest = builds.findLast((build) => build.name === name);
    t.true(newest?.rpms.includes(bash.nvr), `${name}: ${newest?.rpms.join(' ') ?? ''}`);
    t.true(newest?.rpms.includes(glibc.nvr), `${name}: ${newest?.rpms.join(' ') ?? ''}`);
  }
});

scene('two backends on one log ask for one compose and for each image once', async (t) => {
  const folder = tempFolder(t);
  const { sandbox, service } = await anImageStory(t, undefined, { data: folder });
  await aService(t, configFor(sandbox, folder));
  await shipUpdate(sandbox, { package: 'bash' });
  await untilDone(service, 2);

  t.is((await composesOf(sandbox)).length, 1);
  const asked = await names(sandbox);
  t.is(asked.length, 6);
  t.is(new Set(asked).size, 6);
});

/** How long after it was done ODCS takes a compose away, in ms, and how many are needed then. */
const lives = [
  { ms: 6000, composes: 1, title: 'a compose that is about to end is kept alive for the builds' },
  { ms: 1, composes: 2, title: 'a compose that is gone before it could be used is made anew' },
];

for (const { ms, composes: count, title } of lives) {
  scene(title, async (t) => {
    const policy = policyFile(t, { retries: '{ submission: 5, build: 2, backOff: 0s }' });
    const world = { buildTime: ms === 1 ? 5 : 1500 };
    const { sandbox, service } = await anImageStory(t, undefined, { policy }, world);
    await post(sandbox, '/sandbox/misbehave', { kind: 'compose-expires', ms, count: 1 });
    await shipUpdate(sandbox, { package: 'bash', stage: 'signed' });
    await untilDone(service, 1, 120);

    const composes = await composesOf(sandbox);
    t.is(composes.length, count);
    const asked = await buildsAsked(sandbox);
    t.is(asked.length, 6);
    for (const { composes: used } of asked) t.deepEqual(used, [composes.at(-1)?.id]);
    for (const { state } of await buildsOf(service)) t.is(state, buildStates.DONE);
  });
}

scene('what was blocked is built with a new compose when the old one is gone', async (t) => {
  const { sandbox, service } = await anImageStory(t, undefined, { composeLifetime: 3 });
  await post(sandbox, '/sandbox/misbehave', { kind: 'image-fails', module: 'core', count: 1 });
  await shipUpdate(sandbox, { package: 'bash', stage: 'signed' });
  await untilDone(service);
  await until(service, async () =>
    (await composesOf(sandbox)).every(({ state_name }) => state_name === 'removed'),
  );

  await shipUpdate(sandbox, { package: 'tar', stage: 'signed' });
  await until(
    service,
    async () => {
      const builds = await buildsOf(service);
      const done = builds.filter(({ state }) => state === buildStates.DONE);
      return ['core', 'runtime', 'app', 'plugin'].every((name) =>
        done.some((build) => build.name === name && build.eventIds.includes(2)),
      );
    },
    60,
  );
  await untilDone(service, 2);
  const plugin = (await buildsAsked(sandbox)).findLast(({ name }) => name === 'plugin');
  t.is(plugin?.composes.length, 2);
  t.false(plugin?.composes.includes(1));
});

scene(
  'signatures of all RPMs make a trigger before the tag does, and the tag makes no other',
  async (t) => {
    const { sandbox, service } = await anImageStory(t);
    const built = await shipUpdate(sandbox, { package: 'bash', stage: 'built' });
    await advance(sandbox, built, 'signed');
    await untilDone(service);

    t.is((await composesOf(sandbox)).length, 1);
    t.is((await names(sandbox)).length, 6);
  },
);

scene('what policy puts off is decided again when the time has come, as a new event', async (t) => {
  const soon = new Date(Date.now() + 6000).toISOString().replace(/\.\d+Z$/u, 'Z');
  const rules = `[{ id: all, allow: { kind: '.*' } }, { id: freeze, later: { name: 'side' }, until: '${soon}' }]`;
  const policy = policyFile(t, { rules });
  const { sandbox, service } = await anImageStory(t, undefined, { policy });
  await shipUpdate(sandbox, { package: 'bash', stage: 'signed' });
  await until(service, async () => (await decisionsOf(service)).length > 0);
  const before = (await decisionsOf(service)).find(({ name }) => name === 'side');
  t.like(before, { verdict: 'later', code: 'deferred-by-rule' });
  await untilDone(service);

  const after = (await decisionsOf(service)).find(({ name }) => name === 'side');
  t.is(after?.verdict, 'yes');
  t.true((after?.revision ?? 0) > (before?.revision ?? 0));
  t.true((await names(sandbox)).includes('side:f28'));
});
