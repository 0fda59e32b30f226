import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import { openEmbeddedLog } from '../../event-log/embedded/embedded-log.ts';
import type { EventLog } from '../../event-log/event-log.ts';
import type { CatchUpDeps } from '../../ingest/datagrepper/catch-up.ts';
import { searchAt } from '../../ingest/datagrepper/search.ts';
import type { CatchUpOptions } from '../../main/commands/catch-up.ts';
import { catchUpCommand } from '../../main/commands/catch-up.ts';
import { readOrder } from '../../main/commands/catch-up/order.ts';
import { minutesAgo } from '../support/catch-up-world.ts';
import { aFolder } from '../support/ingest-world.ts';
import { aSandbox, post } from '../support/sandbox.ts';

const messages = (count: number) =>
  Array.from({ length: count }, (_, at) => ({
    ...{ topic: 'some.thing', id: `m${at}` },
    headers: { 'sent-at': minutesAgo(50 - (40 * at) / count) },
  }));

/** A sandbox that has published, and a log of the test's own. */
const anArchive = async (t: ExecutionContext, count: number) => {
  const sandbox = await aSandbox(t);
  if (count > 0) await post(sandbox, '/sandbox/messages', { messages: messages(count) });
  const file = join(aFolder(t), 'log.db');
  const run = async (
    options: CatchUpOptions,
    { signal = new AbortController().signal, more = {} } = {},
  ) => {
    const said = { out: '', err: '' };
    const walkDeps = (log: EventLog): CatchUpDeps => ({
      ingest: {
        ...{ log, newId: randomUUID, now: () => new Date().toISOString(), actor: 'ann' },
        ...{ codeVersion: '0', transport: 'datagrepper' },
      },
      ...{ realm: 'real', search: searchAt(sandbox.datagrepperUrl), topics: [] },
      ...{ owner: randomUUID(), cache: new Map(), monotonic: () => performance.now(), ...more },
    });
    const code = await catchUpCommand(
      {
        ...{ openLog: () => openEmbeddedLog({ file }), walkDeps, by: 'ann', patience: [] },
        stdout: (text) => void (said.out += text),
        stderr: (text) => void (said.err += text),
        ...{ isTerminal: false, clock: () => 0, now: () => new Date().toISOString() },
        ...{ settle: 0, signal },
      },
      options,
    );
    return { code, ...said };
  };
  return { sandbox, run };
};

test('what is ordered is fetched, and said in one sentence', async (t) => {
  const { run } = await anArchive(t, 230);
  const first = await run({ since: '1h' });
  t.is(first.code, 0, first.err);
  t.regex(
    first.out,
    /^230 messages sent from \S+ to \S+ looked at: 230 newly on record, 0 on record before\.\n$/,
  );
  const second = await run({ since: '1h' });
  t.regex(second.out, /: 0 newly on record, 230 on record before/);
});

test('only the time that is ordered is fetched', async (t) => {
  const { run } = await anArchive(t, 40);
  const { code, out } = await run({ since: minutesAgo(40.5), until: minutesAgo(29.5), json: true });
  t.is(code, 0);
  t.like(JSON.parse(out), { complete: true, messages: 11, missed: 11, seenBefore: 0 });
});

test('an interrupted run says so, and the next goes on where it was', async (t) => {
  const { run, sandbox } = await anArchive(t, 450);
  const stopping = new AbortController();
  const search: CatchUpDeps['search'] = (question, signal) => async () => {
    const found = await searchAt(sandbox.datagrepperUrl)(question, signal)();
    if (question.page === 2) stopping.abort();
    return found;
  };
  const stopped = await run({ since: '1h' }, { signal: stopping.signal, more: { search } });
  t.is(stopped.code, 130);
  t.regex(stopped.err, /Interrupted; run it again to go on/);
  const done = await run({ since: '1h', json: true });
  t.is(done.code, 0);
  t.regex(done.err, /^Going on with what was sent from \S+ to \S+, after 200 messages\.\n/);
  t.like(JSON.parse(done.out), { complete: true, messages: 450, missed: 450 });
});

