import type { ExecutionContext } from 'ava';
import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { appendEvents } from '../../event-log/carry-out.ts';
import { appendMessage } from '../../ingest/append-message.ts';
import { normalise } from '../../ingest/normal-form.ts';
import { startBackend } from '../../main/backend/backend.ts';
import { clientsOf } from '../../main/backend/clients.ts';
import { loadConfig } from '../../main/config/load-config.ts';
import { startFrontend } from '../../main/frontend.ts';
import { hearingOf } from '../../main/hearing.ts';
import { handOf } from '../../main/identity.ts';
import { loggerFor } from '../../main/logger.ts';
import { exposition } from '../../main/metrics/exposition.ts';
import type { MetricsDeps } from '../../main/metrics/metrics.ts';
import { metricsOf } from '../../main/metrics/metrics.ts';
import type { Stores } from '../../main/open-stores.ts';
import { openStores } from '../../main/open-stores.ts';
import type { ReadModels } from '../../projectors/read-models.ts';
import { fixtureText } from '../support/bus-fixtures.ts';
import { aFolder } from '../support/ingest-world.ts';
import { readExposition, valuesOf } from '../support/metrics-text.ts';
import { must, until } from '../support/service.ts';

const configIn = (data: string) =>
  ({ ...must(loadConfig({}, { data })), port: 0, logLevel: 'silent' }) as const;

const opened = async (t: ExecutionContext, data: string): Promise<Stores> => {
  const stores = must(await openStores(configIn(data)));
  t.teardown(() => stores.close());
  return stores;
};

type Own = Partial<MetricsDeps['own']>;

const scraper = (stores: MetricsDeps['stores'], own: Own = {}, patience = 60_000) =>
  metricsOf({
    stores,
    own: { version: '1.2.3', faults: () => [], heartbeats: () => [], ...own },
    hearing: hearingOf(configIn('nowhere')),
    counted: { text: () => Promise.resolve('') },
    clock: Date.now,
    patience,
  });

const scraped = async (...args: Parameters<typeof scraper>) =>
  readExposition(await scraper(...args)());

const hear = async ({ log }: Stores, name: string, id?: string): Promise<void> => {
  const recorded = JSON.parse(fixtureText(name)) as Readonly<Record<string, unknown>>;
  const message: unknown = id === undefined ? recorded : { ...recorded, msg_id: id };
  const normal = must(normalise(message as Parameters<typeof normalise>[0]));
  must(await appendMessage({ ...handOf(log, 'test'), transport: 'feed' })(normal, 'real')());
};

const told = async (t: ExecutionContext, data: string, stores: Stores): Promise<void> => {
  const config = configIn(data);
  const backend = startBackend(config, stores, clientsOf(config, {}), loggerFor(config));
  await until({ stores }, async () => {
    const lags = valuesOf(await scraped(stores), 'freshmaker_consumer_lag_events', 'consumer');
    return ['figures', 'sources', 'messages'].every((name) => lags[name] === 0);
  });
  t.true(await backend.stop(60_000));
};

test('messages are counted once, the same by every process and after every restart', async (t) => {
  const data = aFolder(t);
  const stores = await opened(t, data);
  await hear(stores, 'git.receive/fork');
  await hear(stores, 'git.receive/spec');
  await told(t, data, stores);
  const expected = { 'git.receive set-aside fork': 1, 'git.receive understood ': 1 };
  const counted = async (from: Stores) =>
    valuesOf(await scraped(from), 'freshmaker_messages_total', 'topic', 'verdict', 'code');
  t.deepEqual(await counted(stores), expected);
  t.deepEqual(await counted(await opened(t, data)), expected);
  await told(t, data, stores);
  t.deepEqual(await counted(stores), expected);
});

test('faulty messages are counted from zero on, so that the first one is an increase', async (t) => {
  const data = aFolder(t);
  const stores = await opened(t, data);
  const faulty = async () =>
    valuesOf(await scraped(stores), 'freshmaker_faulty_messages_total', 'code', 'realm');
  const before = await faulty();
  t.is(Object.keys(before).length, 12);
  t.true(Object.values(before).every((value) => value === 0));
  const forged = {
    type: 'MessageSetAside',
    code: 'bad-signature',
    explanation: 'Forged.',
  } as const;
  const hand = handOf(stores.log, 'test');
  must(
    await appendEvents(hand)('message-forged', undefined, { correlationId: 'forged' }, [forged]),
  );
  await told(t, data, stores);
  t.deepEqual(await faulty(), { ...before, 'bad-signature real': 1 });
});

test('the lag of a consumer is counted in events that concern it, and by their age', async (t) => {
  const data = aFolder(t);
  const stores = await opened(t, data);
  await told(t, data, stores);
  const hand = { ...handOf(stores.log, 'test'), now: () => '2020-01-01T00:00:00.000Z' };
  const aside = { type: 'MessageSetAside', code: 'fork', explanation: 'A fork.' } as const;
  const many = Array.from({ length: 1200 }, () => aside);
  must(await appendEvents(hand)('message-m', undefined, { correlationId: 'm' }, many));
  const samples = await scraped(stores);
  const events = valuesOf(samples, 'freshmaker_consumer_lag_events', 'consumer');
  t.like(events, { messages: 1000, figures: 1000, builds: 0, noticed_messages: 0 });
  const seconds = valuesOf(samples, 'freshmaker_consumer_lag_seconds', 'consumer');
  t.true((seconds['messages'] ?? 0) > 86_400 * 365);
  t.is(seconds['builds'], 0);
});

