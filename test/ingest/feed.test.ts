import type { ExecutionContext } from 'ava';
import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { EventLog } from '../../event-log/event-log.ts';
import type { Cursor } from '../../ingest/feed/cursor.ts';
import type { FeedDeps } from '../../ingest/feed/follow-feed.ts';
import { followFeed, pauseAfter } from '../../ingest/feed/follow-feed.ts';
import type { Answer } from '../support/feed-server.ts';
import { aFeedServer } from '../support/feed-server.ts';
import { fixtureText } from '../support/bus-fixtures.ts';
import { aLog, anIngest, eventsOf, storedBody } from '../support/ingest-world.ts';

const message = (name: string): unknown => JSON.parse(fixtureText(name)) as unknown;
const spec = message('pagure.git.receive/spec');
const fork = message('pagure.git.receive/fork');

const inMemory = (begin?: string): Cursor & { readonly saved: ReadonlyArray<string> } => {
  const saved: Array<string> = begin === undefined ? [] : [begin];
  return {
    saved,
    load: () => TE.right(saved.at(-1)),
    save: (cursor) => {
      saved.push(cursor);
      return TE.right(undefined);
    },
  };
};

const stored = async (log: EventLog): Promise<ReadonlyArray<string>> => {
  const page = await log.readAll('', { types: ['MessageObserved'] }, 100)();
  return E.isRight(page) ? page.right.events.map(({ stream }) => stream) : [];
};

type World = { readonly log: EventLog; readonly reports: ReadonlyArray<string> };

/** Follows a feed that answers by `answers` and is stopped when it is asked once more. */
const follow = async (
  t: ExecutionContext,
  answers: ReadonlyArray<Answer>,
  changes: Partial<FeedDeps> = {},
): Promise<World & { readonly asked: ReadonlyArray<string> }> => {
  const log = await aLog(t);
  const stop = new AbortController();
  const reports: Array<string> = [];
  const server = await aFeedServer(t, (question) => {
    const answer = answers[question];
    if (answer === undefined) stop.abort();
    return answer ?? 'hang';
  });
  const deps = {
    ingest: { ...anIngest(log), transport: 'feed' },
    url: server.url,
    cursor: inMemory(),
    report: (sentence: string) => reports.push(sentence),
    random: () => 0,
    pauses: { first: 1, longest: 4 },
    ...changes,
  };
  await followFeed(deps, stop.signal);
  return { log, reports, asked: server.asked.map(String) };
};

test('messages go on record in order, then the cursor moves, then the next are asked for', async (t) => {
  const cursor = inMemory();
  const answers = [
    { messages: [spec, fork], next: 'c1' },
    { messages: [message('mbs.module.state.change/ready')], next: 'c2' },
  ];
  const { log, asked, reports } = await follow(t, answers, { cursor, wait: 7, max: 50 });
  t.deepEqual(asked, ['wait=7&max=50', 'after=c1&wait=7&max=50', 'after=c2&wait=7&max=50']);
  t.deepEqual(cursor.saved, ['c1', 'c2']);
  const streams = await stored(log);
  t.is(streams.length, 3);
  t.true(streams.every((stream) => stream.startsWith('message-')));
  t.deepEqual(reports, []);
});

