import { buildStates } from '../../projectors/builds/row.ts';
import type { DeafStory } from '../support/reconcile-world.ts';
import {
  aDeafStory,
  countsOf,
  differencesOf,
  isSeenAtWork,
  reconcileNow,
  untilShown,
} from '../support/reconcile-world.ts';
import { composesModel } from '../../projectors/composes/row.ts';
import { untilDone } from '../support/image-world.ts';
import { post } from '../support/sandbox.ts';
import type { ShownCompose, ShownTask } from '../support/sandbox-images.ts';
import { composesOf, shipUpdate, tasksOf } from '../support/sandbox-images.ts';
import { scene } from '../support/scene.ts';
import { buildsOf, must, until } from '../support/service.ts';
import { misbehave } from '../support/story.ts';

const alone = ['image base:f28 holds bash past same'];
const stream = 'artifact-image:base:f28';

/** A task that Koji is at, and of which nobody hears any more. */
const atWork = async ({ sandbox, service, blind }: DeafStory, stage: string): Promise<number> => {
  await misbehave(sandbox, { kind: 'image-never-finishes' });
  await shipUpdate(sandbox, { package: 'bash', stage });
  await until(service, () => isSeenAtWork(service, stream, 'OPEN'), 60);
  blind();
  await misbehave(sandbox, { kind: 'no-messages' });
  return (await tasksOf(sandbox)).at(-1)?.id ?? 0;
};

const taskIs = (id: number, state: number) => (tasks: ReadonlyArray<ShownTask>) =>
  tasks.some((task) => task.id === id && task.state === state);

for (const [how, ends, state, found] of [
  ['finished', {}, buildStates.DONE, 'closed'],
  ['failed', { reason: 'No luck today' }, buildStates.FAILED, 'failed'],
  ['been cancelled', null, buildStates.FAILED, 'canceled'],
] as const) {
  scene(`an image build that has ${how} unheard is found, and concluded`, async (t) => {
    const story = await aDeafStory(t, alone);
    const { sandbox, service } = story;
    const id = await atWork(story, 'stable');
    if (ends === null) await misbehave(sandbox, { kind: 'image-canceled' });
    t.is((await post(sandbox, '/sandbox/koji/finish', { id, ...ends })).status, 200);
    const numbers = { closed: 2, canceled: 3, failed: 5 };
    await untilShown(sandbox, '/sandbox/koji/tasks', taskIs(id, numbers[found]));

    const done = await reconcileNow(service);
    await untilDone(service);

    t.is((await buildsOf(service))[0]?.state, state);
    const about = (await differencesOf(service)).filter(({ code }) => code === 'state-differs');
    t.is(about.length, 1);
    t.like(about[0], { system: 'koji', externalId: id, recorded: 'open', found, stream });
    t.is(countsOf(done)['running-images'], 1);
    t.is(countsOf(done)['own-tasks'], 1);
    t.deepEqual(done.unreachable, []);
  });
}

scene(
  'a compose that was removed behind our back is found, and is on record as gone',
  async (t) => {
    const story = await aDeafStory(t, alone);
    const { sandbox, service } = story;
    await atWork(story, 'signed');
    const [compose] = await composesOf(sandbox);
    const path = `/odcs/api/1/composes/${compose?.id ?? 0}`;
    t.is((await fetch(sandbox.url + path, { method: 'DELETE' })).status, 202);
    await untilShown<ReadonlyArray<ShownCompose>>(sandbox, '/sandbox/composes', (all) =>
      all.every(({ state_name: name }) => name === 'removed'),
    );

    const done = await reconcileNow(service);

    const about = (await differencesOf(service)).filter(({ system }) => system === 'odcs');
    t.is(about.length, 1);
    t.like(about[0], { code: 'state-differs', externalId: compose?.id, action: 'look' });
    t.like(about[0], { recorded: 'ready', found: 'removed' });
    t.is(countsOf(done)['open-composes'], 1);
    const reader = service.stores.readModels.reader(composesModel);
    await until(service, async () => {
      const gone = await reader.find({ ...where('composeIds', compose?.id ?? 0) })();
      return must(gone).some(
        ({ body }) => body['composeId'] !== compose?.id || body['state'] === 'expired',
      );
    });
  },
);

const where = (field: string, value: number) => ({
  ...{ where: [{ field, in: [value] }], orderBy: [], offset: 0, limit: 1 },
});
