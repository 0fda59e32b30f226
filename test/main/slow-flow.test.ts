import { verify } from '../../audit/verify.ts';
import { eventStates } from '../../projectors/events/row.ts';
import {
  anImageStory,
  buildsAsked,
  decisionsOf,
  holders,
  untilDone,
} from '../support/image-world.ts';
import { buildsOf, eventsOf, must } from '../support/service.ts';
import { advance, shipUpdate } from '../support/sandbox-images.ts';
import { policyFile } from '../support/story.ts';
import { scene } from '../support/scene.ts';

/** Updates count when they ship stable, not when they are signed. */
const slowOnly = "[{ id: slow, allow: { flow: 'container-slow' } }]";

scene(
  'an update held at every depth builds each image once, parents first, each on its new parent',
  async (t) => {
    const policy = policyFile(t, { rules: slowOnly });
    const { sandbox, service } = await anImageStory(t, undefined, { policy });
    const shipped = await shipUpdate(sandbox, { package: 'bash' });
    await untilDone(service, 2);

    const asked = await buildsAsked(sandbox);
    const names = asked.map(({ name }) => name);
    t.deepEqual([...names].sort(), [...holders].sort());
    const parents = { core: 'base', runtime: 'core', app: 'runtime', plugin: 'app', side: 'base' };
    const builds = await buildsOf(service);
    for (const [child, parent] of Object.entries(parents)) {
      t.true(names.indexOf(parent) < names.indexOf(child), names.join(' '));
      const made = builds.find(({ name }) => name === parent)?.rebuiltNvr;
      t.truthy(made);
      t.is(asked.find(({ name }) => name === child)?.parent, made ?? undefined);
    }
    const events = await eventsOf(service);
    const stable = events.find(({ searchKey }) => searchKey === shipped.alias);
    t.is(stable?.state, eventStates.COMPLETE);
    const signed = events.find(({ searchKey }) => searchKey === shipped.nvr);
    t.is(signed?.state, eventStates.SKIPPED);
    t.is(must(await verify(service.stores.log)()).faults.length, 0);
  },
);

scene(
  'an image that dropped the package two releases ago is considered and declined, with evidence',
  async (t) => {
    const { sandbox, service } = await anImageStory(t);
    await shipUpdate(sandbox, { package: 'bash' });
    await untilDone(service, 2);

    const decisions = await decisionsOf(service);
    const lean = decisions.find(({ artifact }) => artifact === 'image:lean:f28');
    t.like(lean, { verdict: 'no', code: 'no-longer-holds' });
    const evidence = JSON.stringify(lean?.evidence);
    t.regex(evidence, /bash-/u);
    t.regex(evidence, /lean-/u);
    t.false(decisions.some(({ artifact }) => artifact === 'image:other:f28'));
  },
);

scene(
  'what was rebuilt when an update was signed is not rebuilt again when it ships',
  async (t) => {
    const { sandbox, service } = await anImageStory(t);
    const signed = await shipUpdate(sandbox, { package: 'bash', stage: 'signed' });
    await untilDone(service, 1);
    t.is((await buildsAsked(sandbox)).length, holders.length);

    await advance(sandbox, signed, 'stable');
    await untilDone(service, 2);

    t.is((await buildsAsked(sandbox)).length, holders.length);
    const late = (await decisionsOf(service)).filter(({ eventId }) => eventId === 2);
    const codes = new Set(late.map(({ code }) => code));
    t.deepEqual([...codes].sort(), ['already-holds-this-or-newer', 'no-longer-holds']);
  },
);
