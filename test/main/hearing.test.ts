import test from 'ava';
import { hearingOf, hearsNothing } from '../../main/hearing.ts';

const config = {
  feedUrl: null,
  amqpUrl: 'amqp://here',
  fedmsgEndpoints: [] as ReadonlyArray<string>,
  silentAfter: 900,
};

const aHearing = (more: Partial<typeof config> = {}) => {
  let time = Date.parse('2026-11-22T12:00:00.000Z');
  const hearing = hearingOf({ ...config, ...more }, () => time);
  const pass = (seconds: number): void => void (time += seconds * 1000);
  return { hearing, pass };
};

test('only live sources that are configured are expected to speak', (t) => {
  const { hearing, pass } = aHearing();
  t.deepEqual(hearing.transports, ['amqp']);
  pass(10_000);
  t.is(hearing.silentSince('amqp', undefined), '2026-11-22T12:00:00.000Z');
  t.is(hearing.silentSince('feed', undefined), null);
  t.is(hearing.silentSince('replay', '2020-01-01T00:00:00.000Z'), null);
  const everything = { feedUrl: 'http://here' as never, fedmsgEndpoints: ['tcp://here:1'] };
  t.deepEqual(aHearing(everything).hearing.transports, ['feed', 'amqp', 'fedmsg']);
});

test('a source that brings only what was seen before is not silent', (t) => {
  const { hearing, pass } = aHearing();
  pass(800);
  hearing.heard('amqp');
  pass(800);
  t.is(hearing.silentSince('amqp', '2026-11-22T12:00:01.000Z'), null);
  pass(100);
  t.is(hearing.silentSince('amqp', '2026-11-22T12:00:01.000Z'), '2026-11-22T12:13:20.000Z');
});

test('of what was heard here and what another process put on record the later counts', (t) => {
  const { hearing, pass } = aHearing();
  pass(800);
  hearing.heard('amqp');
  pass(800);
  t.is(hearing.silentSince('amqp', '2026-11-22T12:20:00.000Z'), null);
  pass(500);
  t.is(hearing.silentSince('amqp', '2026-11-22T12:20:00.000Z'), '2026-11-22T12:20:00.000Z');
});

test('what another process put on record keeps a source from being silent', (t) => {
  const { hearing, pass } = aHearing();
  pass(1000);
  t.is(hearing.silentSince('amqp', '2026-11-22T12:10:00.000Z'), null);
});

test('who listens to nothing judges no silence, however long ago a message was recorded', (t) => {
  t.deepEqual(hearsNothing.transports, []);
  t.is(hearsNothing.silentSince('fedmsg', '2020-01-01T00:00:00.000Z'), null);
});
