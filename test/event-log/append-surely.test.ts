import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import { appendSurely } from '../../event-log/append-surely.ts';
import type { AppendFailure, EventLog } from '../../event-log/event-log.ts';
import { aFile, openedLog } from './a-file.ts';
import { begun, left, right } from './an-event.ts';

const lost: AppendFailure = { code: 'outcome-unknown', reason: 'the answer got lost' };
const down: AppendFailure = { code: 'unavailable', reason: 'nobody is there' };
const quick = { firstWait: 1 };

/** A log whose answers are lost or replaced for the first few calls; `asked` keeps what it was asked. */
const unreliable = (
  log: EventLog,
  answers: ReadonlyArray<AppendFailure>,
  isWritten: (call: number) => boolean,
) => {
  const asked: Array<Parameters<EventLog['append']>> = [];
  const append: EventLog['append'] = (...call) => {
    return async () => {
      const number = asked.push(call) - 1;
      const answer = answers[number];
      if (answer === undefined) return log.append(...call)();
      if (isWritten(number)) await log.append(...call)();
      return E.left(answer);
    };
  };
  return { append, asked };
};

test('an append whose answer was lost is asked for again, the same, and written once', async (t) => {
  const log = await openedLog(t, { file: await aFile(t) });
  const events = begun('a-1', 2);
  for (const [stream, wasWritten] of [
    ['a-1', true],
    ['a-2', false],
  ] as const) {
    const sealed = stream === 'a-1' ? events : begun('a-2', 2);
    const { append, asked } = unreliable(log, [lost, down, lost], () => wasWritten);
    const { revision } = await right(appendSurely({ append }, stream, 'no-stream', sealed, quick));
    t.is(revision, 1);
    t.is(asked.length, 4);
    t.true(asked.every((call) => call[1] === 'no-stream' && call[2] === sealed));
    t.is((await right(log.readStream(stream, 0, 10))).length, 2);
  }
});

test('a failure that is certain is not retried', async (t) => {
  const log = await openedLog(t, { file: await aFile(t) });
  const conflict = { code: 'conflict', stream: 'a-1', expected: 0, actual: 3 } as const;
  for (const failure of [down, conflict]) {
    const { append, asked } = unreliable(log, [failure], () => false);
    t.deepEqual(await left(appendSurely({ append }, 'a-1', 0, begun('a-1'), quick)), failure);
    t.is(asked.length, 1);
  }
});

test('a conflict after an unknown outcome is certain: somebody else was first', async (t) => {
  const log = await openedLog(t, { file: await aFile(t) });
  await right(log.append('a-1', 'no-stream', begun('a-1')));
  const { append, asked } = unreliable(log, [lost], () => false);
  const failure = await left(appendSurely({ append }, 'a-1', 'no-stream', begun('a-1'), quick));
  t.is(failure.code, 'conflict');
  t.is(asked.length, 2);
});

test('an outcome that stays unknown is reported as unknown, whatever was answered last', async (t) => {
  const log = await openedLog(t, { file: await aFile(t) });
  const { append, asked } = unreliable(log, [lost, down, down, down], () => false);
  const trying = appendSurely({ append }, 'a-1', 'no-stream', begun('a-1'), { ...quick, tries: 3 });
  const failure = await left(trying);
  t.is(failure.code, 'outcome-unknown');
  t.true('reason' in failure && /a-1.*nobody is there/.test(failure.reason));
  t.is(asked.length, 3);
});

test('who is told to stop does not wait for the next try', async (t) => {
  const log = await openedLog(t, { file: await aFile(t) });
  const stop = new AbortController();
  const { append, asked } = unreliable(log, [lost, lost], () => {
    stop.abort();
    return false;
  });
  const options = { firstWait: 60_000, signal: stop.signal };
  const failure = await left(appendSurely({ append }, 'a-1', 'no-stream', begun('a-1'), options));
  t.is(failure.code, 'outcome-unknown');
  t.is(asked.length, 1);
});