test('what a broken feed answers is reported and asked for again, and nothing is lost', async (t) => {
  const bad: ReadonlyArray<Answer> = [
    { status: 503 },
    'drop',
    { bytes: Buffer.from('<html>') },
    { bytes: Buffer.from('{"messages":{},"next":"x"}') },
  ];
  const cursor = inMemory('c0');
  const answers = [...bad, { messages: [spec], next: 'c1' }];
  const { log, asked, reports } = await follow(t, answers, { cursor });
  t.deepEqual(
    asked.map((query) => new URLSearchParams(query).get('after')),
    ['c0', 'c0', 'c0', 'c0', 'c0', 'c1'],
  );
  t.is((await stored(log)).length, 1);
  t.is(reports.length, 5);
  t.regex(reports[0] ?? '', /messages: it answered 503 .*; next try in 1 ms/);
  t.regex(reports[2] ?? '', /the answer is not \{"messages".*<html>/);
  t.regex(reports[4] ?? '', /answers again after 4 failed tries/);
});

test('the cursor stays where it is while the log takes nothing', async (t) => {
  const log = await aLog(t);
  const cursor = inMemory('c0');
  let failures = 2;
  const failing: EventLog = {
    ...log,
    append: (...request) => {
      failures -= 1;
      const full = { code: 'disk-full', reason: 'the disk is full' } as const;
      return failures >= 0 ? TE.left(full) : log.append(...request);
    },
  };
  const answer = { messages: [spec], next: 'c1' };
  const { reports, asked } = await follow(t, [answer, answer, answer], {
    cursor,
    ingest: anIngest(failing),
  });
  t.deepEqual(
    asked.map((query) => new URLSearchParams(query).get('after')),
    ['c0', 'c0', 'c0', 'c1'],
  );
  t.regex(reports[0] ?? '', /the disk is full/);
  t.is((await stored(log)).length, 1);
});

/** Takes no reading. */
const refusing = (log: EventLog): EventLog => ({
  ...log,
  append: (stream, expected, events) =>
    events.some(({ type }) => type === 'MessageUnderstood')
      ? TE.left({ code: 'too-large', bytes: 300_000, limit: 262_144 })
      : log.append(stream, expected, events),
});

test('what the log refuses for good of a message is set aside with its body, and the feed goes on', async (t) => {
  const log = await aLog(t);
  const answers = [
    { messages: [spec, fork], next: 'c1' },
    { messages: [17], next: 'c2' },
  ];
  const cursor = inMemory();
  const ingest = anIngest(refusing(log));
  const { reports } = await follow(t, answers, { cursor, ingest });
  t.deepEqual(cursor.saved, ['c1', 'c2']);
  t.deepEqual(reports, []);
  t.is((await stored(log)).length, 3);
  const why = 'the log does not take what it says (too-large); its body is kept';
  const asides = await log.readAll('', { types: ['MessageSetAside'] }, 10)();
  const [aside, ...others] = E.isRight(asides)
    ? asides.right.events.filter(({ data }) => data['explanation'] === why)
    : [];
  t.is(others.length, 0);
  t.is(aside?.data['code'], 'unreadable-message');
  const events = await eventsOf(log, aside?.stream ?? '');
  t.deepEqual(JSON.parse(storedBody(events)), (spec as { readonly body: unknown }).body);
});

test('a message that comes twice, because the cursor was lost, is on record once', async (t) => {
  const answer = { messages: [spec], next: 'c1' };
  const { log } = await follow(t, [answer, answer]);
  t.is((await stored(log)).length, 1);
});

test('a feed that is rehearsed writes to the streams of rehearsals only', async (t) => {
  const answer = { messages: [spec, fork], next: 'c1' };
  const { log } = await follow(t, [answer], { realm: 'rehearsal' });
  const streams = await stored(log);
  t.is(streams.length, 2);
  t.true(streams.every((stream) => stream.startsWith('dry_message-')));
});

test('what is no message is kept and set aside, and does not stop the feed', async (t) => {
  const { log } = await follow(t, [{ messages: [17, { a: 1 }, null, spec], next: 'c1' }]);
  t.is((await stored(log)).length, 4);
  const page = await log.readAll('', { types: ['MessageSetAside'] }, 10)();
  const codes = E.isRight(page) ? page.right.events.map(({ data }) => data['code']) : [];
  t.deepEqual(codes, ['unreadable-message', 'unreadable-message', 'unreadable-message']);
});

test('following ends at once when it is told to, in the middle of a question or a pause', async (t) => {
  await t.notThrowsAsync(follow(t, []));
  const stop = new AbortController();
  const server = await aFeedServer(t, () => ({ status: 500 }));
  await followFeed(
    {
      ingest: anIngest(await aLog(t)),
      url: server.url,
      cursor: inMemory(),
      report: () => stop.abort(),
      random: () => 1,
      pauses: { first: 3_600_000, longest: 3_600_000 },
    },
    stop.signal,
  );
  t.is(server.asked.length, 1);
});

test('pauses grow to a limit, and are never the same for everyone', (t) => {
  const pauses = { first: 500, longest: 30_000 };
  const of = (random: number) => [1, 2, 3, 7, 5000].map((n) => pauseAfter(n, pauses, () => random));
  t.deepEqual(of(1), [500, 1000, 2000, 30_000, 30_000]);
  t.deepEqual(of(0), [250, 500, 1000, 15_000, 15_000]);
});

test('a feed that does not know the cursor is read from its beginning, once', async (t) => {
  const cursor = inMemory('dead');
  const answers = [{ status: 410 }, { status: 410 }, { messages: [spec], next: 'c1' }];
  const { asked, reports } = await follow(t, answers, { cursor });
  t.deepEqual(
    asked.map((query) => new URLSearchParams(query).get('after')),
    ['dead', '', '', 'c1'],
  );
  t.deepEqual(cursor.saved, ['dead', '', 'c1']);
  t.regex(reports[0] ?? '', /it does not know the cursor "dead" and is read from its beginning/);
  t.notRegex(reports[1] ?? '', /does not know/);
});
