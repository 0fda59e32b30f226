import test from 'ava';
import { buildStates } from '../../projectors/builds/row.ts';
import { eventStates } from '../../projectors/events/row.ts';
import { rowsOf } from '../support/sandbox.ts';
import { eventsOf } from '../support/service.ts';
import { aStory, buildOf, commit, ended, misbehave, submissions } from '../support/story.ts';
import type { PolicyText, Story } from '../support/story.ts';

const modules = ['base:f28 holds bash@f28'];
const retries = (submission: number, build = 0): PolicyText => ({
  retries: `{ submission: ${submission}, build: ${build}, backOff: 0s }`,
});

/** How many rows MBS has of base, beside the one it began with. */
const built = async ({ sandbox }: Story): Promise<number> =>
  (await rowsOf(sandbox, 'base')).length - 1;

type Fault = {
  readonly what: string;
  readonly rule: Readonly<Record<string, unknown>>;
  /** What MBS answered to each submission; `late` where nobody listened any more. */
  readonly answers: ReadonlyArray<number | 'late'>;
  readonly found: boolean;
};
const faults: ReadonlyArray<Fault> = [
  {
    what: '500 after the row was made',
    rule: { kind: 'error-after-row' },
    ...{ answers: [500], found: true },
  },
  {
    what: 'a connection reset after the row was made',
    rule: { kind: 'reset-after-row' },
    ...{ answers: [0], found: true },
  },
  {
    what: 'an answer that comes after our time-out',
    rule: { kind: 'slow', ms: 1500, when: 'after' },
    ...{ answers: ['late'], found: true },
  },
  {
    what: '500 before the row was made',
    rule: { kind: 'error-before-row' },
    ...{ answers: [500, 201], found: false },
  },
  {
    what: 'a connection reset before the row was made',
    rule: { kind: 'reset-before-row' },
    ...{ answers: [0, 201], found: false },
  },
  {
    what: '409 though there is no row',
    rule: { kind: 'conflict' },
    ...{ answers: [409, 201], found: false },
  },
  { what: '503', rule: { kind: 'unavailable' }, answers: [503, 201], found: false },
];

for (const { what, rule, answers, found } of faults) {
  test(`${what} leads to one row in MBS and a finished build`, async (t) => {
    const story = await aStory(t, {
      modules,
      before: (sandbox) => misbehave(sandbox, { ...rule, count: 1 }),
    });
    const { sandbox, service } = story;
    await commit(sandbox, 'rpms/bash');
    await ended(service, 1);
    t.is(await built(story), 1);
    const statuses = await submissions(sandbox);
    t.deepEqual(
      statuses.map((status, i) => (answers[i] === 'late' ? 'late' : status)),
      answers,
    );
    const build = await buildOf(service, 'base');
    t.is(build?.state, buildStates.DONE);
    t.is(build?.attempts.length, found ? 1 : 2);
    const [event] = await eventsOf(service);
    t.is(event?.state, eventStates.COMPLETE);
  });
}

test('a row that is made after we gave up waiting is found, not made twice', async (t) => {
  const story = await aStory(t, {
    modules,
    before: (sandbox) => misbehave(sandbox, { kind: 'slow', ms: 2600, count: 1 }),
  });
  const { sandbox, service } = story;
  await commit(sandbox, 'rpms/bash');
  await ended(service, 1);
  t.is(await built(story), 1);
  t.is((await buildOf(service, 'base'))?.state, buildStates.DONE);
});

test('each attempt is on show with what came of it', async (t) => {
  const { sandbox, service } = await aStory(t, {
    modules,
    before: (world) => misbehave(world, { kind: 'unavailable', count: 2 }),
  });
  await commit(sandbox, 'rpms/bash');
  await ended(service, 1);
  const build = await buildOf(service, 'base');
  t.deepEqual(
    build?.attempts.map(({ attempt, outcome }) => [attempt, outcome]),
    [
      [1, 'mbs-unavailable'],
      [2, 'mbs-unavailable'],
      [3, 'succeeded'],
    ],
  );
  t.regex(build?.attempts[0]?.reason ?? '', /503, Try again later/);
});

test('a submission is tried as often as policy allows, then the build has failed', async (t) => {
  const story = await aStory(t, {
    ...{ modules, policy: retries(2) },
    before: (sandbox) => misbehave(sandbox, { kind: 'unavailable' }),
  });
  const { sandbox, service } = story;
  await commit(sandbox, 'rpms/bash');
  await ended(service, 1);
  t.is(await built(story), 0);
  t.deepEqual(await submissions(sandbox), [503, 503, 503]);
  const build = await buildOf(service, 'base');
  t.is(build?.state, buildStates.FAILED);
  t.is(build?.attempts.length, 3);
  t.regex(build?.stateReason ?? '', /Try again later/);
  const [event] = await eventsOf(service);
  t.is(event?.state, eventStates.FAILED);
});

test('a build that failed is tried again with a commit of its own, and no failed row is woken', async (t) => {
  const { sandbox, service } = await aStory(t, {
    ...{ modules, policy: retries(0, 1) },
    before: (world) => misbehave(world, { kind: 'build-fails', count: 1, reason: 'Bad luck' }),
  });
  await commit(sandbox, 'rpms/bash');
  await ended(service, 1);
  const [, first, second, ...others] = await rowsOf(sandbox, 'base');
  t.deepEqual(others, []);
  t.deepEqual([first?.state, second?.state], [4, 5]);
  t.not(first?.commit, second?.commit);
  const build = await buildOf(service, 'base');
  t.is(build?.state, buildStates.DONE);
  t.deepEqual(
    build?.attempts.map(({ outcome, externalIds }) => [outcome, externalIds]),
    [
      ['build-failed', [first?.id]],
      ['succeeded', [second?.id]],
    ],
  );
});

test('what MBS refuses has failed at once, in the words of MBS', async (t) => {
  const { sandbox, service } = await aStory(t, { modules });
  await commit(sandbox, 'modules/base', { content: 'document: modulemd\nversion: [\n' });
  await ended(service, 1);
  t.deepEqual(await submissions(sandbox), [422]);
  const build = await buildOf(service, 'base');
  t.is(build?.state, buildStates.FAILED);
  t.regex(build?.stateReason ?? '', /422, The modulemd base.yaml is invalid/);
  const [event] = await eventsOf(service);
  t.is(event?.state, eventStates.FAILED);
});

test('a token that MBS does not take is tried again within policy, then the build fails in its words', async (t) => {
  const scene = { modules, policy: retries(1), world: { token: 'secret' } };
  const { sandbox, service } = await aStory(t, scene);
  await commit(sandbox, 'rpms/bash');
  await ended(service, 1);
  t.deepEqual(await submissions(sandbox), [401, 401]);
  const build = await buildOf(service, 'base');
  t.is(build?.state, buildStates.FAILED);
  t.regex(build?.stateReason ?? '', /401, No 'authorization' header found/);
});

test('a push that dist-git refuses has failed at once, in the words of its hook', async (t) => {
  const { sandbox, service } = await aStory(t, {
    modules,
    before: (world) =>
      misbehave(world, { kind: 'refuse-push', repo: 'modules/base', reason: 'Frozen for beta.' }),
  });
  await commit(sandbox, 'rpms/bash');
  await ended(service, 1);
  t.deepEqual(await submissions(sandbox), []);
  const build = await buildOf(service, 'base');
  t.is(build?.state, buildStates.FAILED);
  t.regex(build?.stateReason ?? '', /Frozen for beta/);
  t.is(build?.attempts.length, 1);
});
