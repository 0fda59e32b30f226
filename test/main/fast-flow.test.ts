import { verify } from '../../audit/verify.ts';
import { buildStates } from '../../projectors/builds/row.ts';
import {
  anImageStory,
  buildsAsked,
  decisionsOf,
  holders,
  untilDone,
} from '../support/image-world.ts';
import { post } from '../support/sandbox.ts';
import { askedOfOdcs, composesOf, shipUpdate, tasksOf } from '../support/sandbox-images.ts';
import { buildsOf, eventsOf, must, until } from '../support/service.ts';
import { policyFile } from '../support/story.ts';
import { scene } from '../support/scene.ts';

scene('a signed build gets one compose, and every image is built with it', async (t) => {
  const { sandbox, service } = await anImageStory(t);
  const { nvr } = await shipUpdate(sandbox, { package: 'bash', stage: 'signed' });
  await untilDone(service);

  const composes = await composesOf(sandbox);
  t.is(composes.length, 1);
  const [compose] = composes;
  t.is(compose?.builds, nvr);
  const asked = await buildsAsked(sandbox);
  t.deepEqual([...asked.map(({ name }) => name)].sort(), [...holders].sort());
  for (const { composes: used } of asked) t.deepEqual(used, [compose?.id]);
  for (const build of await buildsOf(service)) {
    t.is(build.state, buildStates.DONE);
    t.deepEqual(build.odcsComposes, [compose?.id ?? 0]);
  }
  t.is(must(await verify(service.stores.log)()).faults.length, 0);
});

scene(
  'a compose that fails is asked for anew, and the images wait for the one that is done',
  async (t) => {
    const policy = policyFile(t, { retries: '{ submission: 5, build: 1, backOff: 0s }' });
    const { sandbox, service } = await anImageStory(t, undefined, { policy });
    await post(sandbox, '/sandbox/misbehave', { kind: 'compose-fails', count: 1 });
    await shipUpdate(sandbox, { package: 'bash', stage: 'signed' });
    await untilDone(service);

    const [failed, done, ...more] = await composesOf(sandbox);
    t.is(failed?.state_name, 'failed');
    t.is(more.length, 0);
    for (const { composes } of await buildsAsked(sandbox)) t.deepEqual(composes, [done?.id]);
  },
);

scene(
  'when no compose can be had, the claims are withdrawn with a code and nothing is built',
  async (t) => {
    const { sandbox, service } = await anImageStory(t);
    await post(sandbox, '/sandbox/misbehave', { kind: 'compose-fails' });
    await shipUpdate(sandbox, { package: 'bash', stage: 'signed' });
    await untilDone(service);

    t.deepEqual(await buildsAsked(sandbox), []);
    const [event] = await eventsOf(service);
    t.truthy(event?.stateReason);
    const decisions = await decisionsOf(service);
    const codes = new Set(
      decisions.filter(({ artifact }) => artifact !== 'image:lean:f28').map(({ code }) => code),
    );
    t.deepEqual([...codes], ['compose-failed']);
  },
);

for (const kind of ['odcs-reset-after-compose', 'odcs-error-after-compose']) {
  scene(`${kind}: the compose that was made is found, not made twice`, async (t) => {
    const { sandbox, service } = await anImageStory(t);
    await post(sandbox, '/sandbox/misbehave', { kind, count: 1 });
    await shipUpdate(sandbox, { package: 'bash', stage: 'signed' });
    await untilDone(service);

    t.is((await composesOf(sandbox)).length, 1);
    const posts = (await askedOfOdcs(sandbox)).filter(({ method }) => method === 'POST');
    t.is(posts.length, 1);
    t.is((await buildsAsked(sandbox)).length, holders.length);
  });
}

for (const kind of ['koji-reset-after-task', 'koji-retry-fault', 'koji-reset-before-task']) {
  scene(`${kind}: every image is asked for once`, async (t) => {
    const { sandbox, service } = await anImageStory(t);
    await post(sandbox, '/sandbox/misbehave', { kind, count: 2 });
    await shipUpdate(sandbox, { package: 'bash', stage: 'signed' });
    await untilDone(service);

    const builds = await buildsOf(service);
    t.true(builds.every(({ state }) => state === buildStates.DONE));
    const tasks = await tasksOf(sandbox);
    t.is(tasks.length, holders.length);
  });
}

scene(
  'a failed task is tried again under another release, and all attempts are shown',
  async (t) => {
    const policy = policyFile(t, { retries: '{ submission: 5, build: 2, backOff: 0s }' });
    const { sandbox, service } = await anImageStory(t, undefined, { policy });
    await post(sandbox, '/sandbox/misbehave', {
      ...{ kind: 'image-fails', module: 'core', count: 1, reason: 'no space left' },
    });
    await shipUpdate(sandbox, { package: 'bash', stage: 'signed' });
    await untilDone(service);

    const core = (await buildsAsked(sandbox)).filter(({ name }) => name === 'core');
    t.is(core.length, 2);
    t.is(new Set(core.map(({ release }) => release)).size, 2);
    const build = (await buildsOf(service)).find(({ name }) => name === 'core');
    t.is(build?.state, buildStates.DONE);
    t.is(build?.attempts.length, 2);
    t.regex(build?.attempts[0]?.reason ?? '', /no space left/u);
  },
);

scene(
  'a failed parent blocks its children with a code, and its next success builds them',
  async (t) => {
    const { sandbox, service } = await anImageStory(t);
    await post(sandbox, '/sandbox/misbehave', { kind: 'image-fails', module: 'core', count: 1 });
    await shipUpdate(sandbox, { package: 'bash', stage: 'signed' });
    await untilDone(service);
    const first = (await buildsAsked(sandbox)).map(({ name }) => name);
    t.deepEqual([...first].sort(), ['base', 'core', 'side']);

    await shipUpdate(sandbox, { package: 'tar', stage: 'signed' });
    await until(service, async () => {
      const asked = (await buildsAsked(sandbox)).map(({ name }) => name);
      return ['core', 'runtime', 'app', 'plugin'].every((name) => asked.includes(name));
    });
    await untilDone(service, 2);
    const asked = (await buildsAsked(sandbox)).map(({ name }) => name);
    t.is(asked.filter((name) => name === 'base').length, 1);
    t.is(asked.filter((name) => name === 'side').length, 1);
    const states = (await buildsOf(service)).map(({ state }) => state);
    t.is(states.filter((state) => state === buildStates.PLANNED).length, 0);
  },
);
