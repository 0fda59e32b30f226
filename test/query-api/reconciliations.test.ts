import test from 'ava';
import { aDifference, aRun } from '../support/reconcile-rows.ts';
import { stockedApi } from '../support/stocked-api.ts';

const stock = {
  reconciliations: {
    '1': aRun(1, { differences: 2 }),
    '1/1': aDifference(1, 1),
    '1/2': aDifference(1, 2, {
      system: 'koji',
      code: 'unknown-to-us',
      action: 'none',
      build: null,
    }),
    '2': aRun(2, { state: 'abandoned', stateReason: 'interrupted: Stopped.' }),
    '10': aRun(10, { state: 'running', why: 'order', endedAt: null }),
  },
};

type List = { readonly items: ReadonlyArray<Record<string, unknown>>; readonly meta: object };

const runs: ReadonlyArray<readonly [string, ReadonlyArray<number>]> = [
  ['', [10, 2, 1]],
  ['?state=completed', [1]],
  ['?state=completed&state=abandoned', [2, 1]],
  ['?why=order', [10]],
  ['?per_page=1&page=2', [2]],
];
for (const [query, ids] of runs) {
  test(`reconciliations${query} are ${ids.join(', ')}`, async (t) => {
    const app = await stockedApi(t, stock);
    const { items } = (await app.inject(`/api/2/reconciliations/${query}`)).json<List>();
    t.deepEqual(
      items.map(({ id }) => id),
      ids,
    );
  });
}

const differences: ReadonlyArray<readonly [string, ReadonlyArray<number>]> = [
  ['', [1, 2]],
  ['?system=koji', [2]],
  ['?code=state-differs', [1]],
  ['?action=none', [2]],
  ['?build=12', [1]],
];
for (const [query, ids] of differences) {
  test(`the differences${query} of a run are ${ids.join(', ')}`, async (t) => {
    const app = await stockedApi(t, stock);
    const answer = await app.inject(`/api/2/reconciliations/1/differences/${query}`);
    t.deepEqual(
      answer.json<List>().items.map(({ external_id: id }) => id),
      ids,
    );
  });
}

test('one reconciliation tells what was compared and where its differences are', async (t) => {
  const app = await stockedApi(t, stock);
  const shown = (await app.inject('/api/2/reconciliations/1')).json<Record<string, unknown>>();
  t.like(shown, {
    ...{ id: 1, state: 'completed', differences: 2 },
    differences_url: '/api/2/reconciliations/1/differences/',
    asked: [{ count: 2, question: 'own-tasks' }],
  });
});

test('a difference tells record, service and what is done, and leads into the log', async (t) => {
  const app = await stockedApi(t, stock);
  const { items } = (await app.inject('/api/2/reconciliations/1/differences/')).json<List>();
  t.is(items.length, 2);
  t.deepEqual(items[1], {
    ...{ action: 'none', attempt: 1, build: null, code: 'unknown-to-us', external_id: 2 },
    ...{ found: 'ready', found_at: '2026-11-22T16:40:30Z', recorded: null },
    ...{ recorded_in: 'reconcile', revision: 2, stream: 's', subject: 'a:b', system: 'koji' },
  });
});

test('what is no run, or no state of one, is refused with a sentence', async (t) => {
  const app = await stockedApi(t, stock);
  for (const path of ['99', '99/differences/']) {
    const missing = await app.inject(`/api/2/reconciliations/${path}`);
    t.is(missing.statusCode, 404);
    t.regex(missing.body, /No such reconciliation found\./);
  }
  const refused = await app.inject('/api/2/reconciliations/?state=over');
  t.is(refused.statusCode, 400);
  t.regex(refused.body, /Invalid state was supplied: over/);
});

test('version 1 knows no reconciliations', async (t) => {
  const app = await stockedApi(t, stock);
  t.is((await app.inject('/api/1/reconciliations/')).statusCode, 404);
});
