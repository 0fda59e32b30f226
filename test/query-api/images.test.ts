import test from 'ava';
import { aBuild, eventsAndBuilds } from '../support/api-rows.ts';
import { heldId } from '../../projectors/image-index/row.ts';
import { holding, imageStock } from '../support/image-rows.ts';
import { stockedApi } from '../support/stocked-api.ts';

type Images = {
  readonly items: ReadonlyArray<{
    readonly name: string;
    readonly rpms: ReadonlyArray<object>;
    readonly newest: object;
  }>;
  readonly meta: { readonly total: number };
};

const builds = eventsAndBuilds(
  [],
  [
    aBuild({ id: 1, type: 1, state: 1, rebuiltNvr: 'httpd-1-3', odcsComposes: [12] }),
    aBuild({
      ...{ id: 2, type: 1, state: 4, originalNvr: 'httpd-1-3', artifact: 'image:httpd:f28' },
      attempts: [
        {
          ...{ attempt: 1, commit: 'abc', externalIds: [9], outcome: 'succeeded', reason: null },
          nvr: 'httpd-1-3.17',
        },
      ],
    }),
  ],
);
const stock = { ...imageStock, ...builds };

const named: ReadonlyArray<readonly [string, ReadonlyArray<string>]> = [
  ['', ['base', 'httpd', 'php']],
  ['?held=now', ['base', 'httpd', 'php']],
  ['?package=openssl-libs', ['httpd', 'php']],
  ['?package=openssl-libs&held=ever', ['httpd', 'php']],
  ['?package=openssl-libs&held=now', ['httpd']],
  ['?source=openssl', ['httpd', 'php']],
  ['?source=openssl&held=now', ['httpd']],
  ['?package=openssl-libs&name=php', ['php']],
  ['?package=openssl-libs&name=php&name=httpd&held=now', ['httpd']],
  ['?package=openssl-libs&branch=f29', []],
  ['?package=openssl', []],
  ['?name=php&branch=f28', ['php']],
  ['?name=php&branch=f29', []],
  ['?nvr=httpd-1-3', ['httpd']],
];

for (const [query, names] of named) {
  test(`images${query} are ${names.join(', ') || 'none'}`, async (t) => {
    const app = await stockedApi(t, stock);
    const { items, meta } = (await app.inject(`/api/2/images/${query}`)).json<Images>();
    t.deepEqual(
      items.map(({ name }) => name),
      names,
    );
    t.is(meta.total, names.length);
  });
}

test('an image that is asked for by a package tells first, last and lowest version, and now', async (t) => {
  const app = await stockedApi(t, stock);
  const { items } = (
    await app.inject('/api/2/images/?package=openssl-libs&name=php')
  ).json<Images>();
  const older = { epoch: null, image: 'php-1-1', rpm: 'openssl-libs-1.1.0-3' };
  t.deepEqual(items[0]?.rpms, [
    {
      ...{ package: 'openssl-libs', source: 'openssl', now: false, first: older, lowest: older },
      last: { epoch: 1, image: 'php-1-2', rpm: 'openssl-libs-1.1.1-1' },
    },
  ]);
  t.like(items[0]?.newest, { nvr: 'php-1-3', parent: 'base-1-1' });
});

test('of a source package only what is held now is told where only that is asked for', async (t) => {
  const id = heldId('image:httpd:f28', 1);
  const row = holding('httpd', 3);
  const gone = ['openssl', ['1-1', null, 1], ['1-1', null, 1], ['1-1', null, 1]] as const;
  const imageIndex = {
    ...stock.imageIndex,
    [id]: { ...row, rpms: { ...row.rpms, openssl: gone } },
  };
  const app = await stockedApi(t, { ...stock, imageIndex });
  for (const [held, count] of [
    ['ever', 2],
    ['now', 1],
  ] as const) {
    const url = `/api/2/images/?source=openssl&name=httpd&held=${held}`;
    t.is((await app.inject(url)).json<Images>().items[0]?.rpms.length, count);
  }
});

