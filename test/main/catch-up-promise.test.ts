import { setTimeout as clock } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import test from 'ava';
import type { RecordedEvent } from '../../event-log/event-log.ts';
import { messageStream } from '../../domain/stream-names.ts';
import { startBackend } from '../../main/backend/backend.ts';
import { backfillModules } from '../../main/backend/backfill-modules.ts';
import { settle } from '../../main/backend/catch-up.ts';
import { clientsOf } from '../../main/backend/clients.ts';
import type { Heartbeats } from '../../main/backend/heartbeats.ts';
import { heartbeatsOf } from '../../main/backend/heartbeats.ts';
import type { Config } from '../../main/config/settings.ts';
import { adoptFirstPolicy } from '../../main/first-policy.ts';
import { handOf, monotonic } from '../../main/identity.ts';
import { loggerFor } from '../../main/logger.ts';
import type { Stores } from '../../main/open-stores.ts';
import { openStores } from '../../main/open-stores.ts';
import type { Many } from '../support/many-messages.ts';
import { isLost, loseSome, manyModules, publishMany } from '../support/many-messages.ts';
import type { Sandbox } from '../../ops/sandbox/sandbox.ts';
import { aSandbox, tempFolder } from '../support/sandbox.ts';
import { configFor, must, until } from '../support/service.ts';

const patience = 180;
const nothing = (): void => undefined;

/** Starts the service on the stores of its folder; what it returns stops it. */
const start = async (
  t: ExecutionContext,
  config: Config,
  beaten: (part: string) => void = nothing,
) => {
  const stores = must(await openStores(config));
  const clients = clientsOf(config, process.env);
  const hand = handOf(stores.log, 'test');
  must(await adoptFirstPolicy(hand, config.policy ?? ''));
  must(await backfillModules({ hand, mbs: clients.mbs }, () => undefined));
  const logger = loggerFor(config);
  const usual = heartbeatsOf({ pino: logger.pino, monotonic });
  const beatOf: Heartbeats['beatOf'] = (part, longest) => {
    const beat = usual.beatOf(part, longest);
    return () => {
      beaten(part);
      beat();
    };
  };
  const heartbeats = { ...usual, beatOf };
  const backend = startBackend(config, stores, clients, logger, { heartbeats });
  let stopped: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    await backend.stop(10_000);
    await logger.close();
    await stores.close();
  };
  const stop = (): Promise<void> => (stopped ??= end());
  t.teardown(stop);
  return { stores, stop };
};

const ofType = async ({ log }: Stores, type: string): Promise<ReadonlyArray<RecordedEvent>> => {
  const events: Array<RecordedEvent> = [];
  for (let after = ''; ;) {
    const page = must(await log.readAll(after, { types: [type] }, 5000)());
    events.push(...page.events);
    after = page.upTo;
    if (page.atEnd) return events;
  }
};

/** Whether there are so many: counted on from where the last look ended. */
const has = ({ log }: Stores, type: string, count: number): (() => Promise<boolean>) => {
  let [found, after] = [0, ''];
  return async () => {
    for (;;) {
      const page = must(await log.readAll(after, { types: [type] }, 1000)());
      found += page.events.length;
      after = page.upTo;
      if (page.atEnd) return found >= count;
    }
  };
};

const counted = (values: ReadonlyArray<unknown>): ReadonlyMap<unknown, number> => {
  const counts = new Map<unknown, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
};

const timer = (): (() => number) => {
  const began = performance.now();
  return () => Math.round((performance.now() - began) / 100) / 10;
};

/** How often each message was decided. */
const decisionsIn = async (stores: Stores): Promise<(id: string) => number> => {
  const noticed = await ofType(stores, 'TriggerNoticed');
  const decided = counted((await ofType(stores, 'DecisionsCompleted')).map(({ stream }) => stream));
  const times = new Map<unknown, number>();
  for (const { stream, data } of noticed) {
    const id = data['messageId'];
    times.set(id, (times.get(id) ?? 0) + (decided.get(stream) ?? 0));
  }
  return (id) => times.get(id) ?? 0;
};

/** Publishes what is sent from now on, and waits until datagrepper counts as having it all. */
const publishFromNowOn = async (sandbox: Sandbox): Promise<Many> => {
  const from = Date.now();
  const span = { from, to: from + 3000 };
  const many = await publishMany(sandbox, span);
  // A time of the clock is all that is waited for: before it no window reaches so far.
  await clock(Math.max(0, span.to + settle + 1 - Date.now()));
  return many;
};

