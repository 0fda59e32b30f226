import * as E from 'fp-ts/lib/Either.js';
import test from 'ava';
import { appendSurely } from '../../event-log/append-surely.ts';
import type { Page } from '../../event-log/event-log.ts';
import { start } from '../../event-log/event-log.ts';
import { seal } from '../../event-log/seal.ts';
import type { JsonObject } from '../../domain/json.ts';
import { count, scene, until } from './a-scene.ts';
import { anEvent, begun, headAfter, left, pagesUntil, right } from './an-event.ts';

// Serial, each with a server of its own: a broken connection reaches every pending append of the
// process (the client keeps them in one table).

for (const [way, written] of [
  ['silent after writing', 1],
  ['silent before writing', 0],
] as const) {
  test.serial(
    `an append the server is ${way} has an unknown outcome in bounded time, and again writes once`,
    async (t) => {
      const { standIn, log } = await scene(t, { appendPatience: 300 });
      const events = begun('a-1');
      standIn.misbehave(way);
      const began = performance.now();
      t.is((await left(log.append('a-1', 'no-stream', events))).code, 'outcome-unknown');
      t.true(performance.now() - began < 5000);
      t.is(count(standIn, 'a-1'), written);
      t.is((await right(log.append('a-1', 'no-stream', events))).revision, 0);
      t.is(count(standIn, 'a-1'), 1);
    },
  );
}

for (const [way, written] of [
  ['reset after writing', 1],
  ['reset before writing', 0],
] as const) {
  test.serial(
    `an append whose connection is ${way} has an unknown outcome, and again writes once`,
    async (t) => {
      const { standIn, log } = await scene(t);
      const events = begun('a-1', 3);
      standIn.misbehave(way);
      t.is((await left(log.append('a-1', 'no-stream', events))).code, 'outcome-unknown');
      t.is(count(standIn, 'a-1'), written * 3);
      t.is((await right(appendSurely(log, 'a-1', 'no-stream', events))).revision, 2);
      t.is(count(standIn, 'a-1'), 3);
    },
  );
}

test.serial(
  'a cluster electing its leader is waited for: the append is written once',
  async (t) => {
    const { standIn, log } = await scene(t);
    const events = begun('a-1');
    standIn.misbehave('not ready', 'not ready', 'not ready');
    t.is((await left(log.append('a-1', 'no-stream', events))).code, 'outcome-unknown');
    t.is((await right(appendSurely(log, 'a-1', 'no-stream', events))).revision, 0);
    t.is(count(standIn, 'a-1'), 1);
  },
);

test.serial(
  'a hundred appends under way when the connection breaks are each written once',
  async (t) => {
    const { standIn, log } = await scene(t);
    const streams = Array.from({ length: 100 }, (_, index) => `many-${index}`);
    standIn.misbehave('silent after writing', 'reset after writing', 'silent before writing');
    const outcomes = await Promise.all(
      streams.map((stream) => appendSurely(log, stream, 'no-stream', begun(stream))()),
    );
    t.true(outcomes.every(E.isRight));
    t.deepEqual(
      streams.map((stream) => count(standIn, stream)),
      streams.map(() => 1),
    );
  },
);

test.serial(
  'appends go on over a restart of the server, and a tail loses and doubles nothing',
  async (t) => {
    const { standIn, log } = await scene(t);
    const stop = new AbortController();
    const seen: Array<string> = [];
    const following = (async () => {
      for await (const { events } of log.tail(start, { categories: ['r'] }, stop.signal)) {
        seen.push(...events.map(({ stream }) => stream));
      }
    })();
    const names = Array.from({ length: 30 }, (_, index) => `r-${index}`);
    for (const [index, name] of names.entries()) {
      if (index === 10) {
        await until(() => seen.length > 0);
        await standIn.front.shut();
        setTimeout(() => void standIn.front.reopen(), 400);
      }
      if (index === 20) standIn.front.cut();
      await right(appendSurely(log, name, 'no-stream', begun(name), { tries: 30 }));
    }
    await until(() => seen.length >= names.length);
    stop.abort();
    await following;
    t.deepEqual(seen, names);
  },
);

test.serial(
  'reads while the server is away fail as unavailable, and work again when it is back',
  async (t) => {
    const { standIn, log } = await scene(t);
    await right(log.append('a-1', 'no-stream', begun('a-1')));
    await standIn.front.shut();
    t.is((await left(log.head())).code, 'unavailable');
    t.is((await left(log.readStream('a-1', 0, 1))).code, 'unavailable');
    await standIn.front.reopen();
    let read = await log.readStream('a-1', 0, 1)();
    while (E.isLeft(read)) read = await log.readStream('a-1', 0, 1)();
    t.is(read.right.length, 1);
  },
);

test.serial('whoever stops reading or following leaves no call open on the server', async (t) => {
  const { standIn, log } = await scene(t);
  const events = begun('a-1', 200);
  await right(log.append('a-1', 'no-stream', events));
  for (const filter of [{}, { categories: ['a'] }, { types: ['SomethingHappened'] }]) {
    await pagesUntil(log.tail(start, filter, new AbortController().signal), () => true);
    await right(log.readAll(start, filter, 3));
  }
  await right(log.readStream('a-1', 0, 2));
  await right(log.at((await right(log.head())) || start));
  await until(() => standIn.openReads() === 0);
  t.true(standIn.reads() >= 9);
});

test.serial('what JSON cannot hold is refused before it leaves', async (t) => {
  const { standIn, log } = await scene(t);
  for (const value of [1n, Number.NaN, Infinity, undefined, () => 1]) {
    const [sealed] = begun('a-1');
    const data = { value } as unknown as JsonObject;
    const failure = await left(log.append('a-1', 'no-stream', [{ ...sealed!, data }]));
    t.is(failure.code, 'bad-append');
  }
  t.is(count(standIn, 'a-1'), 0);
});

