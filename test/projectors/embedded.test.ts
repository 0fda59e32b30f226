import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import Database from 'libsql';
import { openEmbeddedReadModels } from '../../projectors/embedded/open.ts';
import type { StoreUnderTest } from './read-models-suite.ts';
import {
  at,
  codeOf,
  fruit,
  fruits,
  must,
  readsContract,
  row,
  writerOf,
} from './read-models-suite.ts';
import { writesContract } from './writes-suite.ts';

const folder = (t: ExecutionContext): string => {
  const path = mkdtempSync(join(tmpdir(), 'freshmaker-rows-'));
  t.teardown(() => rmSync(path, { recursive: true, force: true }));
  return path;
};

const embedded = (t: ExecutionContext): Promise<StoreUnderTest> => {
  const file = join(folder(t), 'rows.db');
  let time = Date.parse('2026-01-01T00:00:00Z');
  return Promise.resolve({
    open: async () => {
      const models = await must(openEmbeddedReadModels({ file, now: () => time }));
      t.teardown(() => models.close());
      return models;
    },
    passMilliseconds: (milliseconds) => {
      time += milliseconds;
    },
  });
};

readsContract(test, 'embedded', embedded);
writesContract(test, 'embedded', embedded);

test('what was committed is there when the file is opened again', async (t) => {
  const file = join(folder(t), 'rows.db');
  const before = await must(openEmbeddedReadModels({ file }));
  await must((await writerOf(before)).commit([row(fruit(1))], at(3)));
  await before.close();
  const after = await must(openEmbeddedReadModels({ file }));
  t.teardown(() => after.close());
  t.deepEqual(await must(after.reader(fruits).get('1')), row(fruit(1)));
  t.deepEqual(await must(after.reader(fruits).checkpoint()), at(3));
});

test('a store that was closed says so', async (t) => {
  const models = await must(openEmbeddedReadModels({ file: join(folder(t), 'rows.db') }));
  const writer = await writerOf(models);
  await models.close();
  t.is(await codeOf(models.reader(fruits).get('1')), 'store-unavailable');
  t.is(await codeOf(models.writer(fruits, 'one')), 'store-unavailable');
  t.is(await codeOf(writer.commit([], at(1))), 'store-unavailable');
  await t.notThrowsAsync(models.close());
});

test('a commit that fails half way leaves neither rows nor checkpoint', async (t) => {
  const file = join(folder(t), 'rows.db');
  const models = await must(openEmbeddedReadModels({ file }));
  t.teardown(() => models.close());
  const writer = await writerOf(models);
  const raw = new Database(file);
  raw.exec(`CREATE TRIGGER stop BEFORE INSERT ON "${writer.generation}" WHEN NEW.id = '2'
    BEGIN SELECT RAISE(ABORT, 'planted'); END`);
  raw.close();
  t.is(await codeOf(writer.commit([row(fruit(1)), row(fruit(2))], at(1))), 'store-unavailable');
  t.is(await must(models.reader(fruits).get('1')), undefined);
  t.is(await must(writer.checkpoint()), undefined);
  t.is(await codeOf(writer.commit([row(fruit(1))], at(1))), 'right');
});

test('a file somebody keeps locked is reported as locked, by name', async (t) => {
  const file = join(folder(t), 'rows.db');
  const models = await must(openEmbeddedReadModels({ file, busyTimeout: 20 }));
  t.teardown(() => models.close());
  const writer = await writerOf(models);
  const raw = new Database(file);
  t.teardown(() => raw.close());
  raw.exec('BEGIN IMMEDIATE');
  const answer = await writer.commit([], at(1))();
  t.like(answer, { left: { code: 'store-locked' } });
  t.true(E.isLeft(answer) && answer.left.reason.includes(file));
  raw.exec('ROLLBACK');
  t.is(await codeOf(writer.commit([], at(1))), 'right');
});

test('a file that cannot be used is refused with its name and what to do', async (t) => {
  const path = folder(t);
  const text = join(path, 'text.db');
  writeFileSync(text, 'not a database, but long enough to be looked at '.repeat(40));
  const foreign = join(path, 'foreign.db');
  const newer = join(path, 'newer.db');
  await (await must(openEmbeddedReadModels({ file: newer }))).close();
  const plant = (file: string, sql: string): void => {
    const raw = new Database(file);
    raw.exec(sql);
    raw.close();
  };
  plant(foreign, 'CREATE TABLE theirs (x)');
  plant(newer, 'PRAGMA user_version = 99');
  const cases: ReadonlyArray<readonly [string, RegExp]> = [
    [join(path, 'missing', 'rows.db'), /folder exists/u],
    [text, /no SQLite database/u],
    [foreign, /no read models/u],
    [newer, /layout 99/u],
  ];
  for (const [file, advice] of cases) {
    const answer = await openEmbeddedReadModels({ file })();
    t.like(answer, { left: { code: 'store-unavailable' } });
    const reason = E.isLeft(answer) ? answer.left.reason : '';
    t.true(reason.includes(file), reason);
    t.regex(reason, advice);
  }
});

test('a name that could break out of SQL is a bug, not a query', async (t) => {
  const models = await (await embedded(t)).open();
  const odd = { ...fruits, name: 'x"; DROP TABLE aliases; --' };
  await t.throwsAsync(async () => models.writer(odd, 'one')());
});
