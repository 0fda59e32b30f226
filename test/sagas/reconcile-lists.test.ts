import { once } from 'node:events';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { clientsOf } from '../../main/backend/clients.ts';
import { buildStates } from '../../projectors/builds/row.ts';
import {
  aDeafStory,
  builtByOthers,
  countsOf,
  differencesOf,
  reconcileDepsFor,
  reconcileNow,
  untilShown,
} from '../support/reconcile-world.ts';
import type { ShownRow } from '../support/sandbox.ts';
import { git, post, submitHead } from '../support/sandbox.ts';
import type { ShownTask } from '../support/sandbox-images.ts';
import { shipUpdate } from '../support/sandbox-images.ts';
import { scene } from '../support/scene.ts';
import { eventsOf, must, until } from '../support/service.ts';
import { buildOf, deliver, ended, misbehave } from '../support/story.ts';

const family = ['base:f28 holds bash@f28', 'leaf:f28 needs base:f28 holds zsh'];

scene('a module of others whose message was lost has its dependents rebuilt, once', async (t) => {
  const { sandbox, service } = await aDeafStory(t, family);
  const row = await builtByOthers(sandbox);
  t.deepEqual(await eventsOf(service), []);

  const done = await reconcileNow(service);
  await ended(service, 1);

  t.like(done, { newModules: 1, differences: 1 });
  t.like((await differencesOf(service))[0], {
    ...{ system: 'mbs', code: 'ready-unheard', externalId: row.id, action: 'noticed' },
    ...{ stream: `trigger-mbs:${row.id}`, recorded: null, found: 'ready' },
  });
  const [event] = await eventsOf(service);
  t.like(event, { trigger: `mbs:${row.id}`, messageId: 'reconcile-1' });
  t.deepEqual((await buildOf(service, 'leaf'))?.eventIds, [event?.id ?? 0]);

  // The message comes after all, and the record is compared once more.
  await deliver(service, {
    ...{ topic: 'org.fedoraproject.prod.mbs.module.state.change', msg_id: '2026-late' },
    ...{ timestamp: 1_790_000_000, msg: { ...row, state: 5, state_name: 'ready' } },
  });
  const again = await reconcileNow(service);
  t.like(again, { newModules: 0 });
  t.is((await eventsOf(service)).length, 1);
});

scene('a build that was given up and resumed unheard counts as a success', async (t) => {
  const { sandbox, service } = await aDeafStory(t, family);
  await misbehave(sandbox, { kind: 'build-fails', module: 'base', count: 1, reason: 'No luck' });
  await post(sandbox, '/sandbox/commit', { namespace: 'rpms', repo: 'bash', branch: 'f28' });
  await ended(service, 1);
  await misbehave(sandbox, { kind: 'no-messages', module: 'base' });
  t.is((await submitHead(sandbox, 'base', 'f28')).status, 201);
  await untilShown<ReadonlyArray<ShownRow>>(
    sandbox,
    '/sandbox/rows',
    (rows) => rows.filter(({ name, state }) => name === 'base' && state === 5).length === 2,
  );

  await reconcileNow(service);
  await until(service, async () => (await buildOf(service, 'leaf'))?.state === buildStates.DONE);

  t.is((await buildOf(service, 'base'))?.state, buildStates.DONE);
  const late = (await differencesOf(service)).filter(({ code }) => code === 'late-success');
  t.is(late.length, 1);
  t.like(late[0], { recorded: 'failed', action: 'noticed', subject: late[0]?.subject });
});

scene(
  'an image and its task that no record knows: one is put on record, one is named',
  async (t) => {
    const { sandbox, service } = await aDeafStory(t, ['image base:f28 holds bash past same']);
    await misbehave(sandbox, { kind: 'no-messages' });
    const { koji } = clientsOf(service.config, process.env);
    const commit = await git(join(sandbox.gitFolder, 'container', 'base.git'), 'rev-parse', 'f28');
    const source = `${sandbox.gitUrl.replace(/\/$/, '')}/container/base.git?#${commit}`;
    const order = { source, target: 'f28-container-candidate', branch: 'f28', release: '9.1' };
    const id = must(
      await koji.buildContainer({ ...order, parent: null, composeIds: [], repoUrls: [] })(),
    );
    await untilShown<ReadonlyArray<ShownTask>>(sandbox, '/sandbox/koji/tasks', (tasks) =>
      tasks.some((task) => task.id === id && task.state === 2),
    );

    const done = await reconcileNow(service);

    t.like(done, { newImages: 1, differences: 2, unreachable: [] });
    t.like(countsOf(done), { 'finished-images': 1, 'own-tasks': 1 });
    const found = await differencesOf(service);
    t.like(
      found.find(({ code }) => code === 'unknown-to-us'),
      {
        ...{ system: 'koji', externalId: id, action: 'none', found: 'closed', stream: null },
        subject: `${source}, release 9.1`,
      },
    );
    const unheard = found.find(({ code }) => code === 'image-unheard');
    t.like(unheard, { system: 'koji', action: 'noticed' });
    const contents = unheard?.stream ?? '';
    await until(service, async () => {
      const last = must(await service.stores.log.last(contents)());
      return last?.type === 'ImageContentsRecorded';
    });
    t.like(await reconcileNow(service), { newImages: 0 });
  },
);