test('an interrupted order that is cancelled is not gone on with', async (t) => {
  const { run, sandbox } = await anArchive(t, 450);
  const stopping = new AbortController();
  const search: CatchUpDeps['search'] = (question, signal) => async () => {
    const found = await searchAt(sandbox.datagrepperUrl)(question, signal)();
    stopping.abort();
    return found;
  };
  const stopped = await run({ since: '1h' }, { signal: stopping.signal, more: { search } });
  t.regex(stopped.err, /or give it up: freshmaker catch-up --cancel/);
  t.is((await run({ since: '1h', cancel: true })).code, 2);
  const cancelled = await run({ cancel: true });
  t.is(cancelled.code, 0, cancelled.err);
  const next = await run({ since: minutesAgo(12), json: true });
  t.notRegex(next.err, /Going on/);
  t.true((JSON.parse(next.out) as { messages: number }).messages < 100);
});

test('a datagrepper that does not answer is 4, with what to do', async (t) => {
  const { run, sandbox } = await anArchive(t, 10);
  await post(sandbox, '/sandbox/misbehave', { kind: 'datagrepper-unavailable', count: 1 });
  const { code, err, out } = await run({ since: '1h', json: true });
  t.is(code, 4);
  t.regex(err, /^freshmaker catch-up: http\S+: it answered 503 .* run it again to go on\.\n$/);
  t.like(JSON.parse(out), { complete: false, code: 'datagrepper-unavailable' });
});

test('wrong use is 2, and nothing is fetched', async (t) => {
  const { run } = await anArchive(t, 0);
  const { code, err, out } = await run({});
  t.is(code, 2);
  t.regex(err, /^freshmaker catch-up: --since is missing/);
  t.is(out, '');
});

const now = Date.parse('2026-03-10T12:00:00.000Z');
const settled = now - 5000;

const times: ReadonlyArray<readonly [string, string]> = [
  ['90m', '2026-03-10T10:30:00.000Z'],
  ['36h', '2026-03-09T00:00:00.000Z'],
  ['3d', '2026-03-07T12:00:00.000Z'],
  ['2w', '2026-02-24T12:00:00.000Z'],
  ['30 s', '2026-03-10T11:59:30.000Z'],
  ['2026-03-01', '2026-03-01T00:00:00.000Z'],
  ['2026-03-01T14:30', '2026-03-01T14:30:00.000Z'],
  ['2026-03-01 14:30:05', '2026-03-01T14:30:05.000Z'],
  ['2026-03-01T14:30:00+01:00', '2026-03-01T13:30:00.000Z'],
  ['2026-03-01T14:30:00Z', '2026-03-01T14:30:00.000Z'],
];

for (const [since, from] of times) {
  test(`--since ${since} begins at ${from} when it is noon of 10 March, up to what is stored`, (t) => {
    t.deepEqual(
      readOrder({ since }, now, settled),
      E.right({ from, to: '2026-03-10T11:59:55.000Z' }),
    );
  });
}

test('--until ends it, and never after what is stored', (t) => {
  const to = (until: string): unknown => {
    const order = readOrder({ since: '3d', until }, now, settled);
    return E.isRight(order) ? order.right.to : order.left;
  };
  t.is(to('2d'), '2026-03-08T12:00:00.000Z');
  t.is(to('1s'), '2026-03-10T11:59:55.000Z');
});

const refused: ReadonlyArray<readonly [{ since?: string; until?: string }, RegExp]> = [
  [{}, /^--since is missing.*must be a time such as .* or how long ago/],
  [{ since: 'yesterday' }, /^--since is "yesterday"; it must be a time such as/],
  [{ since: '' }, /^--since is ""/],
  [{ since: '2026-13-01' }, /^--since is "2026-13-01"/],
  [{ since: '-3d' }, /^--since is "-3d"/],
  [{ since: '2026-04-01' }, /^--since is 2026-04-01T00:00:00.000Z, which is still to come/],
  [{ since: '1999-04-01' }, /^--since is before 2000/],
  [{ since: '99999999999d' }, /^--since/],
  [{ since: '3d', until: 'never' }, /^--until is "never"/],
  [{ since: '2d', until: '3d' }, /^--since is \S+, which is not before the end, \S+; give/],
  [{ since: '2s' }, /may not be stored yet/],
];

for (const [asked, sentence] of refused) {
  test(`${JSON.stringify(asked)} is refused with a sentence that says what is allowed`, (t) => {
    const order = readOrder(asked, now, settled);
    t.regex(E.isLeft(order) ? order.left : '', sentence);
  });
}
