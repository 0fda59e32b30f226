import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import { MongoClient } from 'mongodb';
import type { Db } from 'mongodb';
import { openMongoReadModels } from '../../projectors/mongodb/open.ts';
import { aFolderFor, aMongod, databaseIn, mongodbForTests } from '../support/mongod.ts';
import { anOldMongod } from '../support/old-mongod.ts';
import { at, codeOf, fruit, fruits, idsOf, must, row, writerOf } from './read-models-suite.ts';

const mongodb = mongodbForTests(test);

const refusal = async (url: string): Promise<string> => {
  const answer = await openMongoReadModels({ url })();
  if (E.isRight(answer)) {
    await answer.right.close();
    return 'it was opened';
  }
  return `${answer.left.code}: ${answer.left.reason}`;
};

test('a server that cannot be reached is named, with what to look at', async (t) => {
  const reason = await refusal('mongodb://127.0.0.1:1/rows?serverSelectionTimeoutMS=5000');
  t.regex(reason, /^store-unavailable: MongoDB at 127\.0\.0\.1:1, database rows, says: .*REFUSED/u);
  t.regex(reason, /Check that the server runs/u);
});

const unusable: ReadonlyArray<readonly [string, string, RegExp]> = [
  ['without a database', 'mongodb://me:secret@h:27017/?replicaSet=rs', /names no database/u],
  ['without a path', 'mongodb://me:secret@h:27017', /names no database/u],
  ['of another kind', 'http://me:secret@h:27017/rows', /cannot be used.*has the form/u],
  ['with an odd password', 'mongodb://me:secret/@h:27017/rows', /cannot be used.*%XX/u],
  ['with an option nobody knows', 'mongodb://me:secret@h/rows?replicas=3', /replicas/u],
];
for (const [what, url, told] of unusable) {
  test(`a connection string ${what} is refused without telling its password`, async (t) => {
    const reason = await refusal(url);
    t.regex(reason, told);
    t.false(reason.includes('secret'), reason);
  });
}

for (const wireVersion of [8, 9, 12]) {
  test(`a server of wire version ${wireVersion} is refused as too old`, async (t) => {
    const reason = await refusal(await anOldMongod(t, wireVersion));
    t.regex(reason, /^store-unavailable: .*5\.0 or later/u);
  });
}

mongodb.testOwn('a server without a replica set is refused, saying how to make one', async (t) => {
  const { url } = await aMongod(t, { isStandalone: true });
  t.regex(await refusal(databaseIn(url, 'rows')), /no transactions.*--replSet.*rs\.initiate/u);
});

const usersOf = async (url: string): Promise<void> => {
  const client = new MongoClient(url);
  const admin = client.db('admin');
  const pwd = 'right';
  await admin.command({ createUser: 'root', pwd, roles: ['root'] });
  await client.close();
  const root = new MongoClient(url, { auth: { username: 'root', password: pwd } });
  const roleOf = (role: string) => ({ pwd, roles: [{ role, db: 'rows' }] });
  await root.db('admin').command({ createUser: 'writes', ...roleOf('readWrite') });
  await root.db('admin').command({ createUser: 'reads', ...roleOf('read') });
  await root.close();
};

mongodb.testOwn(
  'who may not come in or may not write is told so; readWrite is enough',
  async (t) => {
    const key = join(aFolderFor('key'), 'key');
    writeFileSync(key, Buffer.alloc(60, 7).toString('base64'), { mode: 0o600 });
    const { url } = await aMongod(t, { arguments: ['--keyFile', key] });
    await usersOf(url);
    const as = (user: string, rest = ''): string =>
      `${databaseIn(url, 'rows').replace('//', `//${user}@`)}${rest}`;
    const source = '&authSource=admin';
    t.regex(await refusal(as('writes:wrong', source)), /Authentication failed\. Check the user/u);
    t.regex(await refusal(as('writes:right')), /authSource/u);
    t.regex(await refusal(as('reads:right', source)), /role readWrite/u);
    t.regex(await refusal(databaseIn(url, 'rows')), /role readWrite/u);
    const models = await must(openMongoReadModels({ url: as('writes:right', source), lease: 1 }));
    t.teardown(() => models.close());
    await must((await writerOf(models, fruits, 'one')).commit([row(fruit(1))], at(1)));
    await must((await writerOf(models, fruits, 'two')).commit([row(fruit(2))], at(2)));
    t.deepEqual(await idsOf(models.reader(fruits)), ['1', '2']);
  },
);

/** A database with a collection of fruits, and what a process says that wants to write there. */
const aStall = async (t: ExecutionContext) => {
  const url = await mongodb.database(t);
  const models = await must(openMongoReadModels({ url }));
  const client = await new MongoClient(url).connect();
  t.teardown(() => Promise.all([models.close(), client.close()]));
  const writer = await writerOf(models);
  await must(writer.commit([row(fruit(1))], at(1)));
  await must(writer.release());
  const said = async (): Promise<string> => {
    const answer = await models.writer(fruits, 'two')();
    return E.isLeft(answer) ? `${answer.left.code}: ${answer.left.reason}` : 'it writes';
  };
  return { url, database: client.db(), generation: writer.generation, said };
};

