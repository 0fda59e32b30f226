import { EventStoreDBClient } from '@eventstore/db-client';
import test, { type ExecutionContext } from 'ava';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Scenario } from '../support/eventstore/exchanges.ts';
import { type EventStoreProcess, startEventStore } from '../support/eventstore/process.ts';
import { scenarioOf } from '../support/eventstore/recorded.ts';
import {
  keepAppending,
  numbersIn,
  recordedKind,
  type Seen,
  stepOf,
  subscribed,
} from '../support/eventstore/recorded-client.ts';
import { until } from './a-scene.ts';

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

type Recorded = {
  readonly kinds: ReadonlyArray<string>;
  readonly first: ReadonlyArray<Seen | { readonly data: string }>;
  readonly lastError: string;
};

const recordedOf = (scenario: Scenario): Recorded => {
  const appends = stepOf(scenario, 'appends in flight when it goes').result as {
    readonly errors: Readonly<Record<string, number>>;
  };
  const saw = stepOf(scenario, 'what the subscription saw').result as {
    readonly first: Recorded['first'];
    readonly last: ReadonlyArray<{
      readonly error?: { readonly class: string; readonly type: string; readonly message: string };
    }>;
  };
  const error = saw.last.at(-1)?.error;
  return {
    kinds: Object.keys(appends.errors).map(recordedKind),
    first: saw.first,
    lastError: recordedKind(`${error?.class}/${error?.type}/${error?.message}`),
  };
};

const play = async (t: ExecutionContext, scenario: Scenario, { end }: Ending): Promise<void> => {
  const recorded = recordedOf(scenario);
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

  const ofData = seen.flatMap((one) => (typeof one === 'object' && 'data' in one ? one.data : []));
  t.is(seen[0], 'confirmation');
  t.is(recorded.first[0], 'confirmation');
  t.true(ofData.length >= 50 && ofData.length <= before + 1);
  t.deepEqual(ofData, numbers.slice(0, ofData.length));
  const last = seen.at(-1);
  const error = typeof last === 'object' && 'error' in last ? last.error : '';
  t.is(error.replace(/\/\d+\//, '/'), recorded.lastError);
  t.is(seen.filter((one) => typeof one === 'object' && 'error' in one).length, 1);
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
