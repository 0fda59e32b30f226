import test from 'ava';
import type { ArtifactState } from '../../domain/artifact/state.ts';
import { imageArtifact } from '../../domain/stream-names.ts';
import type { RebuildWorld } from '../support/rebuild-world.ts';
import { aRebuildWorld, carryUntil, claim, isOver, said } from '../support/rebuild-world.ts';
import { tasksOf } from '../support/sandbox-images.ts';
import { misbehave } from '../support/story.ts';

const images = [
  'image base:f28 holds bash',
  'image other:f28 holds zsh',
  'image httpd:f28 from base:f28 holds httpd',
];
const base = imageArtifact('base', 'f28');
const other = imageArtifact('other', 'f28');

/** The parents Koji was told to build on, in the order of the tasks. */
const parentsTold = async ({ sandbox }: RebuildWorld) =>
  (await tasksOf(sandbox)).map(({ opts }) => opts['koji_parent_build'] ?? null);

test('a child is built on what its parent became', async (t) => {
  const world = await aRebuildWorld(t, { images });
  const one = world.process();
  const parent = await claim(world, 'base:f28', { number: 1 });
  const child = await claim(world, 'httpd:f28', { number: 1, waitsFor: [base] });
  await one.act(child);
  t.deepEqual(await tasksOf(world.sandbox), []);
  const built = await carryUntil(world, one, parent, isOver);
  const done = await carryUntil(world, one, child, isOver);
  t.like(done.finished, [{ outcome: 'succeeded' }]);
  const nvr = built.finished[0]?.nvr;
  t.deepEqual(await parentsTold(world), [null, nvr]);
  const [order] = await said(world, child, 'ImageBuildPrepared');
  t.is(order?.parent, nvr);
});

test('a second update in the middle of a wave never leaves a child on a stale parent', async (t) => {
  const world = await aRebuildWorld(t, { images });
  const one = world.process();
  const parent = await claim(world, 'base:f28', { number: 1 });
  const child = await claim(world, 'httpd:f28', { number: 1, waitsFor: [base] });
  const first = await carryUntil(world, one, parent, isOver);
  await claim(world, 'base:f28', { number: 2 });
  await claim(world, 'httpd:f28', { number: 2, waitsFor: [base] });
  for (let look = 0; look < 3; look += 1) await one.act(child);
  t.deepEqual(await parentsTold(world), [null]);
  const second = await carryUntil(world, one, parent, ({ finished }) => finished.length === 2);
  const done = await carryUntil(world, one, child, isOver);
  t.like(done.finished, [{ outcome: 'succeeded', triggers: ['t1', 't2'] }]);
  const newest = second.finished[1]?.nvr;
  t.not(newest, first.finished[0]?.nvr);
  t.deepEqual((await parentsTold(world)).at(-1), newest);
});

test('a child whose claim was freed by an older build is built on the newest one', async (t) => {
  const world = await aRebuildWorld(t, { images });
  const one = world.process();
  const parent = await claim(world, 'base:f28', { number: 1 });
  await carryUntil(world, one, parent, isOver);
  const child = await claim(world, 'httpd:f28', { number: 1, waitsFor: [base] });
  await carryUntil(world, one, child, ({ causes }) => causes['t1']?.waitsFor.length === 0);
  await claim(world, 'base:f28', { number: 2 });
  const rebuilt = await carryUntil(world, one, parent, ({ finished }) => finished.length === 2);
  await carryUntil(world, one, child, isOver);
  t.deepEqual((await parentsTold(world)).at(-1), rebuilt.finished[1]?.nvr);
});

test('of several parents it is the one that the image was built on before', async (t) => {
  const world = await aRebuildWorld(t, { images });
  const one = world.process();
  const stream = await claim(world, 'base:f28', { number: 1 });
  const mine = await carryUntil(world, one, stream, isOver);
  await carryUntil(world, one, await claim(world, 'other:f28', { number: 1 }), isOver);
  const child = await claim(world, 'httpd:f28', { number: 1, waitsFor: [other, base] });
  await carryUntil(world, one, child, isOver);
  const [order] = await said(world, child, 'ImageBuildPrepared');
  t.is(order?.parent, mine.finished[0]?.nvr);
});

test('of several parents none of which it was built on, it is the one that was built last', async (t) => {
  const world = await aRebuildWorld(t, { images: [...images, 'image apart:f28 holds vim'] });
  const one = world.process();
  await carryUntil(world, one, await claim(world, 'base:f28', { number: 1 }), isOver);
  const stream = await claim(world, 'other:f28', { number: 1 });
  const last = await carryUntil(world, one, stream, isOver);
  const child = await claim(world, 'apart:f28', { number: 1, waitsFor: [other, base] });
  await carryUntil(world, one, child, isOver);
  const [order] = await said(world, child, 'ImageBuildPrepared');
  t.is(order?.parent, last.finished[0]?.nvr);
});

test('a parent that failed blocks its child, and any later success of it frees the child', async (t) => {
  const world = await aRebuildWorld(t, { images });
  const one = world.process();
  await misbehave(world.sandbox, { kind: 'image-fails', module: 'base', count: 1 });
  const parent = await claim(world, 'base:f28', { number: 1 });
  const child = await claim(world, 'httpd:f28', { number: 1, waitsFor: [base] });
  await carryUntil(world, one, parent, isOver);
  const isBlocked = ({ causes }: ArtifactState): boolean =>
    Object.keys(causes['t1']?.blockedBy ?? {}).length > 0;
  const blocked = await carryUntil(world, one, child, isBlocked);
  t.deepEqual(blocked.causes['t1']?.blockedBy, { [base]: 'parent-failed' });
  await claim(world, 'base:f28', { number: 2 });
  const rebuilt = await carryUntil(world, one, parent, ({ finished }) => finished.length === 2);
  const done = await carryUntil(world, one, child, isOver);
  t.like(done.finished, [{ outcome: 'succeeded' }]);
  t.deepEqual((await parentsTold(world)).at(-1), rebuilt.finished[1]?.nvr);
});
