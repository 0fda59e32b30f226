import { verify } from '../../audit/verify.ts';
import { buildStates } from '../../projectors/builds/row.ts';
import type { ShownRow } from '../support/sandbox.ts';
import { post, rowsOf } from '../support/sandbox.ts';
import type { DeafStory } from '../support/reconcile-world.ts';
import {
  aDeafStory,
  countsOf,
  differencesOf,
  isSeenAtWork,
  reconcileNow,
  untilShown,
} from '../support/reconcile-world.ts';
import { scene } from '../support/scene.ts';
import { buildsOf, must, until } from '../support/service.ts';
import { buildOf, commit, ended, misbehave } from '../support/story.ts';

const family = ['base:f28 holds bash@f28', 'leaf:f28 needs base:f28 holds zsh'];
const alone = ['base:f28 holds bash@f28'];

/** A module build that MBS is at, and of which nobody hears any more. */
const submitted = async ({ service, blind }: DeafStory): Promise<number> => {
  await until(service, () => isSeenAtWork(service, 'artifact-module:base:f28', 'build'));
  blind();
  return (await buildOf(service, 'base'))?.buildId ?? 0;
};

const silent = async (sandbox: Parameters<typeof misbehave>[0]): Promise<void> => {
  await misbehave(sandbox, { kind: 'never-finishes' });
  await misbehave(sandbox, { kind: 'no-messages' });
};

for (const [how, state, reason] of [
  ['finished', buildStates.DONE, undefined],
  ['failed', buildStates.FAILED, 'No luck today'],
] as const) {
  scene(`a module build that has ${how} unheard is found, and concluded`, async (t) => {
    const story = await aDeafStory(t, alone);
    const { sandbox, service } = story;
    await silent(sandbox);
    await commit(sandbox, 'rpms/bash');
    const id = await submitted(story);
    const order = reason === undefined ? { id } : { id, state: 'failed', reason };
    t.is((await post(sandbox, '/sandbox/finish', order)).status, 200);
    const over = (row: ShownRow | undefined) => row?.state === 5 || row?.state === 4;
    await untilShown<ReadonlyArray<ShownRow>>(sandbox, '/sandbox/rows', (rows) =>
      over(rows.find((row) => row.id === id)),
    );
    t.is((await buildOf(service, 'base'))?.state, buildStates.BUILD);

    const done = await reconcileNow(service);
    await ended(service, 1);

    t.is((await buildOf(service, 'base'))?.state, state);
    const found = await differencesOf(service);
    t.is(found.length, 1);
    t.like(found[0], {
      ...{ system: 'mbs', code: 'state-differs', externalId: id, action: 'look' },
      ...{ subject: 'base:f28', stream: 'artifact-module:base:f28' },
      found: state === buildStates.DONE ? 'ready' : 'failed',
    });
    const { stream = null, found: now = null } = found[0] ?? {};
    const told = must(await service.stores.log.readStream(stream ?? '', 0, 10_000)());
    t.true(told.some(({ data }) => data['via'] === 'poll' && data['stateName'] === now));
    t.like(done, { run: 1, differences: 1, unreachable: [] });
    t.is(countsOf(done)['running-modules'], 1);
    t.is((await rowsOf(sandbox, 'base')).length, 2);
    t.is(must(await verify(service.stores.log)()).faults.length, 0);
  });
}

scene(
  'where record and services agree nothing differs, however often they are compared',
  async (t) => {
    const { sandbox, service } = await aDeafStory(t, family);
    await commit(sandbox, 'rpms/bash');
    await ended(service, 1);
    const before = await buildsOf(service);

    const [first, second] = [await reconcileNow(service), await reconcileNow(service)];

    t.like(first, { run: 1, differences: 0, unreachable: [], missedMessages: 0 });
    t.like(second, { run: 2, differences: 0, unreachable: [] });
    t.is(countsOf(second)['ready-modules'], 2);
    t.deepEqual(await buildsOf(service), before);
    t.deepEqual(await differencesOf(service), []);
  },
);