mongodb.test('a database of another layout is refused, saying what to do', async (t) => {
  const { url, database } = await aStall(t);
  await database.collection('store').updateOne({}, { $set: { layout: 99 } });
  t.regex(await refusal(url), /layout 99.*rebuilt from the log/u);
});

mongodb.test('an index that went missing is made again', async (t) => {
  const { database, generation, said } = await aStall(t);
  const before = await database.collection(generation).indexes();
  t.true(before.length > 5);
  await database.collection(generation).dropIndexes();
  t.is(await said(), 'it writes');
  const names = async () => (await database.collection(generation).indexes()).map((i) => i.name);
  t.deepEqual((await names()).sort(), before.map((i) => i.name).sort());
});

mongodb.test('an index that only makes reading faster may be added', async (t) => {
  const { database, generation, said } = await aStall(t);
  await database.collection(generation).createIndex({ pos: 1 });
  t.is(await said(), 'it writes');
});

type Spoil = (database: Db, generation: string) => Promise<unknown>;

const spoiled: ReadonlyArray<readonly [string, Spoil, RegExp]> = [
  [
    'of another key under our name',
    async (database, generation) => {
      await database.collection(generation).dropIndex('by_name');
      await database.collection(generation).createIndex({ pos: 1 }, { name: 'by_name' }, {});
    },
    /index by_name has the key/u,
  ],
  [
    'of ours that leaves rows out',
    async (database, generation) => {
      await database.collection(generation).dropIndex('by_name');
      const key = { 'f.name': 1, 'f.id': 1, _id: 1 } as const;
      const options = { name: 'by_name', partialFilterExpression: { 'f.id': { $gt: 5 } } };
      await database.collection(generation).createIndex(key, options, {});
    },
    /index by_name has partialFilterExpression/u,
  ],
  [
    'that lets rows expire',
    (database, generation) =>
      database.collection(generation).createIndex({ at: 1 }, { expireAfterSeconds: 9 }, {}),
    /index at_1 .*expireAfterSeconds/u,
  ],
  [
    'that refuses rows',
    (database, generation) =>
      database.collection(generation).createIndex({ pos: 1 }, { unique: true }, {}),
    /index pos_1 .*unique/u,
  ],
];
for (const [what, spoil, told] of spoiled) {
  mongodb.test(`an index ${what} is reported, with what to do`, async (t) => {
    const { database, generation, said } = await aStall(t);
    await spoil(database, generation);
    const reason = await said();
    t.regex(reason, told);
    t.regex(reason, /^store-unavailable: .*Drop what should not be there/u);
  });
}

mongodb.test('a collection that compares text in its own way is reported', async (t) => {
  const { database, generation, said } = await aStall(t);
  await database.dropCollection(generation);
  await database.createCollection(generation, { collation: { locale: 'en', strength: 2 } });
  t.regex(await said(), /option collation/u);
});

const hasty = '&serverSelectionTimeoutMS=300&socketTimeoutMS=1500&connectTimeoutMS=1000';

mongodb.testOwn(
  'a server that goes and comes back is a passing failure, and keeps rows',
  async (t) => {
    const mongod = await aMongod(t);
    const url = `${databaseIn(mongod.url, 'rows')}${hasty}`;
    const models = await must(openMongoReadModels({ url }));
    t.teardown(() => models.close());
    const writer = await writerOf(models);
    await must(writer.commit([row(fruit(1))], at(1)));
    await mongod.kill();
    t.is(await codeOf(writer.commit([row(fruit(2))], at(2))), 'store-unavailable');
    t.is(await codeOf(writer.load(['1'])), 'store-unavailable');
    t.is(await codeOf(models.reader(fruits).get('1')), 'store-unavailable');
    t.is(await codeOf(models.stamp()), 'store-unavailable');
    t.is(await codeOf(models.writer(fruits, 'two')), 'store-unavailable');
    await mongod.start();
    while ((await codeOf(writer.commit([row(fruit(2))], at(2)))) !== 'right');
    t.deepEqual(await idsOf(models.reader(fruits)), ['1', '2']);
    t.deepEqual(await must(models.reader(fruits).checkpoint()), at(2));
  },
);

mongodb.testOwn(
  'a server that answers nothing any more keeps nobody waiting for ever',
  async (t) => {
    const mongod = await aMongod(t);
    const url = `${databaseIn(mongod.url, 'rows')}${hasty}`;
    const models = await must(openMongoReadModels({ url }));
    t.teardown(() => models.close());
    const writer = await writerOf(models);
    await must(writer.commit([row(fruit(1))], at(1)));
    mongod.freeze();
    t.is(await codeOf(models.reader(fruits).get('1')), 'store-unavailable');
    t.is(await codeOf(writer.commit([row(fruit(2))], at(2))), 'store-unavailable');
    mongod.thaw();
    while ((await codeOf(writer.commit([row(fruit(3))], at(3)))) !== 'right');
    const ids = await idsOf(models.reader(fruits));
    t.true(ids.includes('1') && ids.includes('3'));
  },
);
