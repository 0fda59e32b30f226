import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import test from 'ava';
import { MongoClient, MongoServerError } from 'mongodb';
import { openMongoReadModels } from '../../projectors/mongodb/open.ts';
import type { ReadModels, Writer } from '../../projectors/read-models.ts';
import { mongodbForTests } from '../support/mongod.ts';
import { all, at, fruit, fruits, must, row } from './read-models-suite.ts';

const mongodb = mongodbForTests(test);
const child = new URL('./several-children.ts', import.meta.url).pathname;

const startChild = (
  t: ExecutionContext,
  args: ReadonlyArray<string>,
  node: ReadonlyArray<string> = [],
) => {
  const running = spawn(process.execPath, [...node, '--import=tsx', child, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(running, 'exit');
  t.teardown(() => running.kill('SIGKILL'));
  const lines = createInterface(running.stdout)[Symbol.asyncIterator]();
  const die = async (): Promise<void> => {
    running.kill('SIGKILL');
    await ended;
  };
  return { lines, die };
};

const opened = async (t: ExecutionContext, url: string, lease: number): Promise<ReadModels> => {
  const models = await must(openMongoReadModels({ url, lease }));
  t.teardown(() => models.close());
  return models;
};

const takenOver = async (models: ReadModels): Promise<Writer> => {
  for (;;) {
    const writer = await must(models.writer(fruits, 'two'));
    if (writer !== undefined) return writer;
    await pause(50);
  }
};

mongodb.test(
  'of processes that open a new database at once exactly one writes, the others stand by',
  async (t) => {
    const url = await mongodb.database(t);
    const children = ['one', 'two', 'three'].map((owner) => startChild(t, [url, owner]));
    const said = await Promise.all(
      children.map(async ({ lines }) => String((await lines.next()).value)),
    );
    t.deepEqual(said.sort(), ['stands by', 'stands by', 'writes']);
  },
);

mongodb.test(
  'a writer killed while it writes leaves whole commits, and another goes on after the lease',
  async (t) => {
    const url = await mongodb.database(t);
    const models = await opened(t, url, 1500);
    const { lines, die } = startChild(t, [url, 'one', '1500']);
    let told = 0;
    while (told < 25) told = Number((await lines.next()).value) || 0;
    await die();
    const writer = await takenOver(models);
    const reader = models.reader(fruits);
    const position = Number((await must(reader.checkpoint()))?.position);
    t.true(position >= told);
    const rows = await must(reader.find(all));
    t.is(rows.length, 20);
    t.true(rows.every(({ body }) => body['weight'] === position));
    t.is(await must(reader.count([{ field: 'orders', in: [position] }])), 20);
    t.is(await must(reader.count([{ field: 'orders', in: [position - 1] }])), 0);
    await must(writer.commit([row(fruit(1), position + 1)], at(position + 1)));
    t.deepEqual(await must(reader.checkpoint()), at(position + 1));
  },
);

/** Whether a transaction has written to the generation and not ended yet. */
const isWithinCommit = async (client: MongoClient): Promise<boolean> => {
  try {
    const probe = { $set: { probe: 1 } };
    await client.db().collection('generations').updateOne({}, probe, { maxTimeMS: 20 });
    return false;
  } catch (thrown) {
    if (thrown instanceof MongoServerError && thrown.codeName === 'MaxTimeMSExpired') return true;
    throw thrown;
  }
};

mongodb.test(
  'a writer killed within a commit keeps nobody waiting for its transaction to run out',
  async (t) => {
    const url = await mongodb.database(t);
    const client = await new MongoClient(url).connect();
    t.teardown(() => client.close());
    const models = await opened(t, url, 1000);
    const { lines, die } = startChild(t, [url, 'one', '1000', '20000']);
    t.is(String((await lines.next()).value), 'writes');
    while (!(await isWithinCommit(client)));
    const from = performance.now();
    await die();
    const writer = await takenOver(models);
    const next = Number((await must(writer.checkpoint()))?.position ?? 0) + 1;
    await must(writer.commit([row(fruit(1), next)], at(next)));
    // The server would end it by itself after 60 s.
    t.true(performance.now() - from < 40_000);
  },
);

const aDayAhead = `data:text/javascript,${encodeURIComponent(`
  const Real = Date;
  globalThis.Date = class extends Real {
    constructor(...given) { given.length > 0 ? super(...given) : super(Real.now() + 864e5); }
    static now() { return Real.now() + 864e5; }
  };
`)}`;

mongodb.test('a process whose clock is a day ahead respects a lease all the same', async (t) => {
  const url = await mongodb.database(t);
  const models = await opened(t, url, 120_000);
  t.not(await must(models.writer(fruits, 'one')), undefined);
  const { lines } = startChild(t, [url, 'two', '120000'], ['--import', aDayAhead]);
  t.is(String((await lines.next()).value), 'stands by');
});
