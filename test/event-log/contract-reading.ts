import test from 'ava';
import {
  type EventLog,
  type Filter,
  type Page,
  type RecordedEvent,
  start,
} from '../../event-log/event-log.ts';
import { seal } from '../../event-log/seal.ts';
import type { Open } from './an-event.ts';
import { aCategory, anEvent, begun, headAfter, pagesUntil, right, someEvents } from './an-event.ts';

const readFrom = async (
  log: EventLog,
  after: string,
  filter: Filter,
  max: number,
): Promise<ReadonlyArray<Page>> => {
  const pages: Array<Page> = [];
  for (let from = after; ;) {
    const page = await right(log.readAll(from, filter, max));
    pages.push(page);
    if (page.atEnd) return pages;
    from = page.upTo;
  }
};
const eventsOf = (pages: ReadonlyArray<Page>): ReadonlyArray<RecordedEvent> =>
  pages.flatMap((page) => page.events);
const idsOf = (events: ReadonlyArray<{ readonly id: string }>): ReadonlyArray<string> =>
  events.map(({ id }) => id);

/** Three streams in two categories, written at the same time; the two categories. */
const written = async (log: EventLog): Promise<ReadonlyArray<string>> => {
  const categories = [aCategory(), aCategory()];
  const streams = [`${categories[0]}-a`, `${categories[0]}-b`, `${categories[1]}-c`];
  await Promise.all(
    streams.map(async (stream) => {
      let head = headAfter([]);
      for (let round = 0; round < 8; round += 1) {
        const type = round % 2 === 0 ? 'EvenHappened' : 'OddHappened';
        const events = seal(stream, head.revision < 0 ? undefined : head, someEvents(3, { type }));
        await right(log.append(stream, head.revision < 0 ? 'no-stream' : head.revision, events));
        head = headAfter(events, head.revision);
      }
    }),
  );
  return categories;
};

/** What the log promises those who read it from some position to its end. */
export const readingContract = (name: string, open: Open): void => {
  test(`${name}: a stream that does not exist is empty`, async (t) => {
    const log = await open(t);
    const stream = `${aCategory()}-absent`;
    t.deepEqual(await right(log.readStream(stream, 0, 10)), []);
    t.is(await right(log.last(stream)), undefined);
  });

  test(`${name}: a stream is read in parts from any revision`, async (t) => {
    const log = await open(t);
    const stream = `${aCategory()}-1`;
    const events = begun(stream, 10);
    await right(log.append(stream, 'no-stream', events));
    t.deepEqual(idsOf(await right(log.readStream(stream, 4, 3))), idsOf(events.slice(4, 7)));
    t.deepEqual(idsOf(await right(log.readStream(stream, 8, 100))), idsOf(events.slice(8)));
    t.deepEqual(await right(log.readStream(stream, 10, 100)), []);
    t.deepEqual(await right(log.readStream(stream, 0, 0)), []);
    t.is((await right(log.last(stream)))?.revision, 9);
  });

  test(`${name}: every reader sees the same order, whatever the size of its pages`, async (t) => {
    const log = await open(t);
    const before = await right(log.head());
    await written(log);
    const whole = eventsOf(await readFrom(log, before, {}, 1000));
    const byOne = eventsOf(await readFrom(log, before, {}, 1)).slice(0, whole.length);
    const bySeven = eventsOf(await readFrom(log, before, {}, 7)).slice(0, whole.length);
    t.true(whole.length >= 72);
    t.deepEqual(byOne, whole);
    t.deepEqual(bySeven, whole);
    const positions = whole.map(({ position }) => position);
    t.deepEqual([...new Set(positions)].sort(), positions);
  });

  test(`${name}: revisions in the log are dense in each stream`, async (t) => {
    const log = await open(t);
    const categories = await written(log);
    const next = new Map<string, number>();
    for (const { stream, revision } of eventsOf(await readFrom(log, start, { categories }, 10))) {
      t.is(revision, next.get(stream) ?? 0);
      next.set(stream, revision + 1);
    }
    t.deepEqual([...next.values()], [24, 24, 24]);
  });

  test(`${name}: a filter shows exactly its categories and types, and says how far it looked`, async (t) => {
    const log = await open(t);
    const before = await right(log.head());
    const categories = await written(log);
    const [one] = categories;
    const whole = eventsOf(await readFrom(log, before, { categories }, 1000));
    const odd = ['OddHappened'];
    const cases: ReadonlyArray<readonly [Filter, (event: RecordedEvent) => boolean]> = [
      [{ categories: [one!] }, ({ stream }) => stream.startsWith(`${one}-`)],
      [{ categories, types: odd }, ({ type }) => type === 'OddHappened'],
      [
        { categories: [one!], types: odd },
        ({ stream, type }) => stream.startsWith(`${one}-`) && type === 'OddHappened',
      ],
      [{ categories: [one!], types: ['NeverHappened'] }, () => false],
      [{ categories: [one!.slice(0, -1)], types: [] }, () => false],
    ];
    for (const [filter, isWanted] of cases) {
      const pages = await readFrom(log, before, filter, 5);
      t.deepEqual(idsOf(eventsOf(pages)), idsOf(whole.filter(isWanted)));
      t.true(pages.every(({ events }) => events.length <= 5));
      const limits = pages.map(({ upTo }) => upTo);
      t.deepEqual([...limits].sort(), limits);
      t.true((limits.at(-1) ?? '') >= (whole.at(-1)?.position ?? ''));
      t.true(pages.every(({ events, upTo }) => events.every(({ position }) => position <= upTo)));
    }
  });

  test(`${name}: types alone filter over all categories`, async (t) => {
    const log = await open(t);
    const before = await right(log.head());
    const type = `Happened${aCategory()}`;
    const streams = [aCategory(), aCategory()].map((category) => `${category}-1`);
    const ids = [];
    for (const stream of streams) {
      const events = seal(stream, undefined, [anEvent(), anEvent({ type })]);
      await right(log.append(stream, 'no-stream', events));
      ids.push(events[1]!.id);
    }
    t.deepEqual(idsOf(eventsOf(await readFrom(log, before, { types: [type] }, 1))), ids);
  });

  test(`${name}: an append that succeeded is there for the next read`, async (t) => {
    const log = await open(t);
    const category = aCategory();
    for (let index = 0; index < 10; index += 1) {
      const stream = `${category}-${index}`;
      const before = await right(log.head());
      const events = begun(stream, 2);
      const { position } = await right(log.append(stream, 'no-stream', events));
      t.true((await right(log.head())) >= position);
      t.true(position > before);
      t.deepEqual(idsOf(await right(log.readStream(stream, 0, 9))), idsOf(events));
      const page = await right(log.readAll(before, { categories: [category] }, 9));
      t.deepEqual(idsOf(page.events), idsOf(events));
      t.deepEqual(await right(log.at(position)), await right(log.last(stream)));
    }
  });

  test(`${name}: at a position that holds no event there is nothing`, async (t) => {
    const log = await open(t);
    const stream = `${aCategory()}-1`;
    await right(log.append(stream, 'no-stream', begun(stream)));
    const beyond = '0'.repeat(4) + '9'.repeat(15) + '7';
    for (const position of [start, beyond, 'of another log']) {
      t.is(await right(log.at(position)), undefined, position);
    }
  });

  test(`${name}: beyond the end there is nothing, and looking there never goes back`, async (t) => {
    const log = await open(t);
    const stream = `${aCategory()}-1`;
    const { position } = await right(log.append(stream, 'no-stream', begun(stream)));
    const page = await right(log.readAll(position, { categories: [aCategory()] }, 10));
    t.deepEqual(page.events, []);
    t.true(page.atEnd && page.upTo >= position);
  });
};

