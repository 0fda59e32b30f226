import test from 'ava';
import Libsql from 'libsql';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { openEmbeddedLog } from '../../event-log/embedded/embedded-log.ts';
import { type OpenDatabase, openLibsql } from '../../event-log/embedded/sqlite.ts';
import { start } from '../../event-log/event-log.ts';
import { isIntact, seal } from '../../event-log/seal.ts';
import { aFile, openedLog } from './a-file.ts';
import { aCategory, anEvent, begun, headAfter, left, pagesUntil, right } from './an-event.ts';
import { eventLogContract } from './contract-suite.ts';

eventLogContract('embedded log', async (t) => openedLog(t, { file: await aFile(t) }));

test('an event cannot be edited, deleted or replaced by SQL', async (t) => {
  const file = await aFile(t);
  const log = await openedLog(t, { file });
  const events = begun('stone-1', 3);
  await right(log.append('stone-1', 'no-stream', events));
  const before = await right(log.readStream('stone-1', 0, 10));
  const raw = new Libsql(file);
  t.teardown(() => raw.close());
  t.throws(() => raw.exec("UPDATE events SET data = '{}'"), { any: true, message: /never edited/ });
  t.throws(() => raw.exec('DELETE FROM events WHERE revision = 2'), {
    any: true,
    message: /never deleted/,
  });
  const values = "('stone-1', 1, 'x', 'T', '{}', '{}')";
  raw.exec(
    `INSERT OR REPLACE INTO events (stream, revision, id, type, data, metadata) VALUES ${values}`,
  );
  const withPosition = "(2, 'stone-2', 0, 'x', 'T', '{}', '{}')";
  raw.exec(
    `INSERT OR REPLACE INTO events (position, stream, revision, id, type, data, metadata) VALUES ${withPosition}`,
  );
  t.deepEqual(await right(log.readStream('stone-1', 0, 10)), before);
  t.is(await right(log.head()), before.at(-1)?.position ?? 'none');
});

test('a log opened again goes on where it was', async (t) => {
  const file = join(dirname(await aFile(t)), 'made', 'on the way', 'log.db');
  const first = await openedLog(t, { file });
  const events = begun('a-1', 2);
  await right(first.append('a-1', 'no-stream', events));
  await first.close();
  const second = await openedLog(t, { file });
  const { revision } = await right(
    second.append('a-1', 1, seal('a-1', headAfter(events), [anEvent()])),
  );
  t.is(revision, 2);
  t.is((await right(second.readAll(start, {}, 10))).events.length, 3);
});

test('what waits to be appended is written before the log closes', async (t) => {
  const file = await aFile(t);
  const log = await openedLog(t, { file });
  let answer: string | undefined;
  void log
    .append('a-1', 'no-stream', begun('a-1'))()
    .then((result) => (answer = result._tag));
  await log.close();
  t.is(answer, 'Right');
  const again = await openedLog(t, { file });
  t.is((await right(again.readStream('a-1', 0, 10))).length, 1);
});

test('appends made together share one commit, and a conflict among them harms no other', async (t) => {
  let commits = 0;
  const driver: OpenDatabase = (file, busy) => {
    const db = openLibsql(file, busy);
    return {
      ...db,
      prepare: (sql) => {
        const statement = db.prepare(sql);
        if (sql !== 'COMMIT') return statement;
        return {
          ...statement,
          run: (values) => {
            commits += 1;
            return statement.run(values);
          },
        };
      },
    };
  };
  const log = await openedLog(t, { file: await aFile(t), driver });
  const streams = Array.from({ length: 64 }, (_, index) => `s-${index % 63}`);
  const results = await Promise.all(
    streams.map((stream) => log.append(stream, 'no-stream', begun(stream))()),
  );
  t.is(commits, 1);
  t.deepEqual(
    results.map((result) => result._tag),
    streams.map((_, index) => (index === 63 ? 'Left' : 'Right')),
  );
});

test('positions and revisions far beyond 2^31 stay exact and in order', async (t) => {
  const file = await aFile(t);
  const log = await openedLog(t, { file });
  const far = 2 ** 40 + 1;
  const metadata = JSON.stringify(begun('far-1')[0]?.metadata);
  const raw = new Libsql(file);
  raw
    .prepare(
      'INSERT INTO events (position, stream, revision, id, type, data, metadata) VALUES (?, ?, ?, ?, ?, ?, ?)',
    )
    .run([far, 'far-1', far, 'x', 'T', '{}', metadata]);
  raw.close();
  const events = seal('far-1', { revision: far, hash: 'h' }, [anEvent()]);
  const { revision, position } = await right(log.append('far-1', far, events));
  t.is(revision, far + 1);
  t.is(position, '00000001099511627778');
  t.is(await right(log.head()), position);
  const page = await right(log.readAll('00000001099511627777', { categories: ['far'] }, 10));
  t.deepEqual(page.events, [await right(log.at(position))]);
});

