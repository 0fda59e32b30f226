import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { ImageAnswer } from '../../clients/koji/port.ts';
import type { ArtifactState } from '../../domain/artifact/state.ts';
import { imageContentsStream } from '../../domain/stream-names.ts';
import { carryContents } from '../../sagas/contents/carry-contents.ts';
import { noteLateImage } from '../../sagas/rebuild/late-image.ts';
import type { RebuildWorld } from '../support/rebuild-world.ts';
import { aRebuildWorld, carryUntil, claim, isOver } from '../support/rebuild-world.ts';
import { said, saidIn, stateOf, write } from '../support/rebuild-world.ts';
import { tasksOf } from '../support/sandbox-images.ts';
import { must } from '../support/service.ts';
import { misbehave } from '../support/story.ts';

const images = ['image base:f28 holds bash', 'image httpd:f28 from base:f28 holds httpd'];
const retryOnce = { retries: '{ submission: 5, build: 1, backOff: 0s }' };

const never = { retries: '{ submission: 5, build: 0, backOff: 0s }' };

const typesOf = async (world: RebuildWorld, stream: string) =>
  (await saidIn(world, stream)).map(({ type }) => type);

test('an image is rebuilt by one task of Koji, and what it holds is on record', async (t) => {
  const world = await aRebuildWorld(t, { images });
  const stream = await claim(world, 'httpd:f28', { number: 1 });
  const state = await carryUntil(world, world.process(), stream, isOver);
  t.like(state.finished, [{ outcome: 'succeeded' }]);
  const tasks = await tasksOf(world.sandbox);
  t.is(tasks.length, 1);
  const [order] = await said(world, stream, 'ImageBuildPrepared');
  t.like(tasks[0], { source: order?.source, target: 'f28-container-candidate' });
  t.deepEqual(tasks[0]?.opts, { scratch: false, git_branch: 'f28', release: order?.release });
  const nvr = state.finished[0]?.nvr ?? '';
  t.is(order?.rebuiltNvr, nvr);
  t.deepEqual(await typesOf(world, imageContentsStream(nvr)), [
    ...['ImageContentsPart', 'ImageContentsRecorded'],
  ]);
});

test('what was rebuilt is on record: repository, branch, original and its parent', async (t) => {
  const world = await aRebuildWorld(t, { images });
  const stream = await claim(world, 'httpd:f28', { number: 1 });
  const isPrepared = ({ running }: ArtifactState): boolean => running?.attempt.order != null;
  const prepared = await carryUntil(world, world.process(), stream, isPrepared);
  const order = prepared.running?.attempt.order;
  t.like(order, { repository: 'container/httpd', branch: 'f28', parent: null, composes: [] });
  t.regex(order?.originalNvr ?? '', /^httpd-/);
  t.regex(order?.originalParent ?? '', /^base-/);
  t.true((order?.arches.length ?? 0) > 0);
});

test('the second rebuild of an image is of the first one, whatever the index knows by then', async (t) => {
  const world = await aRebuildWorld(t, { images });
  const one = world.process();
  const stream = await claim(world, 'httpd:f28', { number: 1 });
  const first = await carryUntil(world, one, stream, isOver);
  await claim(world, 'httpd:f28', { number: 2 });
  await carryUntil(world, one, stream, ({ finished }) => finished.length === 2);
  const orders = await said(world, stream, 'ImageBuildPrepared');
  t.is(orders[1]?.originalNvr, first.finished[0]?.nvr);
  t.not(orders[0]?.release, orders[1]?.release);
});

test('an image that no index knows is taken from namespace container for the target of its branch', async (t) => {
  const world = await aRebuildWorld(t, { images });
  const stream = await claim(world, 'httpd:f28', { number: 1, kind: 'GitDockerfileChangeEvent' });
  const unknown = { image: () => TE.right({ asOf: '', image: undefined }) };
  const state = await carryUntil(world, world.process({ images: unknown }), stream, isOver);
  t.like(state.finished, [{ outcome: 'succeeded' }]);
  const [order] = await said(world, stream, 'ImageBuildPrepared');
  t.like(order, { repository: 'container/httpd', target: 'f28-container-candidate' });
  t.like(order, { originalNvr: null, rebuiltNvr: null });
  t.regex(order?.release ?? '', /^1\.\d+$/);
});

