import test from 'ava';
import fc from 'fast-check';
import { buildStates } from '../../projectors/builds/row.ts';
import { eventStates } from '../../projectors/events/row.ts';
import type { Heard } from '../support/sandbox.ts';
import { feed, headOf, ofTopic, rowsOf, submitHead } from '../support/sandbox.ts';
import { buildsOf, eventsOf, until } from '../support/service.ts';
import {
  aStory,
  buildOf,
  commit,
  deliver,
  ended,
  messagesOf,
  submissions,
  verdictsOf,
} from '../support/story.ts';
import type { Story } from '../support/story.ts';

const deaf = { feedUrl: null };

const heardSoFar = async ({ sandbox }: Story): Promise<ReadonlyArray<Heard>> =>
  (await feed(sandbox, '')).messages;

const codesOf = async ({ service }: Story) =>
  (await messagesOf(service)).flatMap(({ code }) => (code === null ? [] : [code])).sort();

test('a push that both publishers tell of is one event, and the other message is set aside', async (t) => {
  const story = await aStory(t);
  const { sandbox, service } = story;
  await commit(sandbox, 'rpms/bash');
  await ended(service, 1);
  await until(service, async () => (await codesOf(story)).includes('covered'));
  const covered = (await messagesOf(service)).filter(({ code }) => code === 'covered');
  t.deepEqual(
    covered.map(({ topic }) => topic),
    ['pagure.git.receive'],
  );
  t.is((await eventsOf(service)).length, 1);
  t.is((await rowsOf(sandbox, 'base')).length, 2);
});

test('a push that only the other publisher tells of is used when its time is over', async (t) => {
  const story = await aStory(t, { config: deaf });
  const { sandbox, service } = story;
  await commit(sandbox, 'rpms/bash');
  await deliver(service, ...ofTopic(await heardSoFar(story), 'pagure.git.receive'));
  await ended(service, 1);
  t.is((await rowsOf(sandbox, 'base')).length, 2);
  t.is((await rowsOf(sandbox, 'leaf')).length, 2);
  t.deepEqual(await codesOf(story), []);
});

test('the bump of a module is known as ours and causes nothing', async (t) => {
  const story = await aStory(t, { modules: ['base:f28 holds bash@f28'] });
  const { sandbox, service } = story;
  await commit(sandbox, 'rpms/bash');
  await ended(service, 1);
  await until(service, async () => (await codesOf(story)).includes('own-commit'));
  t.is((await eventsOf(service)).length, 1);
  t.is((await rowsOf(sandbox, 'base')).length, 2);
});

test('a change of its own metadata submits that very commit of a module, then its dependents', async (t) => {
  const { sandbox, service } = await aStory(t);
  const changed = await commit(sandbox, 'modules/base');
  await ended(service, 1);
  t.deepEqual(await verdictsOf(service), [
    ['base', 'yes', 'config-changed'],
    ['leaf', 'yes', 'dependency-of-affected'],
  ]);
  t.is(await headOf(sandbox, 'base', 'f28'), changed);
  t.is((await rowsOf(sandbox, 'base')).at(-1)?.commit, changed);
  t.is((await rowsOf(sandbox, 'leaf')).length, 2);
});

test('a module its packager has submitted himself is not submitted again', async (t) => {
  const { sandbox, service } = await aStory(t, {
    before: async (world) => {
      await commit(world, 'modules/base');
      await submitHead(world, 'base', 'f28');
    },
  });
  await ended(service, 2);
  t.is((await rowsOf(sandbox, 'base')).length, 2);
  t.is((await rowsOf(sandbox, 'leaf')).length, 2);
  const verdicts = await verdictsOf(service);
  t.deepEqual(verdicts[0], ['base', 'no', 'already-built']);
  t.is((await buildOf(service, 'base'))?.state, buildStates.CANCELED);
});

test('a module that others made ready has its dependents built, and is not built itself', async (t) => {
  const { sandbox, service } = await aStory(t);
  await commit(sandbox, 'modules/base', { file: 'README' });
  t.is((await submitHead(sandbox, 'base', 'f28')).status, 201);
  await ended(service, 1);
  t.deepEqual(await verdictsOf(service), [['leaf', 'yes', 'parent-changed']]);
  t.is((await rowsOf(sandbox, 'base')).length, 2);
  t.is((await rowsOf(sandbox, 'leaf')).length, 2);
  t.is((await eventsOf(service))[0]?.state, eventStates.COMPLETE);
});

/** The same message with the year in front of its id, or without where it has one. */
const otherwise = (message: Heard): Heard => {
  const bare = message.id.replace(/^\d{4}-/, '');
  return { ...message, id: bare === message.id ? `2026-${bare}` : bare };
};
const orders = fc.sample(fc.infiniteStream(fc.nat()), { numRuns: 4, seed: 20261122 });

for (const [round, order] of orders.entries()) {
  test(`messages that come twice and in any order build each thing once (order ${round + 1})`, async (t) => {
    const modules = [
      ...['other:f28 holds sed', 'base:f28 holds bash@f28'],
      'leaf:f28 needs base:f28,other:f28 holds zsh@f28',
    ];
    const story = await aStory(t, { modules, config: deaf, policy: { quietWindow: '1s' } });
    const { sandbox, service } = story;
    await commit(sandbox, 'rpms/bash');
    await commit(sandbox, 'rpms/zsh');
    await commit(sandbox, 'modules/other', { file: 'README' });
    await submitHead(sandbox, 'other', 'f28');
    await until(service, async () => (await rowsOf(sandbox, 'other')).at(-1)?.state === 5);
    const heard = await heardSoFar(story);
    const copies = [...heard, ...heard.map(otherwise)];
    const shuffled = copies.map((message) => ({ message, at: order.next().value as number }));
    shuffled.sort((a, b) => a.at - b.at);
    await deliver(service, ...shuffled.map(({ message }) => message));
    await ended(service, 3);

    const builds = await buildsOf(service);
    t.true(builds.every(({ state }) => state === buildStates.DONE));
    t.deepEqual(await submissions(sandbox), [201, ...builds.map(() => 201)]);
    const answers = builds.flatMap(({ name, eventIds }) => eventIds.map((id) => `${name} ${id}`));
    t.is(answers.length, 4);
    t.is(new Set(answers).size, 4);
    t.is((await messagesOf(service)).length, heard.length);
  });
}