test('a file that is no log is refused with what to do, and left as it was', async (t) => {
  const file = await aFile(t);
  const folder = dirname(file);
  await writeFile(join(folder, 'text'), 'no database at all, '.repeat(100));
  const foreign = new Libsql(join(folder, 'foreign'));
  foreign.exec('CREATE TABLE theirs (a)');
  foreign.close();
  await (await openedLog(t, { file })).close();
  const newer = new Libsql(file);
  newer.exec('PRAGMA user_version = 2');
  newer.close();
  const files = ['text', 'foreign', 'log.db'].map((name) => join(folder, name));
  const before = await Promise.all(files.map((name) => readFile(name)));
  const cases = [
    [join(folder, 'text'), 'corrupt', /no SQLite database.*name another file/],
    [join(folder, 'foreign'), 'corrupt', /something else.*name another file/],
    [file, 'unavailable', /format 2.*use the version that wrote it/],
    [folder, 'access-denied', /cannot be opened for writing/],
    [join(folder, 'text', 'log.db'), 'access-denied', /cannot be opened for writing/],
  ] as const;
  for (const [path, code, reason] of cases) {
    const failure = await left(openEmbeddedLog({ file: path }));
    t.is(failure.code, code, path);
    t.true(failure.reason.includes(path), failure.reason);
    t.regex(failure.reason, reason);
  }
  t.deepEqual(await Promise.all(files.map((name) => readFile(name))), before);
});

test('a writer that holds the file too long makes an append fail, and nothing is written', async (t) => {
  const file = await aFile(t);
  const log = await openedLog(t, { file, lockWait: 60 });
  const other = new Libsql(file);
  t.teardown(() => other.close());
  other.exec('BEGIN IMMEDIATE');
  const events = begun('a-1');
  const failure = await left(log.append('a-1', 'no-stream', events));
  t.is(failure.code, 'locked');
  t.true('reason' in failure && failure.reason.includes(file));
  t.deepEqual(await right(log.readStream('a-1', 0, 1)), []);
  other.exec('ROLLBACK');
  t.is((await right(log.append('a-1', 'no-stream', events))).revision, 0);
});

test('a full disk fails the append at once, loses nothing, and appends go on when there is room', async (t) => {
  const file = await aFile(t);
  let limit: (pages: number) => void = () => undefined;
  const driver: OpenDatabase = (path, busy) => {
    const db = openLibsql(path, busy);
    limit = (pages) => db.exec(`PRAGMA max_page_count = ${pages}`);
    return db;
  };
  const log = await openedLog(t, { file, driver, lockWait: 600_000 });
  await right(log.append('a-1', 'no-stream', begun('a-1')));
  limit(20);
  const large = seal('a-2', undefined, [anEvent({ data: { a: 'x'.repeat(100_000) } })]);
  const failure = await left(log.append('a-2', 'no-stream', large));
  t.is(failure.code, 'disk-full');
  t.true('reason' in failure && failure.reason.includes(file));
  t.is((await right(log.readAll(start, {}, 10))).events.length, 1);
  limit(100_000);
  t.is((await right(log.append('a-2', 'no-stream', large))).revision, 0);
});

test('a commit that fails at the disk has an unknown outcome', async (t) => {
  let isBroken = false;
  const driver: OpenDatabase = (file, busy) => {
    const db = openLibsql(file, busy);
    const broken = () => {
      if (isBroken)
        throw Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR_FSYNC' });
    };
    return {
      ...db,
      prepare: (sql) => {
        const statement = db.prepare(sql);
        if (sql !== 'COMMIT') return statement;
        return { ...statement, run: (values) => (broken(), statement.run(values)) };
      },
    };
  };
  const log = await openedLog(t, { file: await aFile(t), driver });
  const events = begun('a-1');
  isBroken = true;
  t.is((await left(log.append('a-1', 'no-stream', events))).code, 'outcome-unknown');
  isBroken = false;
  t.is((await right(log.append('a-1', 'no-stream', events))).revision, 0);
});

test('a tail sees what another connection to the file appends', async (t) => {
  const file = await aFile(t);
  const [here, there] = [await openedLog(t, { file, poll: 10 }), await openedLog(t, { file })];
  const stop = new AbortController();
  t.teardown(() => stop.abort());
  let appended: Promise<unknown> | undefined;
  const pages = await pagesUntil(here.tail(start, {}, stop.signal), (seen) => {
    appended ??= there.append('a-1', 'no-stream', begun('a-1', 2))();
    return seen.some(({ events }) => events.length > 0);
  });
  await appended;
  t.deepEqual(
    pages.flatMap(({ events }) => events.map(({ revision }) => revision)),
    [0, 1],
  );
});

test('a position past the end stays where it is, one of another kind of log is refused', async (t) => {
  const log = await openedLog(t, { file: await aFile(t) });
  await right(log.append('a-1', 'no-stream', begun('a-1')));
  const beyond = '00000000000000000007';
  t.deepEqual(await right(log.readAll(beyond, {}, 10)), { events: [], upTo: beyond, atEnd: true });
  const failure = await left(log.readAll('42', {}, 10));
  t.is(failure.code, 'corrupt');
  t.regex(failure.reason, /"42" is no position of the log/);
});

test('a tail tells of a log that was closed under it', async (t) => {
  const log = await openedLog(t, { file: await aFile(t) });
  const stop = new AbortController();
  t.teardown(() => stop.abort());
  const following = pagesUntil(log.tail(start, { categories: [aCategory()] }, stop.signal), () => {
    void log.close();
    return false;
  });
  await t.throwsAsync(following, { code: 'closed' });
});

test('an event damaged in the file is named, and no other is given for it', async (t) => {
  const file = await aFile(t);
  const log = await openedLog(t, { file });
  await right(log.append('a-1', 'no-stream', begun('a-1', 2)));
  const raw = new Libsql(file);
  raw.exec("DROP TRIGGER events_are_never_edited; UPDATE events SET data = '{' WHERE revision = 1");
  raw.close();
  const failure = await left(log.readStream('a-1', 0, 10));
  t.is(failure.code, 'corrupt');
  t.regex(failure.reason, /a-1@1/);
  const [intact] = await right(log.readStream('a-1', 0, 1));
  t.true(intact !== undefined && isIntact(intact, null));
});