const count = (pages: ReadonlyArray<Page>): number => eventsOf(pages).length;

/** What the log promises those who follow it. */
export const tailingContract = (name: string, open: Open): void => {
  test(`${name}: a tail gives what was, says it has caught up, then gives what comes`, async (t) => {
    const log = await open(t);
    const category = aCategory();
    const stream = `${category}-1`;
    const before = await right(log.head());
    const old = begun(stream, 5);
    await right(log.append(stream, 'no-stream', old));
    const stop = new AbortController();
    const tail = log.tail(before, { categories: [category] }, stop.signal)[Symbol.asyncIterator]();
    const pages: Array<Page> = [];
    const take = async (enough: () => boolean): Promise<void> => {
      while (!enough()) {
        const next = await tail.next();
        if (next.done === true) return;
        pages.push(next.value);
      }
    };
    const hasCaughtUp = () => pages.some(({ events, atEnd }) => events.length === 0 && atEnd);
    await take(() => count(pages) >= 5 && hasCaughtUp());
    t.deepEqual(idsOf(eventsOf(pages)), idsOf(old));
    const fresh = seal(stream, headAfter(old), someEvents(3));
    await right(log.append(stream, 4, fresh));
    await take(() => count(pages) >= 8);
    t.deepEqual(idsOf(eventsOf(pages)), idsOf([...old, ...fresh]));
    stop.abort();
    t.true((await tail.next()).done);
  });

  test(`${name}: tails started at any moment give each event once and in order`, async (t) => {
    const log = await open(t);
    const category = aCategory();
    const filter = { categories: [category] };
    const before = await right(log.head());
    const follow = async () => {
      const stop = new AbortController();
      t.teardown(() => stop.abort());
      return eventsOf(
        await pagesUntil(log.tail(before, filter, stop.signal), (p) => count(p) >= 120),
      );
    };
    const early = follow();
    const followers = [early];
    const ids: Array<string> = [];
    for (let index = 0; index < 40; index += 1) {
      const stream = `${category}-${index}`;
      const events = begun(stream, 3);
      ids.push(...idsOf(events));
      await right(log.append(stream, 'no-stream', events));
      if (index % 10 === 5) followers.push(follow());
    }
    for (const seen of await Promise.all(followers)) t.deepEqual(idsOf(seen), ids);
  });

  test(`${name}: a tail moves past what its filter hides`, async (t) => {
    const log = await open(t);
    const before = await right(log.head());
    const stop = new AbortController();
    t.teardown(() => stop.abort());
    const tail = log.tail(before, { categories: [aCategory()] }, stop.signal);
    const stream = `${aCategory()}-hidden`;
    let position: string | undefined;
    for await (const { upTo, events } of tail) {
      t.deepEqual(events, []);
      position ??= (await right(log.append(stream, 'no-stream', begun(stream)))).position;
      if (upTo >= position) break;
    }
    t.truthy(position);
  });

  test(`${name}: a tail ends when told to, waiting or not`, async (t) => {
    const log = await open(t);
    const head = await right(log.head());
    const filter = { categories: [aCategory()] };
    const ended = new AbortController();
    ended.abort();
    t.deepEqual(await pagesUntil(log.tail(head, filter, ended.signal), () => false), []);
    const stop = new AbortController();
    const waiting = pagesUntil(log.tail(head, filter, stop.signal), (pages) => {
      if (pages.length > 0) setImmediate(() => stop.abort());
      return false;
    });
    t.true((await waiting).length > 0);
    await t.notThrowsAsync(log.close());
  });
};