scene('a compose in our name that no record knows is named, and once', async (t) => {
  const name = { odcsToken: 'ada:secret', odcsOwner: 'ada' };
  const { sandbox, service } = await aDeafStory(t, ['image base:f28 holds bash past same'], name);
  const { odcs } = clientsOf(service.config, process.env);
  t.is(countsOf(await reconcileNow(service))['own-composes'], 0);
  const { nvr } = await shipUpdate(sandbox, { package: 'bash', stage: 'built' });
  const made = must(
    await odcs.create({
      builds: [nvr],
      packages: [],
      sigkeys: [''],
      arches: [],
      secondsToLive: 60,
    })(),
  );

  const done = await reconcileNow(service);

  t.is(countsOf(done)['own-composes'], 1);
  const found = (await differencesOf(service)).filter(({ system }) => system === 'odcs');
  t.is(found.length, 1);
  t.like(found[0], { code: 'unknown-to-us', externalId: made.id, action: 'none', subject: nvr });
  t.is(countsOf(await reconcileNow(service))['own-composes'], 0);
});

scene(
  'a service that cannot be reached is named, and the others are asked all the same',
  async (t) => {
    const { sandbox, service } = await aDeafStory(t, family);
    const row = await builtByOthers(sandbox);
    const { outside } = await reconcileDepsFor(service);
    const down = TE.left({ code: 'mbs-unavailable', reason: 'Nobody answers.' } as const);
    const mbs = { get: () => down, ofCommit: () => down, readySince: () => down };

    const without = await reconcileNow(service, { outside: { ...outside, mbs } });

    t.deepEqual(without.unreachable, [
      { question: 'ready-modules', code: 'mbs-unavailable', reason: 'Nobody answers.' },
    ]);
    t.is(countsOf(without)['finished-images'], 0);
    t.is(without.marks.readyModules, null);
    t.truthy(without.marks.finishedImages);

    const after = await reconcileNow(service);
    t.like(after, { newModules: 1, unreachable: [] });
    t.is((await differencesOf(service))[0]?.externalId, row.id);
  },
);

scene('what the archive of the bus had is counted, and its failure named', async (t) => {
  const { service } = await aDeafStory(t, family);
  const { outside } = await reconcileDepsFor(service);
  const had = () => Promise.resolve(E.right({ messages: 40, missed: 3 }));
  const first = await reconcileNow(service, { outside: { ...outside, catchUp: had } });
  t.is(first.missedMessages, 3);
  t.is(countsOf(first)['missed-messages'], 40);
  const failed = () =>
    Promise.resolve(E.left({ code: 'datagrepper-unavailable', reason: 'Gone.' }));
  const second = await reconcileNow(service, { outside: { ...outside, catchUp: failed } });
  t.is(second.unreachable[0]?.question, 'missed-messages');
  t.is(countsOf(second)['ready-modules'], 0);
});

scene('a difference that does not last is none', async (t) => {
  const { sandbox, service } = await aDeafStory(t, family);
  const row = await builtByOthers(sandbox);
  const messageCame = async (): Promise<void> => {
    await deliver(service, {
      ...{ topic: 'org.fedoraproject.prod.mbs.module.state.change', msg_id: '2026-slow' },
      ...{ timestamp: 1_790_000_000, msg: { ...row, state: 5, state_name: 'ready' } },
    });
    await ended(service, 1);
  };

  const grace = 60_000;
  const done = await reconcileNow(service, {
    grace,
    pause: (milliseconds, signal) =>
      milliseconds === grace ? messageCame() : once(signal, 'abort').then(() => undefined),
    patience: 600_000,
  });

  t.like(done, { differences: 0, newModules: 0 });
  t.is((await eventsOf(service))[0]?.messageId, '2026-slow');
});
