import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import { startBackend } from '../../main/backend/backend.ts';
import type { Backend } from '../../main/backend/backend.ts';
import { backfillImages } from '../../main/backend/backfill-images.ts';
import { backfillModules } from '../../main/backend/backfill-modules.ts';
import type { Clients } from '../../main/backend/clients.ts';
import { clientsOf } from '../../main/backend/clients.ts';
import { loadConfig } from '../../main/config/load-config.ts';
import type { Config } from '../../main/config/settings.ts';
import { adoptFirstPolicy } from '../../main/first-policy.ts';
import { handOf } from '../../main/identity.ts';
import { loggerFor } from '../../main/logger.ts';
import type { Stores } from '../../main/open-stores.ts';
import { openStores } from '../../main/open-stores.ts';
import { buildsModel } from '../../projectors/builds/row.ts';
import type { BuildRow } from '../../projectors/builds/row.ts';
import { eventsModel } from '../../projectors/events/row.ts';
import type { EventRow } from '../../projectors/events/row.ts';
import type { Model, Where } from '../../projectors/read-models.ts';
import type { Sandbox } from '../../ops/sandbox/sandbox.ts';

/** Right, or the test ends with what was left. */
export const must = <A>(result: E.Either<unknown, A>): A => {
  if (E.isRight(result)) return result.right;
  throw new Error(JSON.stringify(result.left));
};

const policies = fileURLToPath(new URL('../fixtures/policies/', import.meta.url));

/** A configuration for a sandbox, quick in everything. */
export const configFor = (
  sandbox: Omit<Sandbox, 'url' | 'gitFolder' | 'close'>,
  data: string,
  more: Partial<Config> = {},
): Config => ({
  ...must(loadConfig({}, { data })),
  ...{ mbsUrl: sandbox.mbsUrl, gitUrl: sandbox.gitUrl, feedUrl: sandbox.feedUrl },
  ...{ kojiUrl: sandbox.kojiUrl, odcsUrl: sandbox.odcsUrl, bodhiUrl: sandbox.bodhiUrl },
  datagrepperUrl: sandbox.datagrepperUrl,
  ...{ kojiLogin: 'plain', kojiTimeout: 2, odcsTimeout: 2 },
  ...{
    mbsSubmitTimeout: 1,
    mbsReadTimeout: 2,
    pollEvery: 0.5,
    lookAgainEvery: 0.5,
    writerLease: 1,
  },
  ...{ policy: `${policies}quick.yaml`, logLevel: 'silent' },
  ...more,
});

export type Service = {
  readonly stores: Stores;
  readonly config: Config;
  readonly backend: Backend;
};

/** A backend in this process, its modules backfilled, stopped when the test ends. */
export const aService = async (
  t: ExecutionContext,
  config: Config,
  change: (stores: Stores, clients: Clients) => { stores: Stores; clients: Clients } = (
    stores,
    clients,
  ) => ({ stores, clients }),
): Promise<Service> => {
  const opened = must(await openStores(config));
  const { stores, clients } = change(opened, clientsOf(config, process.env));
  const hand = handOf(stores.log, 'test');
  if (config.policy !== null) must(await adoptFirstPolicy(hand, config.policy));
  must(await backfillModules({ hand, mbs: clients.mbs }, () => undefined));
  must(await backfillImages({ hand, koji: clients.koji }, () => undefined));
  const backend = startBackend(config, stores, clients, loggerFor(config));
  t.teardown(async () => {
    await backend.stop(10_000);
    await opened.close();
  });
  return { stores, config, backend };
};

const rows = async <Body>({ stores }: Service, model: Model, where: ReadonlyArray<Where>) => {
  const query = { where, orderBy: [{ field: 'id' }], offset: 0, limit: 10_000 };
  const found = must(await stores.readModels.reader(model).find(query)());
  return found.map(({ body }) => body as Body);
};

export const buildsOf = (service: Service): Promise<ReadonlyArray<BuildRow>> =>
  rows<BuildRow>(service, buildsModel, []);
export const eventsOf = (service: Service): Promise<ReadonlyArray<EventRow>> =>
  rows<EventRow>(service, eventsModel, []);

/** Follows the log until this holds; fails after so many seconds without it. */
export const until = async (
  { stores }: Pick<Service, 'stores'>,
  holds: () => Promise<boolean>,
  seconds = 30,
): Promise<void> => {
  const deadline = performance.now() + seconds * 1000;
  const isLate = (): boolean => performance.now() > deadline;
  while (!(await holds())) {
    if (isLate()) throw new Error(`not within ${seconds} s: ${holds.toString().slice(0, 200)}`);
    // Not AbortSignal.any of time-outs: Node 20 may collect those before they fire.
    const quiet = new AbortController();
    const timer = setTimeout(() => quiet.abort(), 200);
    const head = must(await stores.log.head()());
    for await (const page of stores.log.tail(head, {}, quiet.signal)) {
      if (page.events.length > 0) break;
    }
    clearTimeout(timer);
  }
};

/** Runs a script of test/support with arguments as a process of its own, until it ends. */
export const runToDeath = async (
  script: string,
  args: ReadonlyArray<string>,
): Promise<{
  readonly signal: string | null;
  readonly code: number | null;
  readonly said: string;
}> => {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(process.execPath, ['--import=tsx', file, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes: Buffer) => (said += bytes.toString('utf8')));
  }
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return { code, signal, said };
};
