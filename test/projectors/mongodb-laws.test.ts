import type { ExecutionContext } from 'ava';
import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import { MongoClient } from 'mongodb';
import type { Db } from 'mongodb';
import type { JsonObject } from '../../domain/json.ts';
import { buildsModel } from '../../projectors/builds/row.ts';
import { messagesModel } from '../../projectors/messages/row.ts';
import { openMongoReadModels } from '../../projectors/mongodb/open.ts';
import type { Model, Query, ReadModels } from '../../projectors/read-models.ts';
import { mongodbForTests } from '../support/mongod.ts';
import {
  all,
  at,
  codeOf,
  fruit,
  fruits,
  idsOf,
  must,
  pos,
  row,
  writerOf,
} from './read-models-suite.ts';

const mongodb = mongodbForTests(test);

/** A store of this test's own, and the database behind it. */
const aStore = async (
  t: ExecutionContext,
): Promise<{ readonly url: string; readonly models: ReadModels; readonly database: Db }> => {
  const url = await mongodb.database(t);
  const models = await must(openMongoReadModels({ url }));
  const client = await new MongoClient(url).connect();
  t.teardown(() => Promise.all([models.close(), client.close()]));
  return { url, models, database: client.db() };
};

const nested = (depth: number): JsonObject =>
  Array.from({ length: depth }).reduce<JsonObject>((inner) => ({ inner }), {});

mongodb.test('every body that is JSON comes back as it was, its keys in order', async (t) => {
  const { models } = await aStore(t);
  const bodies: ReadonlyArray<JsonObject> = [
    JSON.parse('{"__proto__": {"a": 1}, "constructor": 2, "b": 3}') as JsonObject,
    { $ref: 'rows', $id: 1, $db: 'x' },
    { $set: { a: 1 }, 'a.b': 1, '': 2, 'nul\u0000key': 3 },
    { _bsontype: 'ObjectId', toBSON: 1, _id: 'other' },
    { list: [2 ** 31, 2 ** 53, -(2 ** 53), 1e300, 0.1, null, true] },
    { alone: '\ud800', both: '𝄞', mark: '\ufffd' },
    nested(500),
    { z: 1, a: { y: 1, b: 2 } },
  ];
  const writer = await writerOf(models);
  const rows = bodies.map((body, id) => ({ id: String(id), pos: pos(1), body }));
  await must(writer.commit(rows, at(1)));
  for (const { id, body } of rows) {
    const found = (await must(models.reader(fruits).get(id)))?.body;
    t.is(JSON.stringify(found), JSON.stringify(body));
  }
});

mongodb.test('ids and values that UTF-8 cannot hold stay apart', async (t) => {
  const { models } = await aStore(t);
  const texts = ['\ud800', '\ud801', '\ufffd', '\ufffdd800', 'a\udc00b'];
  const rows = texts.map((name, id) => ({ id: name, pos: pos(1), body: fruit(id, { name }) }));
  const writer = await writerOf(models);
  await must(writer.load(texts));
  await must(writer.commit(rows, at(1)));
  const reader = models.reader(fruits);
  for (const one of rows) {
    t.deepEqual(await must(reader.get(one.id)), one);
    t.deepEqual(await idsOf(reader, { where: [{ field: 'name', in: [one.id] }] }), [one.id]);
  }
  t.deepEqual([...(await must(writer.load(texts))).keys()].sort(), [...texts].sort());
  const names = await must(reader.tally([], ['name']));
  t.deepEqual(names.map(({ values }) => values[0]).sort(), [...texts].sort());
  await must(writer.commit([row(fruit(1), 2), { ...rows[0]!, pos: pos(2) }], at(2)));
});

mongodb.test('a commit that fails half way leaves neither rows nor checkpoint', async (t) => {
  const { models, database } = await aStore(t);
  const writer = await writerOf(models);
  const validator = { _id: { $ne: '2' } };
  await database.command({ collMod: writer.generation, validator });
  t.is(await codeOf(writer.commit([row(fruit(1)), row(fruit(2))], at(1))), 'store-unavailable');
  t.is(await must(models.reader(fruits).get('1')), undefined);
  t.is(await must(writer.checkpoint()), undefined);
  t.is(await codeOf(writer.commit([row(fruit(1))], at(1))), 'right');
});

mongodb.test('of several changes of one row in a commit the newest is kept', async (t) => {
  const { models } = await aStore(t);
  const writer = await writerOf(models);
  const change = (weight: number) => row(fruit(1, { weight }), weight);
  await must(writer.commit([change(1), change(3), change(2)], at(3)));
  t.deepEqual(await must(models.reader(fruits).get('1')), change(3));
  await must(writer.commit([change(4), { id: '1', pos: pos(5) }], at(5)));
  t.is(await must(models.reader(fruits).get('1')), undefined);
});

