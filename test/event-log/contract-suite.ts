import test from 'ava';
import fc from 'fast-check';
import type { JsonObject } from '../../domain/json.ts';
import { type EventLog, start } from '../../event-log/event-log.ts';
import { isIntact, seal } from '../../event-log/seal.ts';
import { readingContract, tailingContract } from './contract-reading.ts';
import type { Open } from './an-event.ts';
import { aCategory, anEvent, begun, headAfter, left, right, someEvents } from './an-event.ts';

const oneMebibyte = 1024 * 1024;
const quarter = 256 * 1024;
/** `{"a":"xxx"}` of exactly so many bytes. */
const dataOf = (bytes: number): JsonObject => ({ a: 'x'.repeat(bytes - 8) });

const idsOf = (events: ReadonlyArray<{ readonly id: string }>): ReadonlyArray<string> =>
  events.map(({ id }) => id);

/**
 * The laws of the log, declared as tests. `open` gives a log of its own to each test or one that is
 * shared: no test asks for an empty log, and each keeps to categories of its own. Closing is `open`'s
 * business (`t.teardown`); a log may be closed twice.
 */
export const eventLogContract = (name: string, open: Open): void => {
  appending(name, open);
  refusing(name, open);
  readingContract(name, open);
  tailingContract(name, open);
};

const appending = (name: string, open: Open): void => {
  test(`${name}: what was appended is read back as it was, in order`, async (t) => {
    const log = await open(t);
    const stream = `${aCategory()}-1`;
    const events = begun(stream, 3);
    const { revision, position } = await right(log.append(stream, 'no-stream', events));
    const stored = await right(log.readStream(stream, 0, 10));
    t.is(revision, 2);
    t.is(stored[2]?.position, position);
    t.deepEqual(
      stored,
      events.map((event, index) => ({
        ...event,
        stream,
        revision: index,
        position: stored[index]?.position ?? '',
      })),
    );
  });

  test(`${name}: of racing writers exactly one wins and the others are told`, async (t) => {
    const log = await open(t);
    const stream = `${aCategory()}-race`;
    let head = headAfter([]);
    for (let round = 0; round < 20; round += 1) {
      const expected = head.revision < 0 ? ('no-stream' as const) : head.revision;
      const rivals = Array.from({ length: 8 }, () =>
        seal(stream, head.revision < 0 ? undefined : head, [anEvent()]),
      );
      const results = await Promise.all(
        rivals.map((events) => log.append(stream, expected, events)()),
      );
      const winners = rivals.filter((_, index) => results[index]?._tag === 'Right');
      const losers = results.flatMap((result) => (result._tag === 'Left' ? [result.left] : []));
      t.is(winners.length, 1);
      t.true(losers.every((loser) => loser.code === 'conflict' && loser.expected === expected));
      head = headAfter(winners[0] ?? [], head.revision);
      t.is((await right(log.last(stream)))?.id, winners[0]?.[0]?.id);
    }
    const stored = await right(log.readStream(stream, 0, 100));
    t.deepEqual(
      stored.map((event) => event.revision),
      Array.from({ length: 20 }, (_, index) => index),
    );
    t.true(
      stored.every((event, index) => isIntact(event, stored[index - 1]?.metadata.hash ?? null)),
    );
  });

  test(`${name}: an expected revision that is not the stream's is a conflict`, async (t) => {
    const log = await open(t);
    const stream = `${aCategory()}-1`;
    const events = begun(stream, 3);
    await right(log.append(stream, 'no-stream', events));
    const ask = (name: string, expected: number) =>
      left(log.append(name, expected, seal(name, { revision: expected, hash: 'h' }, [anEvent()])));
    const again = await left(log.append(stream, 'no-stream', begun(stream)));
    t.deepEqual(again, { code: 'conflict', stream, expected: 'no-stream', actual: 2 });
    t.like(await ask(stream, 1), { code: 'conflict', expected: 1, actual: 2 });
    t.like(await ask(stream, 7), { code: 'conflict', expected: 7, actual: 2 });
    const absent = await ask(`${stream}-absent`, 0);
    t.like(absent, { code: 'conflict', expected: 0, actual: 'no-stream' });
    t.is((await right(log.readStream(stream, 0, 10))).length, 3);
  });

  test(`${name}: the same append again is answered as before and writes nothing`, async (t) => {
    const log = await open(t);
    const stream = `${aCategory()}-1`;
    const first = begun(stream, 2);
    const second = seal(stream, headAfter(first), someEvents(3));
    const once = await right(log.append(stream, 'no-stream', first));
    t.deepEqual(await right(log.append(stream, 'no-stream', first)), once);
    const then = await right(log.append(stream, 1, second));
    t.deepEqual(await right(log.append(stream, 'no-stream', first)), once);
    t.deepEqual(await right(log.append(stream, 1, second)), then);
    t.is((await right(log.append(stream, 1, second.slice(0, 2)))).revision, 3);
    t.is((await right(log.readStream(stream, 0, 100))).length, 5);
  });

  test(`${name}: an append that repeats another only in part is a conflict`, async (t) => {
    const log = await open(t);
    const stream = `${aCategory()}-1`;
    const [one] = someEvents(1);
    const written = seal(stream, undefined, [one!]);
    await right(log.append(stream, 'no-stream', written));
    const longer = seal(stream, undefined, [one!, anEvent()]);
    t.is((await left(log.append(stream, 'no-stream', longer))).code, 'conflict');
    t.is((await right(log.readStream(stream, 0, 10))).length, 1);
  });

  test(`${name}: at the right revision ids are not looked at`, async (t) => {
    const log = await open(t);
    const stream = `${aCategory()}-1`;
    const event = anEvent();
    const first = seal(stream, undefined, [event]);
    await right(log.append(stream, 'no-stream', first));
    await right(log.append(stream, 0, seal(stream, headAfter(first), [event])));
    t.deepEqual(idsOf(await right(log.readStream(stream, 0, 10))), [event.id, event.id]);
  });

  test(`${name}: any JSON comes back as it went, and its hash still holds`, async (t) => {
    const log = await open(t);
    const category = aCategory();
    let count = 0;
    const data = fc.dictionary(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.jsonValue({ stringUnit: 'binary', maxDepth: 4 }),
    );
    await fc.assert(
      fc.asyncProperty(data, fc.string({ unit: 'grapheme' }), async (sample, actor) => {
        const stream = `${category}-${(count += 1)}`;
        const metadata = { ...anEvent().metadata, actor };
        const events = seal(stream, undefined, [anEvent({ data: sample as JsonObject, metadata })]);
        await right(log.append(stream, 'no-stream', events));
        const stored = await right(log.last(stream));
        t.true(stored !== undefined && isIntact(stored, null));
        t.is(stored?.metadata.hash, events[0]?.metadata.hash);
        t.is(stored?.metadata.actor, actor);
      }),
      { numRuns: 60 },
    );
  });

  test(`${name}: names with dashes, colons, percent signs and letters of any script are kept`, async (t) => {
    const log = await open(t);
    const names = ['module:nodejs:20', 'a-b--c', '100%25', 'žluťoučký-кон', '漢字/🐎', "o'clock"];
    const category = aCategory();
    for (const name of names) {
      const stream = `${category}-${name}`;
      await right(log.append(stream, 'no-stream', begun(stream)));
      t.is((await right(log.last(stream)))?.stream, stream);
    }
    const all = await right(log.readAll(start, { categories: [category] }, 50));
    t.deepEqual(
      all.events.map((event) => event.stream),
      names.map((name) => `${category}-${name}`),
    );
  });
};

