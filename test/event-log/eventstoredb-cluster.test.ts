import test, { type ExecutionContext } from 'ava';
import { appendSurely } from '../../event-log/append-surely.ts';
import type { EventLog } from '../../event-log/event-log.ts';
import { openEventStoreLog } from '../../event-log/eventstoredb/eventstoredb-log.ts';
import { type Cluster, openCluster } from '../support/eventstore/cluster.ts';
import { until } from './a-scene.ts';
import { begun, left, right } from './an-event.ts';
import { keepBusy } from './many-writers.ts';

const scene = async (
  t: ExecutionContext,
  query = '',
): Promise<{ readonly cluster: Cluster; readonly log: EventLog }> => {
  const cluster = await openCluster();
  const connectionString = `${cluster.connectionString}${query}`;
  const log = await right(openEventStoreLog({ connectionString }));
  t.teardown(async () => {
    await log.close();
    await cluster.close();
  });
  return { cluster, log };
};

test.serial(
  'leaders that are killed or resign under writers and a reader lose and double nothing',
  async (t) => {
    const { cluster, log } = await scene(t);
    const busy = keepBusy(log, { category: 'busy' });
    const goesOn = async (): Promise<void> => {
      const before = busy.acknowledged();
      await until(() => busy.acknowledged() > before + 60 || busy.failures().length > 0);
    };
    await goesOn();
    const first = cluster.leader();
    await cluster.killLeader();
    await goesOn();
    await cluster.revive(first);
    cluster.resign();
    await goesOn();
    await cluster.killLeader();
    await goesOn();
    await busy.rest();
    t.deepEqual(busy.failures(), []);
    await busy.examine(t);
  },
);

test.serial(
  'who is at a leader that was cut off goes to the new one, to write and to read',
  async (t) => {
    const { cluster, log } = await scene(t);
    await right(log.append('a-1', 'no-stream', begun('a-1')));
    const old = cluster.leader();
    cluster.cutOffLeader();
    t.not(cluster.leader(), old);
    t.is((await right(appendSurely(log, 'b-1', 'no-stream', begun('b-1')))).revision, 0);
    let read = await log.readStream('b-1', 0, 9)();
    while (read._tag === 'Left') read = await log.readStream('b-1', 0, 9)();
    t.is(read.right.length, 1);
  },
);

test.serial(
  'while nobody leads, appends wait and reads say so; then the append is written once',
  async (t) => {
    const { cluster, log } = await scene(t);
    await right(log.append('a-1', 'no-stream', begun('a-1')));
    cluster.loseMajority();
    const events = begun('b-1');
    t.is((await left(log.append('b-1', 'no-stream', events))).code, 'outcome-unknown');
    const failure = await left(log.readStream('a-1', 0, 9));
    t.is(failure.code, 'unavailable');
    t.regex(failure.reason, /no leader/);
    cluster.regainMajority();
    t.is((await right(appendSurely(log, 'b-1', 'no-stream', events))).revision, 0);
    t.is(cluster.store.stream('b-1')?.length, 1);
  },
);

test.serial(
  'what was appended is there for the next read, also for who prefers followers',
  async (t) => {
    const { cluster, log } = await scene(t, '&nodePreference=follower');
    for (let index = 0; index < 5; index += 1) {
      const stream = `a-${index}`;
      const { position } = await right(log.append(stream, 'no-stream', begun(stream)));
      t.is((await right(log.readStream(stream, 0, 9))).length, 1);
      t.is(await right(log.head()), position);
      cluster.resign();
    }
  },
);
