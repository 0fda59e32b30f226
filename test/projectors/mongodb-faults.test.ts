import { rmSync } from 'node:fs';
import type { ExecutionContext } from 'ava';
import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import { MongoClient } from 'mongodb';
import { openMongoReadModels } from '../../projectors/mongodb/open.ts';
import type { Mongod } from '../support/mongod.ts';
import { aFolderFor, databaseIn, mongodbForTests, startMongod } from '../support/mongod.ts';
import { at, codeOf, fruit, fruits, idsOf, must, row, writerOf } from './read-models-suite.ts';

// What the server is made to do it does to everybody: one test at a time.
const mongodb = mongodbForTests(test, (title, run) => test.serial(title, run));

const folder = aFolderFor('mongod-faults');
let started: Promise<Mongod> | undefined;
test.after.always('the server is taken away', async () => {
  await (await started)?.stop();
  rmSync(folder, { recursive: true, force: true });
});

let databases = 0;

// A server that only pretends to stop tells nobody when it is back: the driver learns of it by asking,
// every 10 s unless told otherwise, and three faults in a row then take longer than a commit is tried.
const vigilant = '&heartbeatFrequencyMS=500&serverSelectionTimeoutMS=20000';

/** A store, and a way to make so many of the server's next commands fail. */
const aStore = async (t: ExecutionContext, lease = 10_000) => {
  started ??= startMongod({ folder });
  databases += 1;
  const url = `${databaseIn((await started).url, `faults${databases}`)}${vigilant}`;
  const models = await must(openMongoReadModels({ url, lease }));
  const client = await new MongoClient(url).connect();
  const fail = (failCommands: ReadonlyArray<string>, times: number, how: object) =>
    client.db('admin').command({
      ...{ configureFailPoint: 'failCommand', mode: { times } },
      data: { failCommands, ...how },
    });
  const heal = () => client.db('admin').command({ configureFailPoint: 'failCommand', mode: 'off' });
  t.teardown(async () => {
    await heal();
    await Promise.all([models.close(), client.close()]);
  });
  return { models, fail, heal };
};

mongodb.testOwn(
  'a read that comes too soon after a collection was made is tried again',
  async (t) => {
    const { models, fail } = await aStore(t);
    await must((await writerOf(models)).commit([row(fruit(1))], at(1)));
    await fail(['find', 'aggregate'], 3, { errorCode: 246 });
    t.deepEqual(await idsOf(models.reader(fruits)), ['1']);
  },
);

const transient = { errorCode: 112, errorLabels: ['TransientTransactionError'] };

const interruptions: ReadonlyArray<readonly [string, string, object]> = [
  ['whose commit was cut off', 'commitTransaction', { closeConnection: true }],
  ['whose commit met a server about to stop', 'commitTransaction', { errorCode: 91 }],
  ['that met the write of another', 'insert', transient],
  ['that met the write of another on the lease', 'update', transient],
  ['that was cut off within', 'insert', { closeConnection: true }],
];
for (const [what, command, how] of interruptions) {
  mongodb.testOwn(`a transaction ${what} is carried through, once`, async (t) => {
    const { models, fail } = await aStore(t);
    const writer = await writerOf(models);
    await fail([command], 3, how);
    await must(writer.commit([row(fruit(1)), row(fruit(2))], at(1)));
    t.deepEqual(await idsOf(models.reader(fruits)), ['1', '2']);
    t.deepEqual(await must(writer.checkpoint()), at(1));
  });
}

mongodb.testOwn('a commit that the server cannot hold is left as too large, undone', async (t) => {
  const { models, fail } = await aStore(t);
  const writer = await writerOf(models);
  await fail(['insert'], 1, { errorCode: 388 });
  const answer = await writer.commit([row(fruit(1))], at(1))();
  t.like(answer, { left: { code: 'too-large' } });
  t.regex(E.isLeft(answer) ? answer.left.reason : '', /more memory/u);
  t.deepEqual(await idsOf(models.reader(fruits)), []);
  t.is(await must(writer.checkpoint()), undefined);
});

mongodb.testOwn(
  'a failing server is a passing failure, and a row kept locked says so',
  async (t) => {
    const { models, fail, heal } = await aStore(t);
    const writer = await writerOf(models);
    for (const [code, expected] of [
      [11600, 'store-unavailable'],
      [50, 'store-unavailable'],
      [24, 'store-locked'],
    ] as const) {
      await fail(['findAndModify'], 5, { errorCode: code });
      t.is(await codeOf(writer.checkpoint()), expected);
      await heal();
      t.is(await codeOf(writer.checkpoint()), 'right');
    }
  },
);

mongodb.testOwn(
  'where sessions may not be ended, the next writer takes over all the same',
  async (t) => {
    const { models, fail } = await aStore(t, 1);
    await must((await writerOf(models, fruits, 'one')).commit([row(fruit(1))], at(1)));
    await fail(['killSessions'], 1, { errorCode: 13 });
    await must((await writerOf(models, fruits, 'two')).commit([row(fruit(2))], at(2)));
    t.deepEqual(await idsOf(models.reader(fruits)), ['1', '2']);
  },
);

mongodb.testOwn('a commit that takes longer than the lease is not taken over within', async (t) => {
  const { models, fail } = await aStore(t, 500);
  const writer = await writerOf(models, fruits, 'one');
  await fail(['commitTransaction'], 1, { blockConnection: true, blockTimeMS: 4000 });
  const over = new AbortController();
  const committing = writer
    .commit([row(fruit(1))], at(1))()
    .finally(() => over.abort());
  const others: Array<unknown> = [];
  for (;;) {
    const other = await must(models.writer(fruits, 'two'));
    if (over.signal.aborted) break;
    others.push(other);
  }
  t.true(others.length > 5);
  t.true(others.every((other) => other === undefined));
  t.deepEqual(await committing, E.right(undefined));
});

mongodb.testOwn('after a commit the lease is as long as before', async (t) => {
  const { models } = await aStore(t, 500);
  await must((await writerOf(models, fruits, 'one')).commit([row(fruit(1))], at(1)));
  const since = performance.now();
  while ((await must(models.writer(fruits, 'two'))) === undefined) {
    if (performance.now() - since > 20_000) break;
  }
  t.true(performance.now() - since < 20_000);
});
