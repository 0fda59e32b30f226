import type { Declare, NewStore } from './read-models-suite.ts';
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

const later = { ...fruits, version: 2 };
const wider = { ...later, fields: { ...fruits.fields, taste: 'text' as const } };

/** What every read-model store keeps to when written to. */
export const writesContract = (test: Declare, name: string, newStore: NewStore): void => {
  test(`${name}: rows and checkpoint are there together, for every process`, async (t) => {
    const store = await newStore(t);
    const [one, two] = [await store.open(), await store.open()];
    const writer = await writerOf(one);
    await must(writer.commit([row(fruit(1)), row(fruit(2))], at(4)));
    t.deepEqual(await idsOf(two.reader(fruits)), ['1', '2']);
    t.deepEqual(await must(two.reader(fruits).checkpoint()), at(4));
    t.deepEqual(await must(writer.checkpoint()), at(4));
  });

  test(`${name}: a newer position replaces a row, its fields included`, async (t) => {
    const models = await (await newStore(t)).open();
    const writer = await writerOf(models);
    await must(writer.commit([row(fruit(1, { name: 'a', colours: ['red', 'red'] }), 1)], at(1)));
    await must(writer.commit([row(fruit(1, { name: 'b', colours: ['blue'] }), 2)], at(2)));
    const reader = models.reader(fruits);
    const found = (field: string, value: string) =>
      idsOf(reader, { where: [{ field, in: [value] }] });
    t.deepEqual(await found('name', 'a'), []);
    t.deepEqual(await found('name', 'b'), ['1']);
    t.deepEqual(await found('colours', 'red'), []);
    t.deepEqual(await found('colours', 'blue'), ['1']);
  });

  test(`${name}: a row that was loaded before is found by its new fields, and by these alone`, async (t) => {
    const models = await (await newStore(t)).open();
    const writer = await writerOf(models);
    const [first, second, third] = [
      fruit(1, { name: 'a', colours: ['red', 'green'] }),
      fruit(1, { name: 'a', colours: ['green', 'blue'] }),
      fruit(1, { name: 'b', colours: ['green', 'blue'] }),
    ];
    const reader = models.reader(fruits);
    const found = (field: string, value: string) =>
      idsOf(reader, { where: [{ field, in: [value] }] });
    for (const [index, body] of [first, second, third].entries()) {
      await must(writer.load(['1']));
      await must(writer.commit([row(body, index + 1)], at(index + 1)));
      const isThere = (is: boolean) => (is ? ['1'] : []);
      t.deepEqual(await found('name', 'a'), isThere(index < 2));
      t.deepEqual(await found('name', 'b'), isThere(index === 2));
      t.deepEqual(await found('colours', 'red'), isThere(index === 0));
      t.deepEqual(await found('colours', 'green'), ['1']);
      t.deepEqual(await found('colours', 'blue'), isThere(index > 0));
    }
    t.deepEqual((await must(reader.get('1')))?.body, third);
  });

  test(`${name}: the stamp stays while nothing is written, and every commit changes it`, async (t) => {
    const store = await newStore(t);
    const [one, two] = [await store.open(), await store.open()];
    for (const [index, models] of [one, two, one, one, two].entries()) {
      const writer = await writerOf(models, fruits, 'the same');
      const before = [await must(one.stamp()), await must(two.stamp())];
      await idsOf(one.reader(fruits));
      t.deepEqual([await must(one.stamp()), await must(two.stamp())], before);
      await must(writer.commit([row(fruit(index), index + 1)], at(index + 1)));
      const after = [await must(one.stamp()), await must(two.stamp())];
      t.true(after.every((stamp, which) => stamp !== before[which]));
    }
  });

  test(`${name}: a row read before is read new once anybody has changed it`, async (t) => {
    const store = await newStore(t);
    const [one, two] = [await store.open(), await store.open()];
    for (const [index, models] of [one, two, one].entries()) {
      const writer = await writerOf(models, fruits, 'the same');
      const written = row(fruit(1, { weight: index }), index + 1);
      await must(writer.commit([written], at(index + 1)));
      for (const reader of [one.reader(fruits), two.reader(fruits)]) {
        t.deepEqual(await must(reader.get('1')), written);
        t.deepEqual(await must(reader.find(all)), [written]);
      }
    }
  });

  for (const [what, position] of [
    ['older', 4],
    ['the same', 5],
  ] as const) {
    test(`${name}: ${what} position never overwrites or removes a row`, async (t) => {
      const models = await (await newStore(t)).open();
      const writer = await writerOf(models);
      const kept = row(fruit(1, { name: 'kept', colours: ['red'] }), 5);
      await must(writer.commit([kept], at(5)));
      const stale = row(fruit(1, { name: 'stale', colours: ['grey'] }), position);
      await must(writer.commit([stale], at(6)));
      await must(writer.commit([{ id: '1', pos: pos(position) }], at(7)));
      t.deepEqual(await must(models.reader(fruits).get('1')), kept);
      const where = [{ field: 'colours', in: ['red'] }];
      t.deepEqual(await idsOf(models.reader(fruits), { where }), ['1']);
    });
  }

  test(`${name}: a row without a body is removed and found by nothing`, async (t) => {
    const models = await (await newStore(t)).open();
    const writer = await writerOf(models);
    await must(writer.commit([row(fruit(1, { orders: [3] }), 1), row(fruit(2), 1)], at(1)));
    await must(writer.commit([{ id: '1', pos: pos(2) }], at(2)));
    const reader = models.reader(fruits);
    t.is(await must(reader.get('1')), undefined);
    t.is(await must(reader.count([{ field: 'orders', in: [3] }])), 0);
    t.deepEqual(await idsOf(reader), ['2']);
  });

  test(`${name}: the checkpoint moves forward only`, async (t) => {
    const writer = await writerOf(await (await newStore(t)).open());
    await must(writer.commit([], at(5)));
    await must(writer.commit([], at(3)));
    t.deepEqual(await must(writer.checkpoint()), at(5));
  });

  test(`${name}: a checkpoint of another log is refused with all its rows`, async (t) => {
    const models = await (await newStore(t)).open();
    const writer = await writerOf(models);
    await must(writer.commit([row(fruit(1))], at(5)));
    const foreign = writer.commit([row(fruit(2))], at(6, 'log-2'));
    t.is(await codeOf(foreign), 'foreign-checkpoint');
    t.deepEqual(await idsOf(models.reader(fruits)), ['1']);
  });

  test(`${name}: rows are loaded by id, those that are there`, async (t) => {
    const writer = await writerOf(await (await newStore(t)).open());
    const rows = [row(fruit(1, { name: 'a' })), row(fruit(2))];
    await must(writer.commit(rows, at(1)));
    const loaded = await must(writer.load(['1', '99', '1']));
    t.deepEqual([...loaded], [['1', rows[0]!]]);
    t.is((await must(writer.load([]))).size, 0);
  });

  test(`${name}: while one owner's lease is alive another stands by`, async (t) => {
    const store = await newStore(t);
    const [one, two] = [await store.open(), await store.open()];
    const writer = await writerOf(one, fruits, 'one');
    t.is(await must(two.writer(fruits, 'two')), undefined);
    store.passMilliseconds(6000);
    await must(writer.checkpoint());
    store.passMilliseconds(6000);
    t.is(await must(two.writer(fruits, 'two')), undefined);
    await must(writer.commit([], at(1)));
    store.passMilliseconds(9999);
    t.is(await must(two.writer(fruits, 'two')), undefined);
    store.passMilliseconds(2);
    t.not(await must(two.writer(fruits, 'two')), undefined);
  });

  test(`${name}: who lost the lease to another is fenced from every call`, async (t) => {
    const store = await newStore(t);
    const [one, two] = [await store.open(), await store.open()];
    const slow = await writerOf(one, fruits, 'slow');
    store.passMilliseconds(10_001);
    await must((await writerOf(two, fruits, 'quick')).commit([row(fruit(1))], at(1)));
    t.is(await codeOf(slow.commit([row(fruit(1, { name: 'late' }), 9)], at(9))), 'fenced');
    t.is(await codeOf(slow.load(['1'])), 'fenced');
    t.is(await codeOf(slow.checkpoint()), 'fenced');
    t.is(await codeOf(slow.activate()), 'fenced');
    const reader = one.reader(fruits);
    t.deepEqual(await must(reader.get('1')), row(fruit(1)));
    t.deepEqual(await must(reader.checkpoint()), at(1));
  });

  test(`${name}: a late writer whom nobody replaced goes on`, async (t) => {
    const store = await newStore(t);
    const writer = await writerOf(await store.open());
    store.passMilliseconds(60_000);
    t.is(await codeOf(writer.commit([row(fruit(1))], at(1))), 'right');
    t.is(await must((await store.open()).writer(fruits, 'two')), undefined);
  });

  test(`${name}: a released lease is free at once, and its writer fenced`, async (t) => {
    const store = await newStore(t);
    const [one, two] = [await store.open(), await store.open()];
    const writer = await writerOf(one, fruits, 'one');
    await must(writer.release());
    t.not(await must(two.writer(fruits, 'two')), undefined);
    t.is(await codeOf(writer.commit([], at(1))), 'fenced');
    await must(writer.release());
    t.is(await must(one.writer(fruits, 'one')), undefined);
  });

  test(`${name}: an owner that comes again takes over from itself`, async (t) => {
    const models = await (await newStore(t)).open();
    const first = await writerOf(models, fruits, 'one');
    const second = await writerOf(models, fruits, 'one');
    t.is(second.generation, first.generation);
    t.is(await codeOf(first.commit([], at(1))), 'fenced');
    t.is(await codeOf(second.commit([], at(1))), 'right');
  });

  test(`${name}: another version or set of fields is another generation`, async (t) => {
    const store = await newStore(t);
    const models = await store.open();
    const first = await writerOf(models);
    const names = [first.generation];
    for (const model of [later, wider]) names.push((await writerOf(models, model)).generation);
    t.is(new Set(names).size, 3);
    t.regex(first.generation, /^fruit-stand__v1_[0-9a-f]{8}_1$/u);
    await must(first.release());
    t.is((await writerOf(await store.open())).generation, first.generation);
  });

  test(`${name}: a rebuild is seen by nobody until it goes live, and then by all`, async (t) => {
    const store = await newStore(t);
    const [models, other] = [await store.open(), await store.open()];
    await must((await writerOf(models)).commit([row(fruit(1))], at(1)));
    const rebuild = await writerOf(models, wider);
    t.is(await must(rebuild.checkpoint()), undefined);
    await must(rebuild.commit([row(fruit(2))], at(2)));
    t.deepEqual(await idsOf(models.reader(wider)), ['1']);
    const byTaste = { ...all, where: [{ field: 'taste', in: ['sweet'] }] };
    t.is(await codeOf(models.reader(wider).find(byTaste)), 'bad-query');
    await must(rebuild.activate());
    const fresh = await store.open();
    t.deepEqual(await idsOf(fresh.reader(fruits)), ['2']);
    t.deepEqual(await must(fresh.reader(wider).find(byTaste)), []);
    const deadline = Date.now() + 5000;
    const isSeen = async () => (await idsOf(other.reader(fruits)))[0] === '2';
    while (!(await isSeen()) && Date.now() < deadline) await new Promise(setImmediate);
    t.deepEqual(await idsOf(other.reader(fruits)), ['2']);
  });

  test(`${name}: an older version never goes live over a newer one, nor twice`, async (t) => {
    const store = await newStore(t);
    const models = await store.open();
    const old = await writerOf(models);
    const rebuild = await writerOf(models, later);
    await must(rebuild.commit([row(fruit(2))], at(2)));
    await must(rebuild.activate());
    await must(old.activate());
    const older = await writerOf(models, { ...fruits, version: 0 });
    await must(older.activate());
    t.deepEqual(await idsOf((await store.open()).reader(fruits)), ['2']);
  });
};
