import test from 'ava';
import { imageContentsStream } from '../../domain/stream-names.ts';
import { tasksOf } from '../support/sandbox-images.ts';
import {
  aRebuildWorld,
  carryUntil,
  claim,
  isOver,
  said,
  saidIn,
  stateOf,
} from '../support/rebuild-world.ts';

const images = ['image base:f28 holds bash', 'image httpd:f28 from base:f28 holds httpd'];

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
  const types = (await saidIn(world, imageContentsStream(nvr))).map(({ type }) => type);
  t.deepEqual(types, ['ImageContentsPart', 'ImageContentsRecorded']);
  t.is((await stateOf(world, stream)).running, null);
});
