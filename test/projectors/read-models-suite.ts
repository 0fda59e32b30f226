import type { ExecutionContext } from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { JsonObject } from '../../domain/json.ts';
import type {
  Checkpoint,
  Model,
  Query,
  ReadModels,
  Reader,
  StoreFailure,
  Where,
  Writer,
} from '../../projectors/read-models.ts';

/** One store, seen by as many processes as the test opens; time stands still unless it is moved. */
export type StoreUnderTest = {
  readonly open: () => Promise<ReadModels>;
  readonly passMilliseconds: (milliseconds: number) => void;
};
/** How a suite declares a test. */
export type Declare = (title: string, run: (t: ExecutionContext) => Promise<void> | void) => void;
export type NewStore = (t: ExecutionContext) => Promise<StoreUnderTest>;

export type Fruit = {
  readonly id: number;
  readonly name: string | null;
  readonly weight: number | null;
  readonly colours: ReadonlyArray<string>;
  readonly orders: ReadonlyArray<number>;
};

export const fruits: Model = {
  name: 'fruit-stand',
  version: 1,
  fields: { id: 'integer', name: 'text', weight: 'integer', colours: 'texts', orders: 'integers' },
  fieldsOf: (body) => {
    const { id, name, weight, colours, orders } = body as Fruit;
    return { id, name, weight, colours, orders };
  },
};

export const must = async <A>(asked: TaskEither<StoreFailure, A>): Promise<A> => {
  const answer = await asked();
  if (E.isLeft(answer)) throw new Error(`${answer.left.code}: ${answer.left.reason}`);
  return answer.right;
};

export const codeOf = async (asked: TaskEither<StoreFailure, unknown>): Promise<string> => {
  const answer = await asked();
  return E.isLeft(answer) ? answer.left.code : 'right';
};

export const at = (position: number, logId = 'log-1'): Checkpoint => ({
  logId,
  position: String(position).padStart(20, '0'),
  hash: `hash-${position}`,
});
export const pos = (position: number): string => at(position).position;

export const fruit = (id: number, rest: Partial<Fruit> = {}): Fruit => ({
  ...{ id, name: null, weight: null, colours: [], orders: [] },
  ...rest,
});

export const row = (body: Fruit, position = 1) => ({
  ...{ id: String(body.id), pos: pos(position), body },
});

export const writerOf = async (
  models: ReadModels,
  model: Model = fruits,
  owner = 'one',
): Promise<Writer> => {
  const writer = await must(models.writer(model, owner));
  if (writer === undefined) throw new Error('somebody else is the writer');
  return writer;
};

export const all: Query = { where: [], orderBy: [], offset: 0, limit: 1000 };

export const idsOf = async (reader: Reader, query: Partial<Query> = {}): Promise<Array<string>> =>
  (await must(reader.find({ ...all, ...query }))).map((found) => found.id);

const stall: ReadonlyArray<Fruit> = [
  fruit(1, { name: 'apple', weight: 10, colours: ['red', 'green'], orders: [7] }),
  fruit(2, { name: 'pear', weight: 2, colours: ['green'], orders: [7, 8] }),
  fruit(3, { name: null, weight: null }),
  fruit(10, { name: 'apple', weight: 9, colours: ['red'], orders: [8] }),
];

const aStall = async (t: ExecutionContext, newStore: NewStore) => {
  const models = await (await newStore(t)).open();
  const writer = await writerOf(models);
  await must(
    writer.commit(
      stall.map((body) => row(body)),
      at(1),
    ),
  );
  return { models, writer, reader: models.reader(fruits) };
};

