import type { ExecutionContext } from 'ava';
import test from 'ava';
import { appendEvents } from '../../event-log/carry-out.ts';
import type { EventLog } from '../../event-log/event-log.ts';
import { startBackend } from '../../main/backend/backend.ts';
import { clientsOf } from '../../main/backend/clients.ts';
import { loadConfig } from '../../main/config/load-config.ts';
import { httpDeps } from '../../main/health.ts';
import { hearingOf, hearsNothing } from '../../main/hearing.ts';
import { handOf } from '../../main/identity.ts';
import { loggerFor } from '../../main/logger.ts';
import { metricsOf } from '../../main/metrics/metrics.ts';
import type { Stores } from '../../main/open-stores.ts';
import { openStores } from '../../main/open-stores.ts';
import { aFolder } from '../support/ingest-world.ts';
import { readExposition, valuesOf } from '../support/metrics-text.ts';
import { must, until } from '../support/service.ts';

const configIn = (data: string) =>
  ({ ...must(loadConfig({}, { data })), logLevel: 'silent' }) as const;

type Lags = Readonly<Record<string, number | null>>;

/** What `/healthz` tells of each model's lag. */
const lagsTold = (stores: Stores): (() => Promise<Lags>) => {
  const standing = { faults: () => [], silence: hearingOf(configIn('nowhere')) };
  const { health } = httpDeps(stores, standing, loggerFor({ logLevel: 'silent' }));
  return async () => {
    const { projections } = await health();
    return Object.fromEntries(projections.map(({ model, lag }) => [model, lag]));
  };
};

/** Stores whose read models have taken in everything, and nobody runs any more. */
const aStandstill = async (t: ExecutionContext): Promise<Stores> => {
  const config = configIn(aFolder(t));
  const stores = must(await openStores(config));
  t.teardown(() => stores.close());
  const backend = startBackend(config, stores, clientsOf(config, {}), loggerFor(config));
  const lags = lagsTold(stores);
  await until({ stores }, async () => Object.values(await lags()).every((lag) => lag === 0));
  t.true(await backend.stop(60_000));
  return stores;
};

const aside = { type: 'MessageSetAside', code: 'fork', explanation: 'A fork.' } as const;

/** So many messages more are on record. */
const record = async ({ log }: Stores, stream: string, count: number): Promise<void> => {
  const many = Array.from({ length: count }, () => aside);
  must(await appendEvents(handOf(log, 'test'))(stream, undefined, { correlationId: 'm' }, many));
};

/** The stores, with the reads of the log counted. */
const counted = (stores: Stores) => {
  const reads = { count: 0 };
  const readAll: EventLog['readAll'] = (...args) => {
    reads.count += 1;
    return stores.log.readAll(...args);
  };
  return { reads, stores: { ...stores, log: { ...stores.log, readAll } } };
};

test('health tells how many events that concern a model it has not taken in', async (t) => {
  const stores = await aStandstill(t);
  const lags = lagsTold(stores);
  await record(stores, 'message-a', 3);
  t.like(await lags(), { messages: 3, figures: 3, builds: 0, reconciliations: 0 });
  await record(stores, 'message-b', 2);
  t.like(await lags(), { messages: 5, builds: 0, noticed_messages: 0 });
});

test('health tells the number that the metrics tell, and 1000 for more', async (t) => {
  const stores = await aStandstill(t);
  await record(stores, 'message-a', 1200);
  const lags = await lagsTold(stores)();
  const metrics = metricsOf({
    ...{ stores, clock: Date.now, patience: 60_000, hearing: hearingOf(configIn('nowhere')) },
    own: { version: '1', faults: () => [], heartbeats: () => [] },
    counted: { text: () => Promise.resolve('') },
  });
  const shown = readExposition(await metrics());
  t.deepEqual(lags, valuesOf(shown, 'freshmaker_consumer_lag_events', 'consumer'));
  t.is(lags['messages'], 1000);
});

test('what was counted is counted again only where it can have changed', async (t) => {
  const { reads, stores } = counted(await aStandstill(t));
  const lags = lagsTold(stores);
  await record(stores, 'message-a', 1200);
  t.is((await lags())['messages'], 1000);
  const first = reads.count;
  t.true(first > 0);
  t.is((await lags())['messages'], 1000);
  t.is(reads.count, first);
  await record(stores, 'message-b', 1);
  const behind = Object.values(await lags()).filter((lag) => lag === 1000).length;
  t.true(behind > 0);
  t.is(reads.count, 2 * first - behind);
});

test('while the log does not answer in time no lag is told, and health is', async (t) => {
  const stores = await aStandstill(t);
  await record(stores, 'message-a', 1);
  const hanging = { ...stores.log, readAll: () => () => new Promise<never>(() => undefined) };
  const lags = await lagsTold({ ...stores, log: hanging })();
  t.is(lags['messages'], null);
  t.true('builds' in lags);
});

test('a log that hangs is late, is asked once, and stops who answers from read models from nothing', async (t) => {
  const stores = await aStandstill(t);
  let asked = 0;
  const head = () => {
    asked += 1;
    return () => new Promise<never>(() => undefined);
  };
  const hanging = { ...stores, log: { ...stores.log, head } };
  const logger = loggerFor({ logLevel: 'silent' });
  const standing = { faults: () => [], silence: hearsNothing };
  const late = ['log: did not answer in 1 s'];
  const backend = httpDeps(hanging, standing, logger);
  t.like(await backend.health(), { reasons: late, warnings: [] });
  const before = asked;
  t.like(await backend.health(), { reasons: late, warnings: [] });
  t.is(asked, before);
  const frontend = httpDeps(hanging, { ...standing, needsLog: false }, logger);
  t.like(await frontend.health(), { reasons: [], warnings: late });
});

test('a read model that hangs is late, and all others are told', async (t) => {
  const stores = await aStandstill(t);
  const reader: Stores['readModels']['reader'] = (model) => ({
    ...stores.readModels.reader(model),
    ...(model.name === 'builds'
      ? { checkpoint: () => () => new Promise<never>(() => undefined) }
      : {}),
  });
  const hanging = { ...stores, readModels: { ...stores.readModels, reader } };
  const standing = { faults: () => [], silence: hearsNothing };
  const { health } = httpDeps(hanging, standing, loggerFor({ logLevel: 'silent' }));
  const { reasons, projections } = await health();
  t.deepEqual(reasons, ['builds: did not answer in 1 s']);
  t.true(projections.length > 5);
});
