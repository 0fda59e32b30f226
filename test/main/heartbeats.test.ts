import test from 'ava';
import type { HeartbeatDeps } from '../../main/backend/heartbeats.ts';
import { heartbeatsOf } from '../../main/backend/heartbeats.ts';

type Line = readonly [level: 'error' | 'info', fields: unknown, sentence: string];

/** Heartbeats on a clock of the test's own, looked at every second of it. */
const aWatch = () => {
  const lines: Array<Line> = [];
  let time = 0;
  let look: (() => void) | undefined;
  const write =
    (level: Line[0]) =>
    (fields: unknown, sentence: string): void =>
      void lines.push([level, fields, sentence]);
  const deps = {
    pino: { error: write('error'), info: write('info') } as unknown as HeartbeatDeps['pino'],
    monotonic: () => time,
    patience: 60_000,
    every: 1000,
    timer: (work: () => void) => {
      look = work;
      return () => {
        look = undefined;
      };
    },
  };
  const stop = new AbortController();
  const heartbeats = heartbeatsOf(deps);
  heartbeats.watch(stop.signal);
  /** So many seconds go by, and each is looked at. */
  const pass = (seconds: number, meanwhile: () => void = () => undefined): void => {
    for (let second = 0; second < seconds; second += 1) {
      time += 1000;
      meanwhile();
      look?.();
    }
  };
  const sleep = (seconds: number): void => {
    time += seconds * 1000;
    look?.();
  };
  return { heartbeats, lines, pass, sleep, stop };
};

test('a part whose loop stands still is an alarm, logged once, and the others are none', (t) => {
  const { heartbeats, lines, pass } = aWatch();
  heartbeats.beatOf('The saga rebuild');
  const feed = heartbeats.beatOf('The feed');
  pass(59, feed);
  t.deepEqual(heartbeats.alarms(), []);
  pass(16, feed);
  t.is(heartbeats.alarms().length, 1);
  t.regex(
    heartbeats.alarms()[0] ?? '',
    /^The saga rebuild is stuck: .* turned for 75 s\. .*restart/,
  );
  t.is(lines.length, 1);
  t.deepEqual(lines[0]?.slice(0, 2), ['error', { part: 'The saga rebuild', code: 'stuck' }]);
});

test('a part that goes on is no alarm any more, and how long it stood still is logged', (t) => {
  const { heartbeats, lines, pass } = aWatch();
  const beat = heartbeats.beatOf('The feed');
  pass(90);
  beat();
  t.deepEqual(heartbeats.alarms(), []);
  t.is(lines.length, 2);
  t.deepEqual(lines[1]?.slice(0, 2), ['info', { part: 'The feed', seconds: 90 }]);
  pass(60);
  t.is(heartbeats.alarms().length, 1);
  t.is(lines.length, 3);
});

test('a part may say that its turns take longer than usual, and never shorter', (t) => {
  const { heartbeats, pass } = aWatch();
  heartbeats.beatOf('The catch-up', 90_000);
  heartbeats.beatOf('The feed', 1000);
  pass(59);
  t.deepEqual(heartbeats.alarms(), []);
  pass(30);
  t.is(heartbeats.alarms().length, 1);
  t.regex(heartbeats.alarms()[0] ?? '', /^The feed/);
  pass(1);
  t.is(heartbeats.alarms().length, 2);
});

test('what is listed says how long ago each part beat', (t) => {
  const { heartbeats, pass } = aWatch();
  const feed = heartbeats.beatOf('The feed');
  heartbeats.beatOf('The noticing');
  pass(3);
  feed();
  pass(2);
  t.deepEqual(heartbeats.list(), [
    { part: 'The feed', secondsSinceBeat: 2 },
    { part: 'The noticing', secondsSinceBeat: 5 },
  ]);
});

test('a process that stood still as a whole finds none of its parts stuck', (t) => {
  const { heartbeats, pass, sleep } = aWatch();
  heartbeats.beatOf('The feed');
  sleep(3600);
  t.deepEqual(heartbeats.alarms(), []);
  pass(60);
  t.is(heartbeats.alarms().length, 1);
});

test('a part that has ended is not expected to beat, nor comes back by a late beat', (t) => {
  const { heartbeats, lines, pass } = aWatch();
  const beat = heartbeats.beatOf('The feed');
  pass(90);
  heartbeats.ended('The feed');
  beat();
  t.deepEqual(heartbeats.alarms(), []);
  t.deepEqual(heartbeats.list(), []);
  t.is(lines.length, 1);
});

test('nobody is called stuck once the service is stopping', (t) => {
  const { heartbeats, lines, pass, stop } = aWatch();
  heartbeats.beatOf('The feed');
  stop.abort();
  pass(90);
  t.deepEqual(heartbeats.alarms(), []);
  t.deepEqual(lines, []);
});