const failed = () => TE.left({ code: 'store-unavailable', reason: 'gone' } as const);
const goneModels = ({ readModels }: Stores): ReadModels => ({
  ...readModels,
  reader: () => ({ get: failed, find: failed, count: failed, tally: failed, checkpoint: failed }),
});

test('while the read models are down, that is told, and everything else', async (t) => {
  const stores = await opened(t, aFolder(t));
  const samples = await scraped({ ...stores, readModels: goneModels(stores) });
  t.deepEqual(valuesOf(samples, 'freshmaker_up', 'store'), { log: 1, 'read-models': 0 });
  t.deepEqual(valuesOf(samples, 'freshmaker_build_info', 'version'), { '1.2.3': 1 });
});

test('while the log is down, or does not answer at all, that is told, and everything else', async (t) => {
  const data = aFolder(t);
  const stores = await opened(t, data);
  await hear(stores, 'git.receive/fork');
  await told(t, data, stores);
  const down = () => TE.left({ code: 'unavailable', reason: 'gone' } as const);
  let asked = 0;
  const hanging = () => () => {
    asked += 1;
    return new Promise<never>(() => undefined);
  };
  for (const head of [down, hanging]) {
    const scrape = scraper({ ...stores, log: { ...stores.log, head } }, {}, 500);
    for (let scrapes = 0; scrapes < 2; scrapes += 1) {
      const samples = readExposition(await scrape());
      t.deepEqual(valuesOf(samples, 'freshmaker_up', 'store'), { log: 0, 'read-models': 1 });
      const sources = valuesOf(samples, 'freshmaker_source_messages_total', 'transport');
      t.deepEqual(sources, { feed: 1 });
    }
  }
  t.is(asked, 2, 'a log that hangs is asked once for each question, not once for each scrape');
});

test('a scrape reads the same few rows, however many messages there were', async (t) => {
  const data = aFolder(t);
  const stores = await opened(t, data);
  const reads = { get: 0, find: 0, count: 0, tally: 0 };
  const readModels: ReadModels = {
    ...stores.readModels,
    reader: (model) => {
      const reader = stores.readModels.reader(model);
      const noted =
        <A extends ReadonlyArray<unknown>, R>(name: keyof typeof reads, f: (...a: A) => R) =>
        (...args: A): R => {
          reads[name] += 1;
          return f(...args);
        };
      return {
        ...reader,
        get: noted('get', reader.get),
        find: noted('find', reader.find),
        count: noted('count', reader.count),
        tally: noted('tally', reader.tally),
      };
    },
  };
  await hear(stores, 'git.receive/fork');
  await told(t, data, stores);
  await scraped({ ...stores, readModels });
  const few = { get: 7, find: 1, count: 0, tally: 0 };
  t.deepEqual(reads, few);
  for (let n = 0; n < 100; n += 1) await hear(stores, 'git.receive/fork', `2026-m${n}`);
  await told(t, data, stores);
  Object.assign(reads, { get: 0, find: 0 });
  const samples = await scraped({ ...stores, readModels });
  t.deepEqual(valuesOf(samples, 'freshmaker_source_messages_total'), { '': 101 });
  t.deepEqual(reads, few);
});

test('faults and heartbeats of the process are told', async (t) => {
  const stores = await opened(t, aFolder(t));
  const samples = await scraped(stores, {
    faults: () => ['The feed has stopped.'],
    heartbeats: () => [{ part: 'The "feed"', secondsSinceBeat: 1.5 }],
  });
  t.deepEqual(valuesOf(samples, 'freshmaker_faults'), { '': 1 });
  t.deepEqual(valuesOf(samples, 'freshmaker_heartbeat_seconds', 'part'), { 'The "feed"': 1.5 });
});

test('label values may hold anything', (t) => {
  const label = 'a "b" \\ c\nd';
  const family = { name: 'x', help: 'Two\nlines.', type: 'gauge' } as const;
  const text = exposition([{ ...family, samples: [{ labels: { label }, value: 1 }] }]);
  t.deepEqual(readExposition(text), [{ name: 'x', labels: { label }, value: 1 }]);
  t.regex(text, /^# HELP x Two\\nlines\.\n# TYPE x gauge\n/);
});

test('the API gives the metrics as plain text of Prometheus', async (t) => {
  const data = aFolder(t);
  const stores = await opened(t, data);
  const config = configIn(data);
  const told_ = { metrics: scraper(stores) };
  const frontend = await startFrontend(config, stores, loggerFor(config), told_);
  if (E.isLeft(frontend)) throw new Error(frontend.left.reason);
  t.teardown(() => frontend.right.stop());
  const answer = await fetch(`${frontend.right.url}/metrics`);
  t.is(answer.status, 200);
  t.is(answer.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
  t.is(valuesOf(readExposition(await answer.text()), 'freshmaker_up', 'store')['log'], 1);
});
