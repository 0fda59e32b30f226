import { setTimeout as pause } from 'node:timers/promises';
import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { DomainEvent } from '../../domain/catalogue.ts';
import { appendEvents } from '../../event-log/carry-out.ts';
import type { EventLog } from '../../event-log/event-log.ts';
import { correlationFrom } from '../../main/correlation.ts';
import { loggerFor } from '../../main/logger.ts';
import { narrateAsJson, narrateFacts } from '../../main/narrate.ts';
import { worker } from '../../sagas/worker.ts';
import { aHandOn } from '../support/a-hand.ts';
import { aLog } from '../support/ingest-world.ts';
import { must } from '../support/service.ts';

type Line = Readonly<Record<string, unknown>> & { readonly msg: string };

const collecting = (log: Pick<EventLog, 'last'>, logLevel: 'info' | 'silent' = 'info') => {
  const lines: Array<Line> = [];
  const write = (text: string): void => void lines.push(JSON.parse(text) as Line);
  return { lines, logger: loggerFor({ logLevel }, correlationFrom(log), { write }) };
};

const until = async (holds: () => boolean): Promise<void> => {
  const deadline = performance.now() + 60_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`never: ${holds.toString()}`);
    await pause(20);
  }
};

const started: DomainEvent = {
  ...{ type: 'BuildStarted', build: 7, triggers: ['t'], policyVersion: 'p', afterTrigger: 1 },
  at: '2026-03-01T10:00:00.000Z',
};
const stream = 'artifact-module:a:1';

test('a line about a stream carries the message that everything in it started from', async (t) => {
  const log = await aLog(t);
  const context = { correlationId: '2026-message-1' };
  must(await appendEvents(aHandOn(log))(stream, undefined, context, [started]));
  const { lines, logger } = collecting(log);
  logger.saga({ level: 'warn', saga: 'rebuild', stream, code: 'mbs-refused', reason: 'No.' });
  logger.saga({ level: 'warn', saga: 'wave', stream: '', code: 'locked', reason: 'Wait.' });
  logger.projector({ level: 'info', model: 'builds', code: 'fenced', reason: 'Another writes.' });
  await logger.close();
  t.is(lines.length, 3);
  t.like(lines[0], {
    ...{ level: 40, part: 'The saga rebuild', stream, code: 'mbs-refused', msg: 'No.' },
    correlationId: '2026-message-1',
  });
  t.like(lines[1], { part: 'The saga wave', code: 'locked', msg: 'Wait.' });
  t.false('correlationId' in (lines[1] ?? {}));
  t.like(lines[2], { level: 30, part: 'The read model builds', code: 'fenced' });
});

test('a log that cannot be asked costs a line its correlation id and nothing else', async (t) => {
  const last = () => TE.left({ code: 'unavailable', reason: 'gone' } as const);
  const hanging = () => () => new Promise<never>(() => undefined);
  for (const asked of [last, hanging]) {
    const { lines, logger } = collecting({ last: asked });
    logger.saga({ level: 'warn', saga: 'rebuild', stream, code: 'unavailable', reason: 'Gone.' });
    await logger.close();
    t.is(lines.length, 1);
    t.like(lines[0], { stream, msg: 'Gone.' });
  }
});

test('while the log hangs one line waits for its id, and all behind it go without', async (t) => {
  let asked = 0;
  const hanging = () => () => {
    asked += 1;
    return new Promise<never>(() => undefined);
  };
  const { lines, logger } = collecting({ last: hanging });
  for (let n = 0; n < 50; n += 1) {
    const reason = `Gone ${n}.`;
    logger.saga({ level: 'info', saga: 'rebuild', stream: `${stream}${n}`, code: 'x', reason });
  }
  await logger.close();
  t.deepEqual(
    lines.map(({ msg }) => msg),
    Array.from({ length: 50 }, (_, n) => `Gone ${n}.`),
  );
  t.is(asked, 1);
});

test('what is not logged is not looked up', async (t) => {
  const last = () => {
    t.fail();
    return TE.right(undefined);
  };
  const { lines, logger } = collecting({ last }, 'silent');
  logger.saga({ level: 'warn', saga: 'rebuild', stream, code: 'unavailable', reason: 'Gone.' });
  await logger.close();
  t.is(lines.length, 0);
});

test('a worker whose service is away for many streams logs two lines: it began, it is over', async (t) => {
  const log = await aLog(t);
  const { lines, logger } = collecting(log);
  const streams = Array.from({ length: 20 }, (_, n) => `artifact-module:m${n}:1`);
  let isAway = true;
  const tries = new Map<string, number>();
  const stop = new AbortController();
  const run = worker({
    ...{ saga: 'rebuild', concurrency: 4, longestBackOff: 10, report: logger.saga },
    ...{ now: () => new Date().toISOString(), monotonic: () => performance.now() },
    openWork: { due: () => TE.right(streams), openClaims: () => TE.right(0) },
    act: (one: string) => {
      tries.set(one, (tries.get(one) ?? 0) + 1);
      const away = E.left({ code: 'mbs-unavailable', reason: `gone for ${one}` } as const);
      return Promise.resolve(isAway ? away : E.right({ after: null }));
    },
  } as never).run(stop.signal);
  await until(() => tries.size === 20 && [...tries.values()].every((count) => count >= 2));
  isAway = false;
  await until(() => lines.length >= 2);
  stop.abort();
  await run;
  await logger.close();
  t.is(lines.length, 2);
  t.like(lines[0], { level: 40, code: 'mbs-unavailable', part: 'The saga rebuild' });
  t.regex(lines[0]?.msg ?? '', /^gone for /);
  t.like(lines[1], { level: 30, code: 'mbs-unavailable', streams: 20 });
  t.true(Number(lines[1]?.['failures']) >= 40);
});

/** Tells of an event that is appended after the telling began. */
const toldOf = async (
  log: EventLog,
  tell: (from: EventLog, signal: AbortSignal) => Promise<void>,
  isTold: () => boolean,
): Promise<void> => {
  const enough = new AbortController();
  let hasBegun = false;
  const head = () => async () => {
    const found = await log.head()();
    hasBegun = true;
    return found;
  };
  const telling = tell({ ...log, head }, enough.signal);
  await until(() => hasBegun);
  const succeeded: DomainEvent = { type: 'BuildSucceeded', build: 7, at: started.at };
  const context = { correlationId: '2026-message-1' };
  must(await appendEvents(aHandOn(log))(stream, undefined, context, [succeeded]));
  await until(isTold);
  enough.abort();
  await telling;
};

test('facts are logged as JSON with the message they started from and where they stand', async (t) => {
  const log = await aLog(t);
  const { lines, logger } = collecting(log);
  const isTold = () => lines.length > 0;
  await toldOf(log, (from, signal) => narrateAsJson(from, logger.pino, signal), isTold);
  t.is(lines.length, 1);
  t.like(lines[0], {
    ...{ level: 30, correlationId: '2026-message-1', stream, revision: 0, part: 'The record' },
    ...{ event: 'BuildSucceeded', msg: 'build 7: succeeded' },
  });
});

test('who tells what happens goes on after the log was away', async (t) => {
  const log = await aLog(t);
  const told: Array<string> = [];
  let failures = 0;
  const tail: EventLog['tail'] = (after, filter, signal) => {
    failures += 1;
    if (failures > 1) return log.tail(after, filter, signal);
    throw new Error('the log is away');
  };
  await toldOf(
    log,
    (from, signal) => narrateFacts({ ...from, tail }, ({ line }) => told.push(line), signal),
    () => told.length > 0,
  );
  t.deepEqual(told, ['  build 7: succeeded']);
});