test.serial(
  'what the server keeps for itself is never shown, and is walked over only once',
  async (t) => {
    const { standIn, log } = await scene(t);
    const { position } = await right(log.append('a-1', 'no-stream', begun('a-1')));
    const statistic = { contentType: 'application/json', metadata: new Uint8Array() };
    const own = Array.from({ length: 3000 }, () => ({
      ...statistic,
      id: crypto.randomUUID(),
      type: '$statsCollected',
      data: Buffer.from('{}'),
    }));
    standIn.store.append('$stats-0', 'any', own);
    const end = { events: [], upTo: position, atEnd: true };
    t.is(await right(log.head()), position);
    t.deepEqual(await right(log.readAll(position, {}, 10)), end);
    const reads = standIn.reads();
    t.deepEqual(await right(log.readAll(position, {}, 10)), end);
    t.is(await right(log.head()), position);
    t.is(standIn.reads() - reads, 2);
    t.deepEqual(await right(log.readStream('$stats-0', 0, 10)), []);
  },
);

test.serial(
  'an event that is not as it was written is reported with its stream and revision',
  async (t) => {
    const { standIn, log } = await scene(t);
    const [sealed] = begun('a-1');
    const metadata = Buffer.from(JSON.stringify(sealed!.metadata));
    const common = { type: 'T', contentType: 'application/json', metadata };
    const broken = (data: string, given: object = {}) => ({
      ...common,
      id: crypto.randomUUID(),
      data: Buffer.from(data),
      ...given,
    });
    standIn.store.append('cut-1', 'any', [broken('{"a":1}'), broken('{"a":')]);
    standIn.store.append('list-1', 'any', [broken('[1]')]);
    standIn.store.append('foreign-1', 'any', [
      broken('{}', { metadata: Buffer.from('{"k":"v"}') }),
    ]);
    standIn.store.append('bytes-1', 'any', [
      broken('{}', { contentType: 'application/octet-stream' }),
    ]);
    for (const [stream, revision] of [
      ['cut-1', 1],
      ['list-1', 0],
      ['foreign-1', 0],
      ['bytes-1', 0],
    ] as const) {
      const failure = await left(log.readStream(stream, 0, 10));
      t.is(failure.code, 'corrupt');
      t.true(failure.reason.includes(`event ${revision} of stream ${stream}`), failure.reason);
      t.is(
        (await left(log.readAll(start, { categories: [stream.slice(0, -2)] }, 9))).code,
        'corrupt',
      );
    }
  },
);

test.serial(
  'a stream that lost events on the server is reported, not read or written on',
  async (t) => {
    const { standIn, log } = await scene(t);
    const events = begun('a-1', 3);
    await right(log.append('a-1', 'no-stream', events));
    standIn.store.softDelete('a-1');
    t.is((await left(log.append('a-1', 'no-stream', begun('a-1')))).code, 'corrupt');
    t.is((await left(log.readStream('a-1', 0, 10))).code, 'corrupt');
    standIn.store.tombstone('b-1');
    t.is((await left(log.append('b-1', 'no-stream', begun('b-1')))).code, 'corrupt');
    t.is((await left(log.readStream('b-1', 0, 10))).code, 'corrupt');
  },
);

for (const words of ['older', 'newer'] as const)
  test.serial(
    `a position of another log ends reading and following with the reason, in the words of ${words} servers`,
    async (t) => {
      const { log } = await scene(t, {}, { words });
      await right(log.append('a-1', 'no-stream', begun('a-1')));
      const foreign = `${'0'.repeat(17)}555-${'0'.repeat(17)}555`;
      t.is((await left(log.readAll(foreign, {}, 10))).code, 'corrupt');
      t.is((await left(log.readAll('nonsense', {}, 10))).code, 'corrupt');
      const pages: Array<Page> = [];
      const follow = async () => {
        for await (const page of log.tail(foreign, {}, new AbortController().signal))
          pages.push(page);
      };
      await t.throwsAsync(follow, { code: 'corrupt', message: /no position of this log/ });
      t.deepEqual(pages, []);
    },
  );

test.serial(
  'a tail ends with the reason when access is taken away or the log is closed',
  async (t) => {
    const { standIn, log } = await scene(t);
    const follow = () =>
      pagesUntil(log.tail(start, {}, new AbortController().signal), () => {
        standIn.front.cut();
        return false;
      });
    standIn.deny('access-denied');
    await t.throwsAsync(follow, { code: 'access-denied', message: /\$admins/ });
    const [sealed] = begun('a-1');
    t.is((await left(log.append('a-1', 'no-stream', [sealed!]))).code, 'access-denied');
    standIn.deny(undefined);
    const closing = pagesUntil(log.tail(start, {}, new AbortController().signal), () => {
      void log.close();
      return false;
    });
    await t.throwsAsync(closing, { code: 'closed' });
  },
);

test.serial('an expected revision is kept through a retry that meets a rival', async (t) => {
  const { standIn, log } = await scene(t);
  const first = begun('a-1');
  await right(log.append('a-1', 'no-stream', first));
  const mine = seal('a-1', headAfter(first), [anEvent()]);
  const rival = seal('a-1', headAfter(first), [anEvent()]);
  standIn.misbehave('reset before writing');
  t.is((await left(log.append('a-1', 0, mine))).code, 'outcome-unknown');
  while (E.isLeft(await log.append('a-1', 0, rival)())) await Promise.resolve();
  t.like(await left(appendSurely(log, 'a-1', 0, mine)), { code: 'conflict', actual: 1 });
  t.is(count(standIn, 'a-1'), 2);
});
