import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { EventLog, Page } from '../../event-log/event-log.ts';
import { start } from '../../event-log/event-log.ts';
import { follow } from '../../event-log/follow.ts';
import { logError } from '../../event-log/log-error.ts';
import { aFile, openedLog } from './a-file.ts';
import { begun, right } from './an-event.ts';

type Failed = { readonly code: string };
const done: E.Either<never, void> = E.right(undefined);

/** A follower that notes what it is given; the test waits for what it has noted. */
const aFollower = (handle: (page: Page) => E.Either<Failed, void> = () => done) => {
  const pages: Array<Page> = [];
  const looks = new Set<() => void>();
  let ends = 0;
  const looked = (): void => looks.forEach((look) => look());
  const note =
    (page: Page): TaskEither<Failed, void> =>
    () => {
      pages.push(page);
      looked();
      return Promise.resolve(handle(page));
    };
  const atEnd = (): TaskEither<Failed, void> => () => {
    ends += 1;
    looked();
    return Promise.resolve(done);
  };
  const load = (): TaskEither<Failed, string> => () => Promise.resolve(E.right(start));
  const until = (isSo: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!isSo()) return;
        looks.delete(look);
        resolve();
      };
      looks.add(look);
      look();
    });
  const seen = () => pages.flatMap(({ events }) => events.map(({ stream }) => stream));
  return {
    follower: { filter: {}, load, handle: note, atEnd },
    pages,
    until,
    seen,
    ends: () => ends,
  };
};

const write = (log: EventLog, stream: string, count = 1) =>
  right(log.append(stream, 'no-stream', begun(stream, count)));

test('a follower reads page by page to the end and then what comes, each event once', async (t) => {
  const log = await openedLog(t, { file: await aFile(t) });
  for (const n of [1, 2, 3]) await write(log, `a-${n}`);
  const { follower, pages, until, seen, ends } = aFollower();
  const stop = new AbortController();
  const ended = follow(log)({ ...follower, pageSize: 2 })(stop.signal);
  await until(() => ends() === 1);
  t.deepEqual(seen(), ['a-1', 'a-2', 'a-3']);
  t.is(pages.length, 2);
  await write(log, 'a-4');
  await until(() => seen().length === 4);
  await until(() => ends() === 2);
  stop.abort();
  t.deepEqual(await ended, done);
  t.deepEqual(seen(), ['a-1', 'a-2', 'a-3', 'a-4']);
});

test('a follower is told how far the log has gone where its filter hides what came', async (t) => {
  const log = await openedLog(t, { file: await aFile(t) });
  const { follower, pages, until, ends } = aFollower();
  const stop = new AbortController();
  t.teardown(() => stop.abort());
  void follow(log)({ ...follower, filter: { categories: ['mine'] } })(stop.signal);
  await until(() => ends() === 1);
  const { position } = await write(log, 'theirs-1');
  await until(() => pages.some(({ upTo }) => upTo === position));
  t.deepEqual(pages.at(-1)?.events, []);
});

test('several followers of one log share one tail, which ends with the last of them', async (t) => {
  const log = await openedLog(t, { file: await aFile(t) });
  const signals: Array<AbortSignal> = [];
  const counted: EventLog = {
    ...log,
    tail: (after, filter, signal) => {
      signals.push(signal);
      return log.tail(after, filter, signal);
    },
  };
  const followers = [aFollower(), aFollower()];
  const stops = followers.map(() => new AbortController());
  const ended = followers.map(({ follower }, i) => follow(counted)(follower)(stops[i]!.signal));
  await Promise.all(followers.map(({ until, ends }) => until(() => ends() === 1)));
  await write(log, 'a-1');
  await Promise.all(followers.map(({ until, seen }) => until(() => seen().length === 1)));
  stops[0]!.abort();
  await ended[0];
  t.deepEqual(
    signals.map(({ aborted }) => aborted),
    [false],
  );
  stops[1]!.abort();
  await ended[1];
  t.deepEqual(
    signals.map(({ aborted }) => aborted),
    [true],
  );
});

test('the first failure of the work ends the following', async (t) => {
  const log = await openedLog(t, { file: await aFile(t) });
  await write(log, 'a-1', 3);
  const { follower, pages } = aFollower(() => E.left({ code: 'no-more' }));
  const ended = await follow(log)({ ...follower, pageSize: 1 })(new AbortController().signal);
  t.deepEqual(ended, E.left({ code: 'no-more' }));
  t.is(pages.length, 1);
});

test('a log that fails while it is waited for ends the following with that failure', async (t) => {
  const log = await openedLog(t, { file: await aFile(t) });
  const failure = { code: 'unavailable', reason: 'planted' } as const;
  const broken: EventLog = {
    ...log,
    tail: () => ({
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(logError(failure)) }),
    }),
  };
  const { follower } = aFollower();
  t.deepEqual(await follow(broken)(follower)(new AbortController().signal), E.left(failure));
});

test('a log that cannot be read ends the following with that failure', async (t) => {
  const log = await openedLog(t, { file: await aFile(t) });
  await log.close();
  const { follower } = aFollower();
  const ended = await follow(log)(follower)(new AbortController().signal);
  t.like(ended, { left: { code: 'closed' } });
});

test('whoever is told to stop before the start reads nothing', async (t) => {
  const log = await openedLog(t, { file: await aFile(t) });
  await write(log, 'a-1');
  const { follower, pages } = aFollower();
  t.deepEqual(await follow(log)(follower)(AbortSignal.abort()), done);
  t.deepEqual(pages, []);
});