for (const [kind, what, reason] of [
  ['image-fails', 'failed', /No space left/],
  ['image-canceled', 'was cancelled', /cancelled in Koji/],
] as const) {
  test(`an image whose task ${what} is tried again with a release of its own`, async (t) => {
    const world = await aRebuildWorld(t, { images, policy: retryOnce });
    const stream = await claim(world, 'httpd:f28', { number: 1 });
    await misbehave(world.sandbox, { kind, reason: 'No space left', count: 1 });
    const state = await carryUntil(world, world.process(), stream, isOver);
    t.like(state.finished, [{ outcome: 'succeeded' }]);
    const tasks = await tasksOf(world.sandbox);
    t.is(tasks.length, 2);
    t.is(new Set(tasks.map(({ opts }) => opts['release'])).size, 2);
    const [retried] = await said(world, stream, 'BuildRetryScheduled');
    t.is(retried?.code, 'build-failed');
    t.regex(retried?.reason ?? '', reason);
  });
}

test('an image whose tasks fail as often as policy allows has failed, in the words of Koji', async (t) => {
  const world = await aRebuildWorld(t, { images, policy: retryOnce });
  const stream = await claim(world, 'httpd:f28', { number: 1 });
  await misbehave(world.sandbox, { kind: 'image-fails', reason: 'No space left' });
  const state = await carryUntil(world, world.process(), stream, isOver);
  t.like(state.finished, [{ outcome: 'failed' }]);
  t.is((await tasksOf(world.sandbox)).length, 2);
  const [failed] = await said(world, stream, 'BuildFailed');
  t.regex(failed?.reason ?? '', /No space left/);
});

test('a branch that dist-git does not have fails the build at once', async (t) => {
  const world = await aRebuildWorld(t, { images });
  const stream = await claim(world, 'httpd:f99', { number: 1 });
  await carryUntil(world, world.process(), stream, isOver);
  t.like(await said(world, stream, 'BuildFailed'), [{ code: 'git-refused' }]);
  t.deepEqual(await tasksOf(world.sandbox), []);
});

const answering = (world: RebuildWorld, answer: ImageAnswer) => ({
  koji: { ...world.clients.koji, imageContents: () => TE.right([answer]) },
});
const none = (code: 'not-an-image' | 'missing' | 'unreadable'): ImageAnswer => ({
  ...{ type: 'none', code, reason: `It is ${code}.` },
});

for (const code of ['not-an-image', 'missing'] as const) {
  test(`a closed task whose build is ${code} has failed: no image came of it`, async (t) => {
    const world = await aRebuildWorld(t, { images });
    const stream = await claim(world, 'httpd:f28', { number: 1 });
    await carryUntil(world, world.process(answering(world, none(code))), stream, isOver);
    const [failed] = await said(world, stream, 'BuildFailed');
    t.is(failed?.code, 'no-image');
    t.regex(failed?.reason ?? '', new RegExp(`It is ${code}\\.`));
  });
}

test('the build of a closed task is waited for', async (t) => {
  const world = await aRebuildWorld(t, { images });
  const stream = await claim(world, 'httpd:f28', { number: 1 });
  const { koji } = world.clients;
  const { settings } = world.process().deps;
  let asked = 0;
  const late = world.process({
    settings: { ...settings, imagePatience: 60_000 },
    koji: {
      ...koji,
      imageContents: (builds) => {
        asked += 1;
        return asked < 4 ? TE.right([none('missing')]) : koji.imageContents(builds);
      },
    },
  });
  const state = await carryUntil(world, late, stream, isOver);
  t.like(state.finished, [{ outcome: 'succeeded' }]);
  t.is(asked, 4);
});

