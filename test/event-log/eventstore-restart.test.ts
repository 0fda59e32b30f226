import { EventStoreDBClient } from '@eventstore/db-client';
import test, { type ExecutionContext } from 'ava';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Scenario } from '../support/eventstore/exchanges.ts';
import { type EventStoreProcess, startEventStore } from '../support/eventstore/process.ts';
import { scenarioOf } from '../support/eventstore/recorded.ts';
import { keepAppending, numbersIn, subscribed } from '../support/eventstore/recorded-client.ts';
import { until } from './a-scene.ts';
import { compareSeen, recordedOutcomes } from './recorded-outcomes.ts';

type Ending = { readonly name: string; readonly end: (server: EventStoreProcess) => Promise<void> };

const endings: ReadonlyArray<Ending> = [
  { name: 'server-SIGTERM', end: ({ terminate }) => terminate() },
  { name: 'server-SIGKILL', end: ({ kill }) => kill() },
];

const aServer = async (t: ExecutionContext): Promise<EventStoreProcess> => {
  const folder = await mkdtemp(join(tmpdir(), 'freshmaker-eventstore-'));
  const server = await startEventStore({ folder });
  t.teardown(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });
  return server;
};

const play = async (t: ExecutionContext, scenario: Scenario, { end }: Ending): Promise<void> => {
  const recorded = recordedOutcomes(scenario, 'appends in flight when it goes');
  const server = await aServer(t);
  const client = EventStoreDBClient.connectionString(server.connectionString);
  const stream = 'rs-1';
  const appending = keepAppending(client, stream);
  await until(() => appending.acknowledged() > 0);
  const seen = subscribed(client, stream);
  await until(() => seen.includes('caughtUp') && appending.acknowledged() > 50);
  await end(server);
  const before = appending.acknowledged();
  await until(() => appending.errors() >= 5);
  await server.start();
  await until(() => appending.acknowledged() > before + 50);
  await appending.stop();

  // The same errors, the first of each in the same order; then the same client appends again.
  t.deepEqual(appending.kinds(), recorded.kinds);
  const numbers = await numbersIn(client, stream);
  t.deepEqual(
    numbers,
    Array.from({ length: appending.acknowledged() }, (_, index) => index),
  );
  const positions = appending.positions();
  t.true(positions.every((place, index) => index === 0 || place > (positions[index - 1] ?? place)));

  compareSeen(t, seen, recorded, before + 1);
  await client.dispose();
};

for (const ending of endings) {
  const title = `recorded ${ending.name}: appends fail as recorded and succeed again, the subscription stays dead`;
  const scenario = scenarioOf(ending.name);
  if (scenario === undefined) {
    test.skip(`${title} (skipped: the recording is not there)`, () => undefined);
  } else {
    test.serial(title, (t) => play(t, scenario, ending));
  }
}
