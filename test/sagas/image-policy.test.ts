import test from 'ava';
import { aRebuildWorld, carryUntil, claim, isOver, stateOf } from '../support/rebuild-world.ts';
import { tasksOf } from '../support/sandbox-images.ts';

const images = ['image base:f28 holds bash', 'image httpd:f28 from base:f28 holds httpd'];
const rules = (...extra: ReadonlyArray<string>) => ({
  rules: `[{ id: everything, allow: { kind: '.*' } }, ${extra.join(', ')}]`,
});

const flows = [
  ['BodhiUpdateCompleteStableEvent', 'container-slow'],
  ['BrewSignRPMEvent', 'container-fast'],
  ['GitDockerfileChangeEvent', 'container-push'],
] as const;

for (const [kind, flow] of flows) {
  test(`a claim of ${kind} is judged at the start as an image of flow ${flow}`, async (t) => {
    const denial = `{ id: no, deny: { kind: image, flow: ${flow}, trigger: ${kind} } }`;
    const world = await aRebuildWorld(t, { images, policy: rules(denial) });
    const stream = await claim(world, 'httpd:f28', { number: 1, kind });
    const state = await carryUntil(world, world.process(), stream, isOver);
    t.is(state.causes['t1']?.withdrawnFor, 'denied-by-rule');
    t.deepEqual(await tasksOf(world.sandbox), []);
  });

  test(`a claim of ${kind} is none of any other flow`, async (t) => {
    const others = flows.filter(([, other]) => other !== flow).map(([, other]) => other);
    const denial = `{ id: no, deny: { flow: [module, ${others.join(', ')}] } }`;
    const world = await aRebuildWorld(t, { images, policy: rules(denial) });
    const stream = await claim(world, 'httpd:f28', { number: 1, kind });
    const state = await carryUntil(world, world.process(), stream, isOver);
    t.like(state.finished, [{ outcome: 'succeeded' }]);
  });
}

test('a build stays planned while policy puts its claims off, and is looked at again', async (t) => {
  const freeze = `{ id: freeze, later: { kind: image }, until: '2999-01-01T00:00:00Z' }`;
  const world = await aRebuildWorld(t, { images, policy: rules(freeze) });
  const stream = await claim(world, 'httpd:f28', { number: 1 });
  const { settings } = world.process().deps;
  const slow = world.process({ settings: { ...settings, lookAgainEvery: 600_000 } });
  t.like(await slow.act(stream), { right: { after: 60_000 } });
  const { planned, causes } = await stateOf(world, stream);
  t.truthy(planned);
  t.is(causes['t1']?.status, 'open');
});