mongodb.test('a page larger than any message of the server is committed as one', async (t) => {
  const { models } = await aStore(t);
  const writer = await writerOf(models);
  const text = 'x'.repeat(4 * 1024 * 1024);
  const rows = Array.from({ length: 13 }, (_, id) => ({
    ...row(fruit(id)),
    body: { ...fruit(id), text },
  }));
  await must(writer.commit(rows, at(1)));
  const reader = models.reader(fruits);
  t.is(await must(reader.count([])), 13);
  const found = await must(reader.find(all));
  t.true(found.every(({ body }) => body['text'] === text));
  t.is((await must(writer.load(rows.map(({ id }) => id)))).size, 13);
});

mongodb.test('a row no document can hold is refused by name, and so is its commit', async (t) => {
  const { models } = await aStore(t);
  const writer = await writerOf(models);
  const body = { ...fruit(2), text: 'é'.repeat(8.5 * 1024 * 1024) };
  const answer = await writer.commit([row(fruit(1)), { ...row(fruit(2)), body }], at(1))();
  t.like(answer, { left: { code: 'too-large' } });
  t.regex(E.isLeft(answer) ? answer.left.reason : '', /Row 2 of fruit-stand/u);
  t.is(await must(models.reader(fruits).get('1')), undefined);
  t.is(await codeOf(writer.commit([row(fruit(1))], at(1))), 'right');
});

mongodb.test("a commit waits for another's write that is in its way", async (t) => {
  const { models, database } = await aStore(t);
  const writer = await writerOf(models);
  await must(writer.commit([row(fruit(1))], at(1)));
  const session = database.client.startSession();
  session.startTransaction();
  const rows = database.collection<{ readonly _id: string }>(writer.generation);
  await rows.updateOne({ _id: '1' }, { $set: { note: 1 } }, { session });
  const committed = codeOf(writer.commit([row(fruit(1, { weight: 2 }), 2)], at(2)));
  await new Promise((done) => setTimeout(done, 300));
  await session.abortTransaction();
  await session.endSession();
  t.is(await committed, 'right');
});

mongodb.test('a store that was closed says so', async (t) => {
  const { models } = await aStore(t);
  const writer = await writerOf(models);
  await models.close();
  t.is(await codeOf(models.reader(fruits).get('1')), 'store-unavailable');
  t.is(await codeOf(models.writer(fruits, 'one')), 'store-unavailable');
  t.is(await codeOf(models.stamp()), 'store-unavailable');
  t.is(await codeOf(writer.commit([row(fruit(1))], at(1))), 'store-unavailable');
  await t.notThrowsAsync(models.close());
});

type Plan = {
  readonly stage?: string;
  readonly inputStage?: Plan;
  readonly inputStages?: ReadonlyArray<Plan>;
};

const stagesOf = (plan: Plan): ReadonlyArray<string> => [
  ...(plan.stage === undefined ? [] : [plan.stage]),
  ...[plan.inputStage, ...(plan.inputStages ?? [])].flatMap((one) =>
    one === undefined ? [] : stagesOf(one),
  ),
];

/** What the server does for a query, as its profiler saw it. */
const pages: ReadonlyArray<readonly [string, Model, Partial<Query>]> = [
  ['the newest builds', buildsModel, { orderBy: [{ field: 'id', descending: true }] }],
  [
    'the builds of an event',
    buildsModel,
    { where: [{ field: 'eventIds', in: [3] }], orderBy: [{ field: 'id' }] },
  ],
  [
    'the newest builds of a state',
    buildsModel,
    { where: [{ field: 'state', in: [3] }], orderBy: [{ field: 'id', descending: true }] },
  ],
  [
    'builds by state, the last first',
    buildsModel,
    {
      orderBy: [
        { field: 'state', descending: true },
        { field: 'id', descending: true },
      ],
    },
  ],
  ['the newest messages', messagesModel, { orderBy: [{ field: 'observedAt', descending: true }] }],
];

for (const [what, model, query] of pages) {
  mongodb.test(`a page of ${what} is read off an index, sorted as it stands`, async (t) => {
    const { models, database } = await aStore(t);
    const writer = await writerOf(models, { ...model, fieldsOf: (body) => body as never });
    const rows = Array.from({ length: 50 }, (_, id) => ({
      ...{ id: String(id), pos: pos(1) },
      body: { id, state: id % 5, eventIds: [id % 7, 3], observedAt: String(id) },
    }));
    await must(writer.commit(rows, at(1)));
    await database.command({ profile: 2 });
    const found = await must(models.reader(model).find({ ...all, limit: 5, ...query }));
    await database.command({ profile: 0 });
    t.is(found.length, 5);
    const profiled = await database
      .collection('system.profile')
      .find({ 'command.find': writer.generation })
      .toArray();
    t.is(profiled.length, 1);
    const stages = stagesOf(profiled[0]!['execStats'] as Plan);
    t.true(stages.includes('IXSCAN'), stages.join(' '));
    t.false(stages.includes('SORT'), stages.join(' '));
    t.true(Number(profiled[0]!['docsExamined']) <= 6);
  });
}
