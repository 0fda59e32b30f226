import type { ExecutionContext } from 'ava';
import test from 'ava';
import { verify } from '../../audit/verify.ts';
import { startBackend } from '../../main/backend/backend.ts';
import { backfillModules } from '../../main/backend/backfill-modules.ts';
import { clientsOf } from '../../main/backend/clients.ts';
import type { Config } from '../../main/config/settings.ts';
import { adoptFirstPolicy } from '../../main/first-policy.ts';
import { handOf } from '../../main/identity.ts';
import { loggerFor } from '../../main/logger.ts';
import { openStores } from '../../main/open-stores.ts';
import { buildsModel, buildStates } from '../../projectors/builds/row.ts';
import { decisionsModel } from '../../projectors/decisions/row.ts';
import { eventsModel } from '../../projectors/events/row.ts';
import { freshmaker } from '../support/cli-process.ts';
import { startEventStore } from '../support/eventstore/process.ts';
import { aSandbox, distributionOf, tempFolder } from '../support/sandbox.ts';
import type { Service } from '../support/service.ts';
import { buildsOf, configFor, eventsOf, must, until } from '../support/service.ts';
import { commit, decisionsOf, ended, policyFile, submissions } from '../support/story.ts';

type Running = { readonly service: Service; readonly end: () => Promise<void> };

/** The service in one place, until it is ended there. */
const runningIn = async (t: ExecutionContext, config: Config): Promise<Running> => {
  const stores = must(await openStores(config));
  const clients = clientsOf(config, process.env);
  const backend = startBackend(config, stores, clients, loggerFor(config));
  let ending: Promise<void> | undefined;
  const end = (): Promise<void> => {
    ending ??= backend.stop(10_000).then(() => stores.close());
    return ending;
  };
  t.teardown(end);
  return { service: { stores, config, backend }, end };
};

/** What a new installation is told before its first start. */
const settledIn = async (config: Config): Promise<void> => {
  const stores = must(await openStores(config));
  const hand = handOf(stores.log, 'test');
  must(await adoptFirstPolicy(hand, config.policy ?? ''));
  must(await backfillModules({ hand, mbs: clientsOf(config, process.env).mbs }, () => undefined));
  await stores.close();
};

/** Seconds, on a busy machine. */
const patient = 120;
const models = [eventsModel, buildsModel, decisionsModel];

/** All that is shown of what was noticed, decided and built, once the whole log is told. */
const shownBy = async (service: Service) => {
  const { log, readModels } = service.stores;
  await until(
    service,
    async () => {
      const told = await Promise.all(
        models.map((model) => readModels.reader(model).checkpoint()()),
      );
      const head = must(await log.head()());
      return told.every((checkpoint) => must(checkpoint)?.position === head);
    },
    patient,
  );
  return {
    events: await eventsOf(service),
    builds: await buildsOf(service),
    decisions: await decisionsOf(service),
  };
};

const copied = async (t: ExecutionContext, from: string, to: string): Promise<string> => {
  const { code, out, err } = await freshmaker([
    'log',
    'copy',
    '--from',
    from,
    '--to',
    to,
    '--json',
  ]);
  t.is(code, 0, err);
  return (JSON.parse(out) as { readonly digest: string }).digest;
};

/** Waits until so many events have ended and so many builds are done, in every read model. */
const worked = async (service: Service, events: number, builds: number): Promise<void> => {
  await ended(service, events, patient);
  const { DONE } = buildStates;
  const isDone = async (): Promise<boolean> => {
    const rows = await buildsOf(service);
    return rows.length === builds && rows.every(({ state }) => state === DONE);
  };
  await until(service, isDone, patient);
};

const idsOf = (rows: ReadonlyArray<{ readonly id: number }>) => rows.map(({ id }) => id);

const aServer = async (t: ExecutionContext): Promise<string> => {
  const server = await startEventStore({ folder: tempFolder(t) });
  t.teardown(server.stop);
  return server.connectionString;
};

test('a service whose log moves to EventStoreDB and back shows the same, builds nothing twice, and goes on', async (t) => {
  const distribution = distributionOf(
    ...['base:f28 holds bash@f28', 'leaf:f28 needs base:f28 holds zsh@f28'],
  );
  const sandbox = await aSandbox(t, { distribution });
  const [first, second, third] = [tempFolder(t), tempFolder(t), tempFolder(t)];
  const eventStore = await aServer(t);
  const policy = policyFile(t, {});
  const at = (data: string, more: Partial<Config> = {}): Config =>
    configFor(sandbox, data, { policy, ...more });
  await settledIn(at(first));

  const start = await runningIn(t, at(first));
  await commit(sandbox, 'rpms/bash');
  await worked(start.service, 1, 2);
  await commit(sandbox, 'rpms/zsh');
  await worked(start.service, 2, 3);
  const before = await shownBy(start.service);
  t.deepEqual(
    [idsOf(before.events), idsOf(before.builds)],
    [
      [1, 2],
      [1, 2, 3],
    ],
  );
  await start.end();

  const digest = await copied(t, first, eventStore);
  const moved = await runningIn(t, at(second, { eventStore }));
  t.is(moved.service.stores.logId, start.service.stores.logId);
  t.deepEqual(await shownBy(moved.service), before);
  await commit(sandbox, 'rpms/bash');
  await worked(moved.service, 3, 5);
  const after = await shownBy(moved.service);
  t.deepEqual(
    [idsOf(after.events), idsOf(after.builds)],
    [
      [1, 2, 3],
      [1, 2, 3, 4, 5],
    ],
  );
  t.deepEqual(after.builds.slice(0, 3), before.builds);
  await moved.end();

  t.not(await copied(t, eventStore, third), digest);
  const back = await runningIn(t, at(third));
  t.deepEqual(await shownBy(back.service), after);
  // Pushed while the log moved or after: heard once, and built with the next number.
  await commit(sandbox, 'rpms/zsh');
  await worked(back.service, 4, 6);
  const last = await shownBy(back.service);
  t.deepEqual(
    [idsOf(last.events), idsOf(last.builds)],
    [
      [1, 2, 3, 4],
      [1, 2, 3, 4, 5, 6],
    ],
  );
  t.deepEqual(await submissions(sandbox), [201, 201, 201, 201, 201, 201]);
  t.is(must(await verify(back.service.stores.log)()).faultCount, 0);
});