/** What every read-model store keeps to when asked. */
export const readsContract = (test: Declare, name: string, newStore: NewStore): void => {
  test(`${name}: a model nobody has written yet has no rows and no checkpoint`, async (t) => {
    const reader = (await (await newStore(t)).open()).reader(fruits);
    t.is(await must(reader.get('1')), undefined);
    t.deepEqual(await must(reader.find(all)), []);
    t.is(await must(reader.count([])), 0);
    t.deepEqual(await must(reader.tally([], ['name'])), []);
    t.is(await must(reader.checkpoint()), undefined);
  });

  test(`${name}: a row comes back as it was written, whatever its text`, async (t) => {
    const models = await (await newStore(t)).open();
    const writer = await writerOf(models);
    const odd = ['', 'né𝄞', `'"; DROP TABLE x; --`, 'a\u0000b', '\u0001\u0002', '%_?', '$where'];
    const bodies = odd.map((text, index) => ({ ...fruit(index, { name: text }), extra: [text] }));
    const rows = bodies.map((body, index) => ({ id: `${index}${body.name ?? ''}`, body }));
    await must(
      writer.commit(
        rows.map((one) => ({ ...one, pos: pos(1) })),
        at(1),
      ),
    );
    const reader = models.reader(fruits);
    for (const { id, body } of rows) {
      t.deepEqual(await must(reader.get(id)), { id, pos: pos(1), body });
      t.deepEqual(await idsOf(reader, { where: [{ field: 'name', in: [body.name] }] }), [id]);
    }
    const names = await must(reader.tally([], ['name']));
    t.deepEqual(names.map((group) => group.values[0]).sort(), [...odd].sort());
  });

  const conditions: ReadonlyArray<readonly [string, ReadonlyArray<Where>, ReadonlyArray<string>]> =
    [
      ['one value', [{ field: 'name', in: ['apple'] }], ['1', '10']],
      ['several values, any of which will do', [{ field: 'id', in: [2, 10, 99] }], ['2', '10']],
      ['a value or none', [{ field: 'name', in: ['pear', null] }], ['2', '3']],
      ['no value at all', [{ field: 'weight', in: [null] }], ['3']],
      ['an empty list, which nothing matches', [{ field: 'name', in: [] }], []],
      ['one of several values a row has', [{ field: 'colours', in: ['green'] }], ['1', '2']],
      ['numbers a row has several of', [{ field: 'orders', in: [8, 9] }], ['2', '10']],
      ['no values where several may be', [{ field: 'colours', in: [null] }], ['3']],
      ['values none or some', [{ field: 'orders', in: [7, null] }], ['1', '2', '3']],
      ['a greatest value', [{ field: 'weight', atMost: 9 }], ['2', '10']],
      ['a greatest text', [{ field: 'name', atMost: 'b' }], ['1', '10']],
      ['a greatest of several values', [{ field: 'orders', atMost: 7 }], ['1', '2']],
      [
        'two conditions at once',
        [
          { field: 'name', in: ['apple'] },
          { field: 'weight', in: [9] },
        ],
        ['10'],
      ],
    ];
  for (const [what, where, expected] of conditions) {
    test(`${name}: rows are found and counted by ${what}`, async (t) => {
      const { reader } = await aStall(t, newStore);
      t.deepEqual(await idsOf(reader, { where }), expected);
      t.is(await must(reader.count(where)), expected.length);
    });
  }

  test(`${name}: rows are sorted as asked, nulls first ascending, ties by number`, async (t) => {
    const { reader } = await aStall(t, newStore);
    const sorted = (field: string, descending: boolean) =>
      idsOf(reader, { orderBy: [{ field, descending }] });
    t.deepEqual(await idsOf(reader), ['1', '2', '3', '10']);
    t.deepEqual(await sorted('id', true), ['10', '3', '2', '1']);
    t.deepEqual(await sorted('name', false), ['3', '1', '10', '2']);
    t.deepEqual(await sorted('name', true), ['2', '1', '10', '3']);
    t.deepEqual(await sorted('weight', false), ['3', '2', '10', '1']);
    const orderBy = [{ field: 'name' }, { field: 'weight' }];
    t.deepEqual(await idsOf(reader, { orderBy }), ['3', '10', '1', '2']);
  });

  test(`${name}: ids that are text are sorted as text`, async (t) => {
    const models = await (await newStore(t)).open();
    const words: Model = { name: 'words', version: 1, fields: {}, fieldsOf: () => ({}) };
    const writer = await writerOf(models, words);
    const rows = ['10', '9', 'b', 'a'].map((id) => ({ id, pos: pos(1), body: {} }));
    await must(writer.commit(rows, at(1)));
    t.deepEqual(await idsOf(models.reader(words)), ['10', '9', 'a', 'b']);
  });

  test(`${name}: a page of rows starts and ends where it was asked to`, async (t) => {
    const { reader } = await aStall(t, newStore);
    t.deepEqual(await idsOf(reader, { offset: 1, limit: 2 }), ['2', '3']);
    t.deepEqual(await idsOf(reader, { offset: 3, limit: 2 }), ['10']);
    t.deepEqual(await idsOf(reader, { offset: 9 }), []);
    t.deepEqual(await idsOf(reader, { limit: 0 }), []);
  });

  test(`${name}: a tally counts rows by each combination of values`, async (t) => {
    const { reader } = await aStall(t, newStore);
    const told = async (by: ReadonlyArray<string>, where: ReadonlyArray<Where> = []) =>
      new Map((await must(reader.tally(where, by))).map((g) => [JSON.stringify(g.values), g.rows]));
    t.deepEqual(
      await told(['name']),
      new Map([
        ['[null]', 1],
        ['["apple"]', 2],
        ['["pear"]', 1],
      ]),
    );
    const byOrder = await told(['orders', 'name'], [{ field: 'id', in: [1, 2, 3] }]);
    const expected = { '[null,null]': 1, '[7,"apple"]': 1, '[7,"pear"]': 1, '[8,"pear"]': 1 };
    t.deepEqual(Object.fromEntries([...byOrder].sort()), expected);
    t.deepEqual(await told([]), new Map([['[]', 4]]));
  });

  const badQueries: ReadonlyArray<readonly [string, Partial<Query>]> = [
    ['a field nobody declared', { where: [{ field: 'nope', in: [1] }] }],
    ['a field named like a method', { where: [{ field: 'constructor', in: [1] }] }],
    ['an order nobody declared', { orderBy: [{ field: 'id; DROP TABLE x' }] }],
    ['an order by a field with several values', { orderBy: [{ field: 'colours' }] }],
    ['text where numbers are', { where: [{ field: 'weight', in: ['9'] }] }],
    ['a number where text is', { where: [{ field: 'name', atMost: 9 }] }],
    ['a limit below zero', { limit: -1 }],
    ['an offset that is no whole number', { offset: 0.5 }],
  ];
  for (const [what, query] of badQueries) {
    test(`${name}: ${what} is refused as a bad query`, async (t) => {
      const { reader } = await aStall(t, newStore);
      t.is(await codeOf(reader.find({ ...all, ...query })), 'bad-query');
    });
  }

  test(`${name}: what is not JSON-like trouble to SQL is no trouble in the body`, async (t) => {
    const { models, writer } = await aStall(t, newStore);
    const body: JsonObject = {
      ...fruit(5),
      deep: { list: [1, 2.5, null, { x: '"' }], big: 2 ** 53 },
    };
    await must(writer.commit([{ id: '5', pos: pos(2), body }], at(2)));
    t.deepEqual((await must(models.reader(fruits).get('5')))?.body, body);
  });
};