/** Asserts that all a flow may read is on record and the relevant decided, each once; tells the tally. */
const seeAllDecidedOnce = async (
  t: ExecutionContext,
  stores: Stores,
  many: Many,
  seconds: number,
) => {
  const wanted = many.filter(({ isRelevant }) => isRelevant).map(({ id }) => id);
  const lost = many.filter(({ id }) => isLost(id)).map(({ id }) => id);
  const lostWanted = lost.filter((id) => wanted.includes(id));
  const observed = counted((await ofType(stores, 'MessageObserved')).map(({ stream }) => stream));
  const decisions = await decisionsIn(stores);
  const twice = wanted.filter((id) => decisions(id) > 1);
  const decided = wanted.filter((id) => decisions(id) > 0);
  t.log(
    `${many.length} published while down, ${lost.length} of them dropped by the bus; ${wanted.length} relevant (${lostWanted.length} of those dropped), ${decided.length} decided, ${twice.length} twice; ${seconds} s`,
  );
  t.is(many.length, 10_000);
  t.is(wanted.length, 150);
  t.true(lost.length >= 80);
  t.true(lostWanted.length >= 5);
  t.deepEqual(
    wanted.filter((id) => decisions(id) !== 1),
    [],
  );
  t.is((await ofType(stores, 'TriggerNoticed')).length, 150);
  t.is((await ofType(stores, 'DecisionsCompleted')).length, 150);
  const ofFlows = many.filter(({ isOfFlow }) => isOfFlow);
  t.is(ofFlows.length, 1950);
  t.true(ofFlows.every(({ id }) => observed.has(messageStream('rehearsal', id))));
  t.true([...observed.values()].every((times) => times === 1));
};

const numberIn = (event: RecordedEvent | undefined, key: string): number =>
  Number(event?.data[key]);

test.serial(
  'of 10,000 messages published while the service is down, a hundredth lost on the way, one catch-up after the restart finds all, and every relevant one is decided, none twice',
  async (t) => {
    t.timeout(600_000);
    const sandbox = await aSandbox(t, { distribution: manyModules });
    const config = configFor(sandbox, tempFolder(t), {
      ...{ rehearsal: true, catchUpOverlap: 6 },
    });
    const before = await start(t, config);
    await until(before, has(before.stores, 'CatchUpCompleted', 1));
    await before.stop();
    await loseSome(sandbox);
    const many = await publishFromNowOn(sandbox);

    const seconds = timer();
    const { stores, stop } = await start(t, config);
    await until({ stores }, has(stores, 'CatchUpCompleted', 2), patience);
    await until({ stores }, has(stores, 'DecisionsCompleted', 150), patience);
    await seeAllDecidedOnce(t, stores, many, seconds());

    const [, caughtUp, ...more] = await ofType(stores, 'CatchUpCompleted');
    t.is(more.length, 0);
    t.is(numberIn(caughtUp, 'messages'), 1950);
    t.true(
      numberIn(caughtUp, 'missed') >=
        many.filter(({ id, isOfFlow }) => isOfFlow && isLost(id)).length,
    );
    await stop();
  },
);

test.serial(
  'what of 10,000 messages the bus has lost, one reconcile finds, and every relevant one is decided, none twice',
  async (t) => {
    t.timeout(600_000);
    const sandbox = await aSandbox(t, { distribution: manyModules });
    const config = configFor(sandbox, tempFolder(t), {
      ...{ rehearsal: true, catchUpOverlap: 0, catchUpAfter: 30 * 86_400 },
      datagrepperUrl: null,
    });
    const before = await start(t, config);
    await before.stop();
    await loseSome(sandbox);
    const many = await publishFromNowOn(sandbox);

    const seconds = timer();
    const lost = many.filter(({ id, isOfFlow }) => isOfFlow && isLost(id));
    const byFeed = await start(t, config);
    await until(byFeed, has(byFeed.stores, 'DecisionsCompleted', 3), patience);
    await byFeed.stop();

    const { datagrepperUrl } = sandbox;
    const beats: Array<string> = [];
    const reconciling = { ...config, datagrepperUrl, reconcileEvery: 10 };
    const { stores, stop } = await start(t, reconciling, (part) => beats.push(part));
    await until({ stores }, has(stores, 'ReconcileCompleted', 1), patience);
    await until({ stores }, has(stores, 'DecisionsCompleted', 150), patience);
    await seeAllDecidedOnce(t, stores, many, seconds());

    const [begun] = await ofType(stores, 'CatchUpBegun');
    const [caughtUp] = await ofType(stores, 'CatchUpCompleted');
    t.is(begun?.data['why'], 'reconcile');
    const pages = 20;
    t.true(beats.filter((part) => part === 'The reconcile').length >= pages);
    t.is(numberIn(caughtUp, 'messages'), 1950);
    t.true(numberIn(caughtUp, 'missed') >= lost.length);
    await stop();
  },
);
