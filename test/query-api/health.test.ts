import test from 'ava';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Reader } from '../../projectors/read-models.ts';
import { stockedApi } from '../support/stocked-api.ts';

const feed = {
  transport: 'feed',
  lastMessageId: '2026-message-9',
  lastTopic: 'git.receive',
  lastObservedAt: '2026-11-22T16:39:57.123Z',
  messages: 9,
};
const heard = {
  last_message_at: '2026-11-22T16:39:57.123Z',
  last_message_id: '2026-message-9',
  last_topic: 'git.receive',
  messages: 9,
  silent: false,
  silent_since: null,
  transport: 'feed',
};

test('a service that can answer is ready and tells when each source last spoke', async (t) => {
  const projections = [{ model: 'builds', position: '0042', lag: 3 }];
  const health = () => Promise.resolve({ reasons: [], projections });
  const app = await stockedApi(t, { sources: { feed } }, { health });
  const ready = await app.inject('/readyz');
  t.is(ready.statusCode, 200);
  t.deepEqual(ready.json(), {
    ready: true,
    reasons: [],
    projections,
    sources: [heard],
    warnings: [],
  });
  const alive = await app.inject('/healthz');
  t.is(alive.statusCode, 200);
  t.like(alive.json(), { alive: true, version: '1.0.0', projections, sources: [heard] });
});

test('a reason not to be ready makes it 503 and is told, while the process is alive', async (t) => {
  const health = () =>
    Promise.resolve({ reasons: ['The log cannot be reached.'], projections: [] });
  const app = await stockedApi(t, { sources: { feed } }, { health });
  const ready = await app.inject('/readyz');
  t.is(ready.statusCode, 503);
  t.like(ready.json(), {
    ...{ ready: false, status: 503, error: 'Service Unavailable' },
    ...{ message: 'The log cannot be reached.', reasons: ['The log cannot be reached.'] },
  });
  t.is((await app.inject('/healthz')).statusCode, 200);
});

test('stores that cannot be read are named as reasons', async (t) => {
  const failed = () => TE.left({ code: 'store-unavailable', reason: 'gone' } as const);
  const reader: Reader = {
    ...{ get: failed, find: failed, count: failed, tally: failed, checkpoint: failed },
  };
  const readers = {
    ...{ events: reader, builds: reader, decisions: reader },
    ...{ messages: reader, modules: reader, sources: reader },
    ...{ imageIndex: reader, images: reader, composes: reader, reconciliations: reader },
  };
  const app = await stockedApi(t, {}, { readers });
  const { statusCode, body } = await app.inject('/readyz');
  t.is(statusCode, 503);
  for (const name of Object.keys(readers))
    t.regex(body, new RegExp(`model ${name} cannot be read`));
  t.is((await app.inject('/healthz')).statusCode, 200);
});

test('a silent source is a warning, also one that never spoke, and questions can be answered', async (t) => {
  const silentSince = '2026-11-22T16:00:00.000Z';
  const asked: Array<unknown> = [];
  const silence = {
    transports: ['amqp', 'feed'],
    silentSince: (transport: string, recordedAt: string | undefined) => {
      asked.push([transport, recordedAt]);
      return transport === 'amqp' ? silentSince : null;
    },
  };
  const app = await stockedApi(t, { sources: { feed } }, { silence });
  const never = {
    ...{ last_message_at: null, last_message_id: null, last_topic: null, messages: 0 },
    ...{ silent: true, silent_since: silentSince, transport: 'amqp' },
  };
  const warnings = [`The source amqp has been silent since ${silentSince}.`];
  for (const path of ['/readyz', '/healthz']) {
    const answer = await app.inject(path);
    t.is(answer.statusCode, 200);
    t.like(answer.json(), { sources: [never, heard], warnings, reasons: [] });
  }
  t.deepEqual(asked.slice(0, 2), [
    ['amqp', undefined],
    ['feed', feed.lastObservedAt],
  ]);
});

test('a store that hangs keeps no probe waiting, is named as late, and is asked once', async (t) => {
  let asked = 0;
  const hanging = () => {
    asked += 1;
    return () => new Promise<never>(() => undefined);
  };
  const reader: Reader = {
    ...{ get: hanging, find: hanging, count: hanging, tally: hanging, checkpoint: hanging },
  };
  const readers = {
    ...{ events: reader, builds: reader, decisions: reader },
    ...{ messages: reader, modules: reader, sources: reader },
    ...{ imageIndex: reader, images: reader, composes: reader, reconciliations: reader },
  };
  const app = await stockedApi(t, {}, { readers });
  const alive = await app.inject('/healthz');
  t.is(alive.statusCode, 200);
  t.is(asked, Object.keys(readers).length + 1);
  const ready = await app.inject('/readyz');
  t.is(ready.statusCode, 503);
  t.is(asked, Object.keys(readers).length + 1);
  t.regex(ready.body, /model sources cannot be read \(late\): did not answer in 1 s/);
});

test('what the process itself warns of is told, and questions can be answered', async (t) => {
  const health = () =>
    Promise.resolve({ reasons: [], warnings: ['log: did not answer.'], projections: [] });
  const app = await stockedApi(t, {}, { health });
  const ready = await app.inject('/readyz');
  t.is(ready.statusCode, 200);
  t.like(ready.json(), { warnings: ['log: did not answer.'], reasons: [] });
});
