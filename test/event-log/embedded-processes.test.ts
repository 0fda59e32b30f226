import test, { type ExecutionContext } from 'ava';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { verify } from '../../audit/verify.ts';
import { ensureIdentity } from '../../event-log/identity.ts';
import { ensureSchema } from '../../event-log/embedded/schema.ts';
import { type OpenDatabase, openLibsql } from '../../event-log/embedded/sqlite.ts';
import { start } from '../../event-log/event-log.ts';
import { aFile, openedLog } from './a-file.ts';
import { begun, pagesUntil, right } from './an-event.ts';

const script = fileURLToPath(new URL('./appending-child.ts', import.meta.url));

type Acknowledged = { readonly id: string; readonly revision: number };

/** A process that appends; `heard` collects what it says was written. */
const aWriter = (t: ExecutionContext, file: string, stream: string, wins: number) => {
  const args = ['--import=tsx', script, file, stream, String(wins)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  t.teardown(() => child.kill('SIGKILL'));
  const heard: Array<Acknowledged> = [];
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    const [id = '', revision = ''] = line.split(' ');
    heard.push({ id, revision: Number(revision) });
  });
  const ended = once(child, 'close').then(([code, signal]) => {
    if (code !== 0 && signal !== 'SIGKILL') throw new Error(complaint);
    return heard;
  });
  const hasWritten = async (count: number): Promise<void> => {
    while (heard.length < count) await Promise.race([once(lines, 'line'), ended]);
  };
  return { ended, hasWritten, kill: () => child.kill('SIGKILL') };
};

test('a process killed while it appends has lost nothing it was told is written', async (t) => {
  const file = await aFile(t);
  const acknowledged: Array<Acknowledged> = [];
  for (const count of [1, 40, 200]) {
    const writer = aWriter(t, file, 'killed-1', 1_000_000);
    await writer.hasWritten(count);
    writer.kill();
    acknowledged.push(...(await writer.ended));
    const log = await openedLog(t, { file });
    const stored = await right(log.readStream('killed-1', 0, 1_000_000));
    t.true(acknowledged.every(({ id, revision }) => stored[revision]?.id === id));
    t.is((await right(verify(log))).faultCount, 0);
    await log.close();
  }
  t.true(acknowledged.length >= 241);
});

test('two processes that race on one stream never both win, and a tail elsewhere sees it all', async (t) => {
  const file = await aFile(t);
  const log = await openedLog(t, { file, poll: 20 });
  const stop = new AbortController();
  t.teardown(() => stop.abort());
  const following = pagesUntil(
    log.tail(start, {}, stop.signal),
    (pages) => pages.reduce((sum, { events }) => sum + events.length, 0) >= 400,
  );
  const writers = [aWriter(t, file, 'race-1', 200), aWriter(t, file, 'race-1', 200)];
  const heard = (await Promise.all(writers.map(({ ended }) => ended))).flat();
  const byRevision = [...heard].sort((a, b) => a.revision - b.revision);
  t.deepEqual(
    byRevision.map(({ revision }) => revision),
    Array.from({ length: 400 }, (_, n) => n),
  );
  const stored = await right(log.readStream('race-1', 0, 1000));
  t.deepEqual(
    stored.map(({ id }) => id),
    byRevision.map(({ id }) => id),
  );
  t.deepEqual(
    (await following).flatMap(({ events }) => events),
    stored,
  );
  t.is((await right(verify(log))).faultCount, 0);
});

test('processes that make one new log at the same time make one log', async (t) => {
  const file = await aFile(t);
  const writers = ['a-1', 'b-1', 'c-1'].map((stream) => aWriter(t, file, stream, 5));
  const heard = await Promise.all(writers.map(({ ended }) => ended));
  t.deepEqual(
    heard.map((acknowledged) => acknowledged.length),
    [5, 5, 5],
  );
  const log = await openedLog(t, { file });
  t.like(await right(verify(log)), { events: 15, streams: 3, faultCount: 0 });
});

test('a log that another process makes in the same moment is used as it is', async (t) => {
  const file = await aFile(t);
  let isFirst = true;
  const driver: OpenDatabase = (path, busy) => {
    const db = openLibsql(path, busy);
    const exec = (sql: string): void => {
      if (isFirst && sql === 'BEGIN IMMEDIATE') {
        isFirst = false;
        const other = openLibsql(path, busy);
        ensureSchema(other, path);
        other.close();
      }
      db.exec(sql);
    };
    return { ...db, exec };
  };
  const log = await openedLog(t, { file, driver });
  t.false(isFirst);
  t.is((await right(log.append('a-1', 'no-stream', begun('a-1')))).revision, 0);
});

test('connections that start on one new file at once agree on the identity of the log', async (t) => {
  const file = await aFile(t);
  let count = 0;
  const hand = (actor: string) => ({
    newId: () => `00000000-0000-4000-8000-${String((count += 1)).padStart(12, '0')}`,
    now: () => '2026-01-02T03:04:05.678Z',
    actor,
    codeVersion: '0.0.0',
  });
  const identities = await Promise.all(
    ['a', 'b', 'c', 'd'].map(async (actor) => {
      const log = await openedLog(t, { file });
      return right(ensureIdentity(log, hand(actor)));
    }),
  );
  t.is(new Set(identities).size, 1);
  const log = await openedLog(t, { file });
  const { events } = await right(log.readAll(start, {}, 10));
  t.deepEqual(
    events.map(({ type, data }) => [type, data]),
    [['LogCreated', { logId: identities.join().slice(0, 36) }]],
  );
  t.true(identities.includes(await right(ensureIdentity(log, hand('later')))));
});
