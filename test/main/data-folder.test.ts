import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import type { FolderFailure } from '../../main/config/data-folder.ts';
import { makeDataFolder, wipeRecord } from '../../main/config/data-folder.ts';
import { aFolder } from '../support/ingest-world.ts';

const failureOf = (result: E.Either<FolderFailure, undefined>): FolderFailure | undefined =>
  E.isLeft(result) ? result.left : undefined;

test('a data folder is made with the folders above it, and may be there already', (t) => {
  const folder = join(aFolder(t), 'one', 'two');
  t.true(E.isRight(makeDataFolder(folder)));
  t.true(existsSync(folder));
  t.true(E.isRight(makeDataFolder(folder)));
});

test('a file named as data folder, or above it, is told to be a file', (t) => {
  const file = join(aFolder(t), 'notes.txt');
  writeFileSync(file, 'mine');
  const itself = failureOf(makeDataFolder(file));
  const above = failureOf(makeDataFolder(join(file, 'sandbox')));
  t.is(itself?.code, 'data-no-folder');
  t.true(itself?.reason.includes(`${file}: it is a file. Choose another: --data <folder>.`));
  t.is(above?.code, 'data-no-folder');
  t.true(above?.reason.includes(`${file} is a file`));
});

test('a data folder where none can be made is refused at once', (t) => {
  const link = join(aFolder(t), 'link');
  symlinkSync(join(link, 'nowhere'), `${link}-to-nothing`);
  for (const folder of ['/proc/nope/sandbox', `${link}-to-nothing`]) {
    const failure = failureOf(makeDataFolder(folder));
    t.is(failure?.code, 'access-denied', folder);
    t.regex(failure?.reason ?? '', /cannot be (made|used): .*--data <folder>/);
  }
});

test('a wipe takes the log and what was worked out from it, and nothing else', (t) => {
  const folder = aFolder(t);
  const record = ['log.db', 'log.db-wal', 'log.db-shm', 'read-models.db', 'feed-cursor.json'];
  for (const name of [...record, 'notes.txt', 'gitlab']) writeFileSync(join(folder, name), 'x');
  for (const name of ['git', 'world']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'git', 'clone'), 'x');
  t.true(E.isRight(wipeRecord(folder)));
  t.deepEqual(readdirSync(folder).sort(), ['gitlab', 'notes.txt', 'world']);
});