test('name and source package together ask for RPMs that have both', async (t) => {
  const id = heldId('image:httpd:f28', 1);
  const row = holding('httpd', 3);
  const bash = ['bash', ['4-1', null, 1], ['4-1', null, 1], ['4-1', null, 3]] as const;
  const imageIndex = { ...stock.imageIndex, [id]: { ...row, rpms: { ...row.rpms, bash } } };
  const app = await stockedApi(t, { ...stock, imageIndex });
  for (const [query, names] of [
    ['package=openssl-libs&source=openssl', ['httpd', 'php']],
    ['package=openssl-libs&source=openssl&held=now', ['httpd']],
    ['package=openssl-libs&source=openssl&name=php', ['php']],
    ['package=openssl-libs&source=bash', []],
    ['package=bash&source=bash', ['httpd']],
  ] as const) {
    const { items, meta } = (await app.inject(`/api/2/images/?${query}`)).json<Images>();
    t.deepEqual([items.map(({ name }) => name), meta.total], [[...names], names.length], query);
    t.true(items.every(({ rpms }) => rpms.length === 1));
  }
});

test('pages of images do not overlap and count all', async (t) => {
  const app = await stockedApi(t, stock);
  const page = async (number: number) =>
    (
      await app.inject(`/api/2/images/?package=openssl-libs&per_page=1&page=${number}`)
    ).json<Images>();
  const [one, two] = [await page(1), await page(2)];
  t.deepEqual([one.items[0]?.name, two.items[0]?.name], ['httpd', 'php']);
  t.deepEqual([one.meta.total, two.meta.total], [2, 2]);
});

test('one image build tells all it holds, which of our builds have to do with it, and its composes', async (t) => {
  const app = await stockedApi(t, stock);
  t.like((await app.inject('/api/2/images/httpd-1-3')).json(), {
    artifact: 'image:httpd:f28',
    composes: [
      {
        ...{ builds: ['openssl-1.1.1-1'], compose_id: 12, event_id: 2 },
        url: '/api/2/composes/12',
      },
    ],
    made_by: [{ id: 1, state_name: 'DONE', url: '/api/1/builds/1' }],
    packages: [
      { source: 'bash', rpms: ['bash-4-1'] },
      { source: 'openssl', rpms: ['openssl-libs-1:1.1.1-1'] },
    ],
    parent: { nvr: 'base-1-1' },
    rebuilt_by: [{ id: 2, state_name: 'PLANNED', url: '/api/1/builds/2' }],
  });
});

const refused: ReadonlyArray<readonly [string, number, RegExp]> = [
  ['images/?held=never', 400, /Invalid value of held was supplied: never. Allowed are: ever, now/],
  ['images/nothing-1-1', 404, /No such image build is on record/],
  ['composes/?state=odd', 400, /Invalid state was supplied: odd/],
  ['composes/77', 404, /No such compose/],
  ['composes/abc', 404, /There is no/],
];

for (const [path, status, sentence] of refused) {
  test(`${path} is refused with ${status} in the one shape`, async (t) => {
    const app = await stockedApi(t, stock);
    const answer = await app.inject(`/api/2/${path}`);
    t.is(answer.statusCode, status);
    const problem = answer.json<{ readonly status: number; readonly message: string }>();
    t.deepEqual(Object.keys(problem).sort(), ['error', 'message', 'status']);
    t.regex(problem.message, sentence);
  });
}

test('only reading is possible of images', async (t) => {
  const app = await stockedApi(t, stock);
  for (const url of ['/api/2/images/', '/api/2/images/httpd-1-3', '/api/2/composes/12']) {
    t.is((await app.inject({ method: 'POST', url })).statusCode, 405, url);
  }
});

test('a compose is found by every id it had in ODCS, by what is in it and by who used it', async (t) => {
  const app = await stockedApi(t, stock);
  for (const id of [2, 12]) {
    t.like((await app.inject(`/api/2/composes/${id}`)).json(), {
      ...{ compose_id: 12, builds: ['openssl-1.1.1-1'], event_id: 2 },
      used_by: [
        {
          ...{ artifact: 'image:httpd:f28', attempt: 1, build: 2, compose_id: 12 },
          ...{ nvr: 'httpd-1-3.17', outcome: 'succeeded', url: '/api/1/builds/2' },
        },
      ],
    });
  }
  const total = async (query: string) =>
    (await app.inject(`/api/2/composes/?${query}`)).json<Images>().meta.total;
  for (const query of ['nvr=openssl-1.1.1-1', 'build=2', 'event_id=2', 'state=ready', '']) {
    t.is(await total(query), 1, query);
  }
  for (const query of ['nvr=bash-1-1', 'build=3', 'event_id=3', 'state=expired']) {
    t.is(await total(query), 0, query);
  }
});
