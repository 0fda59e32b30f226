import { EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import test, { type ExecutionContext } from 'ava';
import { type Cluster, openCluster } from '../support/eventstore/cluster.ts';
import type { Fields, Scenario } from '../support/eventstore/exchanges.ts';
import { recording, scenarioOf } from '../support/eventstore/recorded.ts';
import {
  keepAppending,
  numbersIn,
  stepOf,
  subscribed,
} from '../support/eventstore/recorded-client.ts';
import { until } from './a-scene.ts';
import { compareSeen, recordedOutcomes } from './recorded-outcomes.ts';

type Member = { readonly state: number; readonly isAlive: boolean };
type Info = { readonly membersList: ReadonlyArray<Member> };

/** What nodes said of the cluster in one step of the recording. */
const gossipIn = (scenario: Scenario, step: string): ReadonlyArray<Info> =>
  (stepOf(scenario, step).calls ?? [])
    .filter(({ method }) => method?.includes('Gossip') === true)
    .flatMap(({ frames }) => frames ?? [])
    .flatMap(({ got }) => (got === undefined ? [] : [got as unknown as Info]));

const statesOf = ({ membersList }: Info): ReadonlyArray<string> =>
  membersList.map(({ state, isAlive }) => `${state} ${isAlive}`).sort();

/** The names of all that was said, without what was said. */
const shapeOf = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(
    Object.entries(value as Fields).map(([key, inner]) => [key, shapeOf(inner)]),
  );
};

const succeeds = async (
  t: ExecutionContext,
  client: EventStoreDBClient,
  stream: string,
  requiresLeader: boolean,
): Promise<void> => {
  const event = jsonEvent({ type: 'thing-happened', data: { n: 0 } });
  const options = { expectedRevision: NO_STREAM, requiresLeader } as const;
  const { success, nextExpectedRevision } = await client.appendToStream(stream, event, options);
  t.deepEqual({ success, nextExpectedRevision }, { success: true, nextExpectedRevision: 0n });
};

const followers = async (t: ExecutionContext, cluster: Cluster): Promise<void> => {
  const asked = `${cluster.connectionString}&nodePreference=follower`;
  const follower = EventStoreDBClient.connectionString(asked);
  const straight = EventStoreDBClient.connectionString(cluster.straightTo(2));
  await succeeds(t, follower, 'clf', false);
  await succeeds(t, follower, 'clf2', true);
  t.deepEqual(await numbersIn(follower, 'cl'), [0]);
  await succeeds(t, straight, 'clo', false);
  await Promise.all([follower.dispose(), straight.dispose()]);
};

const scenario = scenarioOf('cluster');
const title =
  'recorded cluster: followers pass appends on, a killed leader is replaced, the same client appends again';

if (scenario === undefined) {
  test.skip(`${title} (skipped: there is no ${recording})`, () => undefined);
} else {
  test.serial(title, async (t) => {
    const killing = 'the leader is killed under appends';
    const recorded = recordedOutcomes(scenario, killing);
    const [atFirst] = gossipIn(scenario, 'append through seeds');
    const [searching, takingOver] = gossipIn(scenario, killing);
    const cluster = await openCluster();
    const client = EventStoreDBClient.connectionString(cluster.connectionString);
    t.teardown(async () => {
      await client.dispose();
      await cluster.close();
    });
    t.deepEqual(shapeOf(cluster.gossip()), shapeOf(atFirst));

    const before = jsonEvent({ type: 'thing-happened', data: { n: 0 } });
    await client.appendToStream('cl', before, { expectedRevision: NO_STREAM });
    await followers(t, cluster);

    const stream = 'cl-1';
    const appending = keepAppending(client, stream);
    await until(() => appending.acknowledged() > 0);
    // Of the leader, not of a follower: what the recorded one saw of its end.
    const subscriber = EventStoreDBClient.connectionString(cluster.straightTo(cluster.leader()));
    const seen = subscribed(subscriber, stream);
    await until(() => seen.includes('caughtUp') && appending.acknowledged() > 50);
    await cluster.killLeader();
    const acknowledged = appending.acknowledged();
    t.deepEqual(statesOf(cluster.gossip()), statesOf(searching!));
    await until(() => appending.errors() > 1);
    t.deepEqual(statesOf(cluster.gossip()), statesOf(takingOver!));
    await until(() => appending.acknowledged() > acknowledged + 50);
    await appending.stop();

    t.deepEqual(appending.kinds(), recorded.kinds);
    const read = EventStoreDBClient.connectionString(cluster.connectionString);
    const numbers = await numbersIn(read, stream);
    t.deepEqual(
      numbers,
      Array.from({ length: appending.acknowledged() }, (_, index) => index),
    );
    compareSeen(t, seen, recorded, acknowledged + 1);
    await Promise.all([read.dispose(), subscriber.dispose()]);
  });
}
