import test from 'ava';
import type { ComposeEvent } from '../../domain/compose/events.ts';
import { composeOf, composeStream } from '../../domain/stream-names.ts';
import type { RebuildWorld } from '../support/rebuild-world.ts';
import { aRebuildWorld, carryUntil, claim, isOver } from '../support/rebuild-world.ts';
import { said, stateOf, write } from '../support/rebuild-world.ts';
import { tasksOf } from '../support/sandbox-images.ts';

const images = ['image base:f28 holds bash', 'image httpd:f28 from base:f28 holds httpd'];
const compose = composeStream('real', 't1');
const kind = 'BrewSignRPMEvent';
const waits = { number: 1, kind, waitsFor: [composeOf('t1')] };

const at = '2026-03-01T10:00:00.000Z';
const past = '2026-03-02T10:00:00.000Z';
const wanted: ComposeEvent = {
  ...{ type: 'ComposeWanted', trigger: 't1', number: 1, messageId: 'm1', at },
  order: {
    ...{ builds: ['bash-4-1'], packages: ['bash'], sigkeys: ['aabbccdd'], arches: ['x86_64'] },
    secondsToLive: 86_400,
  },
};
const attempted = (attempt: number, composeId: number): ReadonlyArray<ComposeEvent> => [
  {
    ...{ type: 'ComposeIntended', attempt, renews: null, newestId: composeId - 1 },
    ...{ owner: 'me', callTimeout: 1000 },
  },
  { type: 'ComposeSubmitted', attempt, composeId, found: false, repofile: null, at },
];
const ready = (composeId: number, expiresAt: string | null = null): ComposeEvent => ({
  ...{ type: 'ComposeReady', composeId, repofile: `https://odcs/${composeId}.repo`, expiresAt, at },
});
const expired = (composeId: number): ComposeEvent => ({
  ...{ type: 'ComposeExpired', composeId, reason: null, at },
});
const givenUp: ComposeEvent = {
  ...{ type: 'ComposeGivenUp', code: 'compose-failed', reason: 'No such builds.', at },
};

const composeIds = async ({ sandbox }: RebuildWorld) =>
  (await tasksOf(sandbox)).map(({ opts }) => opts['compose_ids'] ?? null);

test('an image is built with the compose of its trigger once that is ready', async (t) => {
  const world = await aRebuildWorld(t, { images });
  const one = world.process();
  const stream = await claim(world, 'httpd:f28', waits);
  await one.act(stream);
  await write(world, compose, wanted, ...attempted(1, 41));
  for (let look = 0; look < 3; look += 1) await one.act(stream);
  t.deepEqual(await tasksOf(world.sandbox), []);
  await write(world, compose, ready(41));
  const state = await carryUntil(world, one, stream, isOver);
  t.like(state.finished, [{ outcome: 'succeeded' }]);
  t.deepEqual(await composeIds(world), [[41]]);
  t.like(await said(world, stream, 'ImageBuildPrepared'), [
    { composes: [{ trigger: 't1', id: 41, repofile: 'https://odcs/41.repo' }] },
  ]);
});

test('a compose that cannot be had withdraws the claim that waits for it', async (t) => {
  const world = await aRebuildWorld(t, { images });
  const stream = await claim(world, 'httpd:f28', waits);
  await write(world, compose, wanted, ...attempted(1, 41), givenUp);
  const state = await carryUntil(world, world.process(), stream, isOver);
  t.like(state.causes['t1'], { status: 'withdrawn', withdrawnFor: 'compose-failed' });
  t.like(state.finished, [{ outcome: 'canceled' }]);
  const [withdrawn] = await said(world, stream, 'CauseWithdrawn');
  t.regex(withdrawn?.explanation ?? '', /No such builds/);
  t.deepEqual(await tasksOf(world.sandbox), []);
});

const isStarted = ({ running }: { readonly running: unknown }): boolean => running !== null;

