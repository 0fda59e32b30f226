import test from 'ava';
import { buildStates } from '../../projectors/builds/row.ts';
import { eventStates } from '../../projectors/events/row.ts';
import { post, rowsOf } from '../support/sandbox.ts';
import { buildsOf, eventsOf, until } from '../support/service.ts';
import {
  aStory,
  buildOf,
  commit,
  ended,
  misbehave,
  submissions,
  verdictsOf,
} from '../support/story.ts';

const chain = [
  ...['base:f28 holds bash@f28', 'leaf:f28 needs base:f28 holds zsh'],
  'tip:f28 needs leaf:f28 holds sed',
];
const failing = (sandbox: Parameters<typeof misbehave>[0]) =>
  misbehave(sandbox, { kind: 'build-fails', module: 'base', count: 1, reason: 'No luck today' });

test('a build that fails in MBS blocks all that depends on it, and the event says how many', async (t) => {
  const { sandbox, service } = await aStory(t, { modules: chain, before: failing });
  await commit(sandbox, 'rpms/bash');
  await ended(service, 1);

  const [base, leaf, tip] = await buildsOf(service);
  t.is(base?.state, buildStates.FAILED);
  t.is(base?.stateReason, 'No luck today');
  t.is(leaf?.state, buildStates.PLANNED);
  t.is(leaf?.stateReason, 'Waits for module:base:f28: parent-failed');
  t.is(tip?.stateReason, 'Waits for module:leaf:f28: parent-blocked');
  const [event] = await eventsOf(service);
  t.is(event?.state, eventStates.FAILED);
  t.regex(event?.stateReason ?? '', /^0 of 3 builds succeeded, 1 failed, 2 blocked by them/);
  t.is((await submissions(sandbox)).length, 1);
});

test('a later success of the parent frees what it had blocked, and the first event ends anew', async (t) => {
  const { sandbox, service } = await aStory(t, { modules: chain, before: failing });
  await commit(sandbox, 'rpms/bash');
  await ended(service, 1);
  await commit(sandbox, 'rpms/bash');
  await ended(service, 2);
  await until(service, async () => {
    const [first] = await eventsOf(service);
    return first?.stateReason?.startsWith('2 of 3 builds succeeded, 1 failed') === true;
  });

  const [first, second] = await eventsOf(service);
  t.is(first?.state, eventStates.FAILED);
  t.is(second?.state, eventStates.COMPLETE);
  for (const name of ['leaf', 'tip']) {
    t.is((await rowsOf(sandbox, name)).length, 2, name);
    const build = await buildOf(service, name);
    t.deepEqual(build?.eventIds, [first?.id, second?.id]);
    t.is(build?.state, buildStates.DONE);
  }
  t.is((await rowsOf(sandbox, 'base')).length, 3);
});

test('five quick commits of one package make one build that answers all five', async (t) => {
  const { sandbox, service } = await aStory(t, {
    policy: { quietWindow: '4s' },
    before: async (world) => {
      for (let i = 0; i < 5; i += 1) await commit(world, 'rpms/bash');
    },
  });
  await ended(service, 5);
  t.is((await rowsOf(sandbox, 'base')).length, 2);
  t.is((await rowsOf(sandbox, 'leaf')).length, 2);
  const builds = await buildsOf(service);
  t.deepEqual(
    builds.map(({ name, eventIds, state }) => [name, eventIds.length, state]),
    [
      ['base', 5, buildStates.DONE],
      ['leaf', 5, buildStates.DONE],
    ],
  );
});

test('a change that comes while its module is being built is built afterwards', async (t) => {
  const { sandbox, service } = await aStory(t, {
    modules: ['base:f28 holds bash@f28'],
    before: (world) => misbehave(world, { kind: 'never-finishes', module: 'base', count: 1 }),
  });
  await commit(sandbox, 'rpms/bash');
  await until(service, async () => (await buildOf(service, 'base'))?.buildId != null);
  await commit(sandbox, 'rpms/bash');
  await until(service, async () => (await buildsOf(service)).length === 2);
  const [, running, ...more] = await rowsOf(sandbox, 'base');
  t.deepEqual(more, []);
  await post(sandbox, '/sandbox/finish', { id: running?.id });
  await ended(service, 2);
  t.deepEqual(
    (await buildsOf(service)).map(({ state, eventIds }) => [state, eventIds.length]),
    [
      [buildStates.DONE, 1],
      [buildStates.DONE, 1],
    ],
  );
  t.is((await rowsOf(sandbox, 'base')).length, 3);
});

test('a diamond with one side denied is built along the other', async (t) => {
  const rules =
    "[{ id: all, allow: { kind: '.*' } }, { id: not-left, deny: { kind: module, name: left } }]";
  const { sandbox, service } = await aStory(t, {
    modules: [
      ...['top:f28 holds bash@f28', 'left:f28 needs top:f28 holds zlib'],
      ...['right:f28 needs top:f28 holds xz', 'bottom:f28 needs left:f28,right:f28 holds sed'],
    ],
    policy: { rules },
  });
  await commit(sandbox, 'rpms/bash');
  await ended(service, 1);
  t.deepEqual(await verdictsOf(service), [
    ['top', 'yes', 'contains-changed-branch'],
    ['left', 'no', 'denied-by-rule'],
    ['right', 'yes', 'dependency-of-affected'],
    ['bottom', 'yes', 'dependency-of-affected'],
  ]);
  t.is((await rowsOf(sandbox, 'left')).length, 1);
  t.is((await rowsOf(sandbox, 'bottom')).length, 2);
});

test('a cycle of modules is built once each', async (t) => {
  const { sandbox, service } = await aStory(t, {
    modules: [
      ...['a:f28 needs c:f28 holds bash@f28', 'b:f28 needs a:f28 holds zlib'],
      'c:f28 needs b:f28 holds xz',
    ],
  });
  await commit(sandbox, 'rpms/bash');
  await ended(service, 1);
  const ids: Array<number> = [];
  for (const name of ['a', 'b', 'c']) {
    const [, row, ...more] = await rowsOf(sandbox, name);
    t.deepEqual(more, [], name);
    ids.push(row?.id ?? 0);
  }
  t.deepEqual(
    ids,
    ids.toSorted((x, y) => x - y),
  );
});
