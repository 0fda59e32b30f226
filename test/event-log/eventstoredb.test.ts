import test from 'ava';
import { openEventStoreLog } from '../../event-log/eventstoredb/eventstoredb-log.ts';
import type { EventLog } from '../../event-log/event-log.ts';
import { openStandIn } from '../support/eventstore/stand-in.ts';
import { right } from './an-event.ts';
import { eventLogContract } from './contract-suite.ts';

// All logs of a connection string share its connection; one that stays open keeps it open.
const standIn = await openStandIn();
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
}