test('an attempt waits while its compose is made anew, and has not failed', async (t) => {
  const world = await aRebuildWorld(t, { images });
  const one = world.process();
  const stream = await claim(world, 'httpd:f28', waits);
  await write(world, compose, wanted, ...attempted(1, 41), ready(41));
  await carryUntil(world, one, stream, isStarted);
  await write(world, compose, expired(41), ...attempted(2, 42));
  for (let look = 0; look < 3; look += 1) t.like(await one.act(stream), { right: { after: 5 } });
  t.deepEqual(await tasksOf(world.sandbox), []);
  await write(world, compose, ready(42));
  const state = await carryUntil(world, one, stream, isOver);
  t.like(state.finished, [{ outcome: 'succeeded' }]);
  t.deepEqual(await composeIds(world), [[42]]);
  t.is((await said(world, stream, 'ImageBuildPrepared')).length, 1);
});

test('a compose whose life is over is not used, whatever its stream has not heard yet', async (t) => {
  const world = await aRebuildWorld(t, { images });
  const one = world.process();
  const stream = await claim(world, 'httpd:f28', waits);
  await write(world, compose, wanted, ...attempted(1, 41), ready(41, past));
  await carryUntil(world, one, stream, isStarted);
  for (let look = 0; look < 3; look += 1) t.like(await one.act(stream), { right: { after: 5 } });
  t.deepEqual(await said(world, stream, 'ImageBuildPrepared'), []);
});

test('an attempt whose compose went before the call is prepared anew at no cost', async (t) => {
  const never = { retries: '{ submission: 0, build: 0, backOff: 0s }' };
  const world = await aRebuildWorld(t, { images, policy: never });
  const one = world.process();
  const stream = await claim(world, 'httpd:f28', waits);
  await write(world, compose, wanted, ...attempted(1, 41), ready(41));
  await carryUntil(world, one, stream, ({ running }) => running?.attempt.order != null);
  await write(world, compose, expired(41), ...attempted(2, 42), ready(42));
  const state = await carryUntil(world, one, stream, isOver);
  t.like(state.finished, [{ outcome: 'succeeded' }]);
  t.deepEqual(await composeIds(world), [[42]]);
  t.like(await said(world, stream, 'BuildRetryScheduled'), [{ code: 'compose-expired' }]);
});

test('a compose that is gone when another process takes the call over is not handed to Koji', async (t) => {
  const world = await aRebuildWorld(t, { images });
  const { koji } = world.clients;
  const stream = await claim(world, 'httpd:f28', waits);
  await write(world, compose, wanted, ...attempted(1, 41), ready(41));
  const dying = world.process({
    koji: {
      ...koji,
      findTask: () => () => Promise.reject(new Error('killed')),
    },
  });
  await t.throwsAsync(carryUntil(world, dying, stream, isOver), { message: 'killed' });
  await write(world, compose, expired(41), ...attempted(2, 42), ready(42));
  const state = await carryUntil(world, world.process(), stream, isOver);
  t.like(state.finished, [{ outcome: 'succeeded' }]);
  t.deepEqual(await composeIds(world), [[42]]);
  t.like(await said(world, stream, 'SubmissionFailed'), [{ code: 'compose-expired' }]);
});

test('a build that waits to be called when its compose is given up is cancelled', async (t) => {
  const world = await aRebuildWorld(t, { images });
  const one = world.process();
  const stream = await claim(world, 'httpd:f28', waits);
  await write(world, compose, wanted, ...attempted(1, 41), ready(41));
  await carryUntil(world, one, stream, isStarted);
  await write(world, compose, expired(41), ...attempted(2, 42), givenUp);
  const state = await carryUntil(world, one, stream, isOver);
  t.like(state.finished, [{ outcome: 'canceled' }]);
  t.is(state.causes['t1']?.withdrawnFor, 'compose-failed');
});

test('claims beside the one whose compose was given up are answered all the same', async (t) => {
  const world = await aRebuildWorld(t, { images });
  const one = world.process();
  const stream = await claim(world, 'httpd:f28', waits);
  await claim(world, 'httpd:f28', { number: 2 });
  await write(world, compose, wanted, ...attempted(1, 41), ready(41));
  await carryUntil(world, one, stream, isStarted);
  await write(world, compose, expired(41), ...attempted(2, 42), givenUp);
  const state = await carryUntil(world, one, stream, isOver);
  t.like(state.finished, [{ outcome: 'succeeded' }]);
  t.deepEqual(await composeIds(world), [null]);
  const standing = Object.values((await stateOf(world, stream)).causes);
  t.deepEqual(
    standing.map(({ status }) => status),
    ['withdrawn', 'fulfilled'],
  );
});