const refusing = (name: string, open: Open): void => {
  test(`${name}: up to 1 MiB goes into one append, up to 256 KiB into one event`, async (t) => {
    const log = await open(t);
    const stream = `${aCategory()}-1`;
    const full = Array.from({ length: 4 }, () => anEvent({ data: dataOf(quarter) }));
    const fits = seal(stream, undefined, full);
    await right(log.append(stream, 'no-stream', fits));
    const over = seal(stream, headAfter(fits), [...full, anEvent({ data: dataOf(8) })]);
    const wide = seal(stream, headAfter(fits), [anEvent(), anEvent({ data: dataOf(quarter + 1) })]);
    t.deepEqual(await left(log.append(stream, 3, over)), {
      code: 'too-large',
      bytes: oneMebibyte + 8,
      limit: oneMebibyte,
    });
    t.deepEqual(await left(log.append(stream, 3, wide)), {
      code: 'too-large',
      bytes: quarter + 1,
      limit: quarter,
    });
    t.is((await right(log.readStream(stream, 0, 10))).length, 4);
  });

  test(`${name}: an append that makes no sense is refused with the reason`, async (t) => {
    const log = await open(t);
    const stream = `${aCategory()}-1`;
    const twice = anEvent();
    const odd = (given: Parameters<typeof anEvent>[0]) => seal(stream, undefined, [anEvent(given)]);
    const cases: ReadonlyArray<readonly [string, Parameters<EventLog['append']>]> = [
      ['no events', [stream, 'no-stream', []]],
      ['stream name is empty', ['', 'no-stream', begun('')]],
      ['$', ['$system-1', 'no-stream', begun('$system-1')]],
      ['type is empty', [stream, 'no-stream', odd({ type: '' })]],
      ['$', [stream, 'no-stream', odd({ type: '$metadata' })]],
      ['twice', [stream, 'no-stream', seal(stream, undefined, [twice, twice])]],
      ['UUID', [stream, 'no-stream', odd({ id: 'one' })]],
      ['control character', [`${stream}\0x`, 'no-stream', begun(`${stream}\0x`)]],
      ['half a character', [`${stream}\ud800`, 'no-stream', begun(stream)]],
      ['whole number', [stream, -1, begun(stream)]],
      ['whole number', [stream, 0.5, begun(stream)]],
      ['sealed', [stream, 0, begun(stream)]],
      ['sealed', [stream, 'no-stream', [...begun(stream), ...begun(stream)]]],
    ];
    for (const [reason, append] of cases) {
      const failure = await left(log.append(...append));
      t.is(failure.code, 'bad-append', reason);
      t.true(failure.code === 'bad-append' && failure.reason.includes(reason), reason);
    }
    t.deepEqual(await right(log.readStream(stream, 0, 10)), []);
  });

  test(`${name}: a closed log says so, whatever it is asked`, async (t) => {
    const log = await open(t);
    const stream = `${aCategory()}-1`;
    await log.close();
    await log.close();
    const asked = [log.append(stream, 'no-stream', begun(stream)), log.readStream(stream, 0, 1)];
    const others = [
      log.last(stream),
      log.readAll(start, {}, 1),
      log.at('0'.repeat(20)),
      log.head(),
    ];
    for (const task of [...asked, ...others]) t.is((await left(task)).code, 'closed');
  });
};
