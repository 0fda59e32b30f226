import test from 'ava';
import { tasksOf } from '../support/sandbox-images.ts';
import { aRebuildWorld, carryUntil, claim, isOver, said } from '../support/rebuild-world.ts';
import type { Koji, KojiFailure } from '../../clients/koji/port.ts';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { misbehave } from '../support/story.ts';

const images = ['image base:f28 holds bash', 'image httpd:f28 from base:f28 holds httpd'];
const policy = { retries: '{ submission: 5, build: 0, backOff: 0s }' };

type Fault = {
  readonly what: string;
  readonly rule: Readonly<Record<string, unknown>>;
  readonly attempts: number;
};
const faults: ReadonlyArray<Fault> = [
  {
    what: 'a connection reset after the task was made',
    rule: { kind: 'koji-reset-after-task' },
    attempts: 1,
  },
  {
    what: 'an answer that comes after our time-out',
    rule: { kind: 'koji-slow', ms: 1600, when: 'after' },
    attempts: 1,
  },
  {
    what: 'fault 1009, the call was carried out before',
    rule: { kind: 'koji-retry-fault' },
    attempts: 1,
  },
  {
    what: 'a session that has expired',
    rule: { kind: 'koji-session-expired' },
    attempts: 1,
  },
  {
    what: 'a connection reset before the task was made',
    rule: { kind: 'koji-reset-before-task' },
    attempts: 2,
  },
  { what: 'a hub that is offline when asked', rule: { kind: 'koji-offline' }, attempts: 1 },
];

for (const { what, rule, attempts } of faults) {
  test(`${what} leads to one task and a finished build`, async (t) => {
    const world = await aRebuildWorld(t, { images, policy });
    const stream = await claim(world, 'httpd:f28', { number: 1 });
    await misbehave(world.sandbox, { ...rule, count: 1 });
    const state = await carryUntil(world, world.process(), stream, isOver);
    t.like(state.finished, [{ outcome: 'succeeded' }]);
    const tasks = await tasksOf(world.sandbox);
    t.is(tasks.length, 1);
    const prepared = await said(world, stream, 'ImageBuildPrepared');
    t.is(prepared.length, attempts);
    t.deepEqual(tasks[0]?.opts['release'], prepared.at(-1)?.release);
  });
}

test('what Koji refuses has failed at once, in the words of Koji', async (t) => {
  const world = await aRebuildWorld(t, { images, policy });
  const stream = await claim(world, 'httpd:f28', { number: 1 });
  await misbehave(world.sandbox, { kind: 'koji-refuses', reason: 'policy violation (build)' });
  const state = await carryUntil(world, world.process(), stream, isOver);
  t.like(state.finished, [{ outcome: 'failed' }]);
  t.deepEqual(await tasksOf(world.sandbox), []);
  const [failed] = await said(world, stream, 'BuildFailed');
  t.is(failed?.code, 'koji-refused');
  t.regex(failed?.reason ?? '', /policy violation \(build\)/);
  t.is((await said(world, stream, 'ImageBuildPrepared')).length, 1);
});

const away: KojiFailure = { code: 'koji-unavailable', reason: 'The hub is offline.' };
const awayFor = (koji: Koji, times: number, failure: KojiFailure = away): Koji => {
  let left = times;
  return {
    ...koji,
    buildContainer: (order) => {
      left -= 1;
      return left < 0 ? koji.buildContainer(order) : TE.left(failure);
    },
  };
};

test('a hub that is away is tried again, each time with a release of its own', async (t) => {
  const world = await aRebuildWorld(t, { images, policy });
  const stream = await claim(world, 'httpd:f28', { number: 1 });
  const { koji } = world.clients;
  const state = await carryUntil(world, world.process({ koji: awayFor(koji, 3) }), stream, isOver);
  t.like(state.finished, [{ outcome: 'succeeded' }]);
  const releases = (await said(world, stream, 'ImageBuildPrepared')).map(({ release }) => release);
  t.is(new Set(releases).size, 4);
  t.deepEqual(
    (await tasksOf(world.sandbox)).map(({ opts }) => opts['release']),
    releases.slice(-1),
  );
});

test('a refused login is tried again: a certificate that has run out may be renewed', async (t) => {
  const world = await aRebuildWorld(t, { images, policy });
  const stream = await claim(world, 'httpd:f28', { number: 1 });
  const refused: KojiFailure = { code: 'koji-refused', fault: 1002, reason: 'could not verify' };
  const koji = awayFor(world.clients.koji, 1, refused);
  const state = await carryUntil(world, world.process({ koji }), stream, isOver);
  t.like(state.finished, [{ outcome: 'succeeded' }]);
  const failed = await said(world, stream, 'SubmissionFailed');
  t.like(failed, [{ class: 'transient', code: 'koji-refused' }]);
});

test('while every login is refused a build waits, and one task is made when it is not', async (t) => {
  const world = await aRebuildWorld(t, { images, policy });
  const stream = await claim(world, 'httpd:f28', { number: 1 });
  await misbehave(world.sandbox, { kind: 'koji-refuses-login', count: 3 });
  const state = await carryUntil(world, world.process(), stream, isOver);
  t.like(state.finished, [{ outcome: 'succeeded' }]);
  t.is((await tasksOf(world.sandbox)).length, 1);
});

test('a hub that stays away fails the build after as many tries as policy allows', async (t) => {
  const twice = { retries: '{ submission: 2, build: 5, backOff: 0s }' };
  const world = await aRebuildWorld(t, { images, policy: twice });
  const stream = await claim(world, 'httpd:f28', { number: 1 });
  const { koji } = world.clients;
  await carryUntil(world, world.process({ koji: awayFor(koji, 99) }), stream, isOver);
  const failed = await said(world, stream, 'SubmissionFailed');
  t.deepEqual(
    failed.map(({ code, reason }) => [code, reason]),
    [1, 2, 3].map(() => [away.code, away.reason]),
  );
  t.like(await said(world, stream, 'BuildFailed'), [{ code: 'koji-unavailable' }]);
});

test('two processes side by side ask Koji for one task', async (t) => {
  const world = await aRebuildWorld(t, { images, policy });
  const stream = await claim(world, 'httpd:f28', { number: 1 });
  const [one, other] = await Promise.all(
    [1, 2].map(() => carryUntil(world, world.process(), stream, isOver)),
  );
  t.deepEqual(one, other);
  t.like(one?.finished, [{ outcome: 'succeeded' }]);
  t.is((await tasksOf(world.sandbox)).length, 1);
  t.is((await said(world, stream, 'BuildSucceeded')).length, 1);
});