test('an image nobody can read was built all the same', async (t) => {
  const world = await aRebuildWorld(t, { images });
  const stream = await claim(world, 'httpd:f28', { number: 1 });
  const blind = world.process(answering(world, none('unreadable')));
  const state = await carryUntil(world, blind, stream, isOver);
  t.like(state.finished, [{ outcome: 'succeeded' }]);
  const [order] = await said(world, stream, 'ImageBuildPrepared');
  t.is(state.finished[0]?.nvr, order?.rebuiltNvr);
});

test('an image that comes after its build was given up makes it a success, once', async (t) => {
  const world = await aRebuildWorld(t, { images });
  const stream = await claim(world, 'httpd:f28', { number: 1 });
  const blind = world.process(answering(world, none('missing')));
  const given = await carryUntil(world, blind, stream, isOver);
  t.like(given.finished, [{ outcome: 'failed' }]);
  const nvr = given.finished[0]?.nvr ?? '';
  const { koji } = world.clients;
  const { id } = must(await koji.build(nvr)());
  const heard = imageContentsStream(nvr);
  await write(world, heard, { type: 'ImageBuildHeard', buildId: id, nvr });
  const { hand } = world;
  const note = noteLateImage({ hand, cache: new Map() });
  must(await carryContents({ hand, koji, noteLateImage: note })(heard));
  t.deepEqual((await typesOf(world, heard)).at(-1), 'ImageContentsRecorded');
  t.like(await said(world, stream, 'BuildRevived'), [{ build: given.finished[0]?.build, nvr }]);
  t.like((await stateOf(world, stream)).finished, [{ outcome: 'succeeded', nvr }]);
});

test('an image that is on record before its task fails makes the build a success, and no other image does', async (t) => {
  for (const [known, outcome] of [
    [true, 'succeeded'],
    [false, 'failed'],
  ] as const) {
    const world = await aRebuildWorld(t, { images, policy: never });
    const stream = await claim(world, 'httpd:f28', { number: 1 });
    const one = world.process();
    await misbehave(world.sandbox, { kind: 'image-fails', reason: 'Could not tag' });
    await carryUntil(
      world,
      one,
      stream,
      ({ running }) => (running?.attempt.order ?? null) !== null,
    );
    const [order] = await said(world, stream, 'ImageBuildPrepared');
    const nvr = known ? (order?.rebuiltNvr ?? '') : 'httpd-1-1.1';
    await write(world, imageContentsStream(nvr), {
      ...{ type: 'ImageContentsRecorded', buildId: 1, nvr, component: 'httpd', name: 'httpd' },
      ...{ namespace: 'container', branch: 'f28', target: null, commit: null, parent: null },
      ...{ arches: [], parts: 0, taskId: null, completedAt: null },
    });
    const state = await carryUntil(world, one, stream, isOver);
    t.like(state.finished, [{ outcome }]);
    t.is((await said(world, stream, 'BuildFailed')).length, 1);
  }
});

test('of a closed task that Koji has no more, the image it was to make is asked for', async (t) => {
  const world = await aRebuildWorld(t, { images, policy: never });
  const stream = await claim(world, 'httpd:f28', { number: 1 });
  const { koji } = world.clients;
  const task: typeof koji.task = (id) => async () => {
    const { running } = await stateOf(world, stream);
    const isClosed = running?.attempt.rows[String(id)]?.state === 2;
    return isClosed ? E.left({ code: 'koji-missing', reason: 'No such task.' }) : koji.task(id)();
  };
  const one = world.process({ koji: { ...koji, task } });
  const state = await carryUntil(world, one, stream, isOver);
  const [order] = await said(world, stream, 'ImageBuildPrepared');
  t.like(state.finished, [{ outcome: 'succeeded', nvr: order?.rebuiltNvr }]);
});
