import test from 'ava';
import { setTimeout as pause } from 'node:timers/promises';
import { checkEventStore } from '../../event-log/eventstoredb/check.ts';
import { openEventStoreLog } from '../../event-log/eventstoredb/eventstoredb-log.ts';
import type { EventLog } from '../../event-log/event-log.ts';
import { openStandIn } from '../support/eventstore/stand-in.ts';
import { aCategory, right } from './an-event.ts';
import { eventLogContract } from './contract-suite.ts';
import { keepBusy } from './many-writers.ts';

// All logs of a connection string share its connection; one that stays open keeps it open.
const standIn = await openStandIn();
// What others have written there, before and among ours, is nothing to the laws.
const foreign = (stream: string, type: string): void => {
  const data = Buffer.from('{"n":0}');
  const metadata = Buffer.from('{"k":"v"}');
  const event = { id: crypto.randomUUID(), type, contentType: 'application/json', data, metadata };
  standIn.store.append(stream, 'any', [event]);
};
for (const stream of ['$stats-0', 'others-1', '$$others-1', 'others-2']) foreign(stream, 'Other');
const anchor = await right(openEventStoreLog({ connectionString: standIn.connectionString }));
test.after.always(async () => {
  await anchor.close();
  await standIn.close();
});

eventLogContract('EventStoreDB log', async (t): Promise<EventLog> => {
  const log = await right(openEventStoreLog({ connectionString: standIn.connectionString }));
  t.teardown(log.close);
  return log;
});

const real = process.env['FRESHMAKER_TEST_EVENTSTORE'];
if (real === undefined || real === '') {
  test.skip('EventStoreDB log on a real server (skipped: FRESHMAKER_TEST_EVENTSTORE names none)', () =>
    undefined);
} else {
  eventLogContract('EventStoreDB log on a real server', async (t): Promise<EventLog> => {
    const log = await right(openEventStoreLog({ connectionString: real }));
    t.teardown(log.close);
    return log;
  });

  test('EventStoreDB log on a real server: the questions of the start leave nothing there', async (t) => {
    t.is(await right(checkEventStore(real)), undefined);
    const log = await right(openEventStoreLog({ connectionString: real }));
    t.teardown(log.close);
    t.deepEqual(await right(log.readStream('freshmaker_probe', 0, 1)), []);
  });

  test('EventStoreDB log on a real server: writers and a reader over one connection lose and double nothing', async (t) => {
    const log = await right(openEventStoreLog({ connectionString: real }));
    t.teardown(log.close);
    const busy = keepBusy(log, { category: aCategory(), writers: 20 });
    while (busy.acknowledged() < 400 && busy.failures().length === 0) await pause(5);
    await busy.rest();
    t.deepEqual(busy.failures(), []);
    await busy.examine(t);
  });
}
