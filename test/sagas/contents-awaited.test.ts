import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import type { TriggerReading } from '../../domain/trigger/reading.ts';
import { anImage, aWaveWorld, holding } from '../support/wave-world.ts';

const nvr = 'bash-5-1.fc28';
const outside = {
  koji: { [nvr]: ['bash'] },
  holders: [holding(anImage('image:base:f28'), 'bash-4-1.fc28', 'bash')],
};
const update: TriggerReading = {
  ...{ kind: 'BodhiUpdateCompleteStableEvent', id: 'bodhi:F-1', searchKey: 'F-1', via: 'bodhi' },
  ...{ branch: 'f28', builds: [{ nvr, type: 'rpm' }] },
};
const rules = "{ id: all, allow: { kind: '.*' } }";
const heard = { stream: 'image-shop-1-1', since: '2026-03-01T09:59:59.000Z' };

test('an update waits until it is known what a build heard of before it holds', async (t) => {
  const { world, notice, settle, stateOf } = await aWaveWorld(t, outside, rules);
  const stream = await notice(update);
  world.unknown = [{ ...heard, position: '' }];
  const waiting = await settle(stream);
  t.true(E.isLeft(waiting) && waiting.left.code === 'contents-awaited');
  t.false((await stateOf(stream)).completed);

  world.unknown = [];
  await settle(stream);
  t.true((await stateOf(stream)).completed);
});

test('a build heard of after it is not waited for', async (t) => {
  const { world, notice, settle, stateOf } = await aWaveWorld(t, outside, rules);
  const stream = await notice(update);
  world.unknown = [{ ...heard, position: '~' }];
  await settle(stream);
  t.true((await stateOf(stream)).completed);
});

test('what Koji cannot tell of for ten minutes is named in the record, and waited for no longer', async (t) => {
  const { world, notice, settle, stateOf } = await aWaveWorld(t, outside, rules);
  const stream = await notice(update);
  world.unknown = [{ ...heard, position: '' }];
  world.now = '2026-03-01T10:10:00.000Z';
  await settle(stream);
  const { completed, lookups } = await stateOf(stream);
  t.true(completed);
  t.deepEqual(lookups['unknown-contents'], ['image-shop-1-1']);
});
