import type { ExecutionContext } from 'ava';
import type * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { DifferenceFound, ReconcileEvent } from '../../domain/reconcile/events.ts';
import { reconcileStream } from '../../domain/reconcile/events.ts';
import { decodeRecorded } from '../../event-log/carry-out.ts';
import { start } from '../../event-log/event-log.ts';
import type { Clients } from '../../main/backend/clients.ts';
import { clientsOf } from '../../main/backend/clients.ts';
import { logBeganAt, reconcileDepsOf } from '../../main/backend/reconcile-deps.ts';
import type { Config } from '../../main/config/settings.ts';
import { newOwner } from '../../main/identity.ts';
import type { Stores } from '../../main/open-stores.ts';
import type { Completed } from '../../sagas/reconcile/completed.ts';
import { carryRun } from '../../sagas/reconcile/carry-run.ts';
import { claim } from '../../sagas/reconcile/claim.ts';
import type { ReconcileDeps } from '../../sagas/reconcile/deps.ts';
import type { Sandbox, SandboxOptions } from '../../ops/sandbox/sandbox.ts';
import type { ShownRow } from './sandbox.ts';
import { aSandbox, ask, distributionOf, post, submitHead, tempFolder } from './sandbox.ts';
import type { Service } from './service.ts';
import { aService, configFor, must } from './service.ts';
import { misbehave } from './story.ts';

/** Asks nobody by itself, and reconciles only when told to. */
export const deaf: Partial<Config> = {
  ...{ pollEvery: 3600, reconcileEvery: 1_000_000, reconcileGrace: 0, odcsTimeout: 5 },
};

const found = { types: ['DifferenceFound'] };

/**
 * Clients that see builds and composes as they were when they were last seen before `close`, until a
 * difference is on record: what concludes them then was led there by it.
 */
const blinkers = () => {
  let isClosed = false;
  const blinkered = <Left, Shown>(
    { log }: Stores,
    look: (id: number) => TaskEither<Left, Shown>,
  ): typeof look => {
    const seen = new Map<number, E.Either<Left, Shown>>();
    return (id) => async () => {
      const before = seen.get(id);
      const isFound = async () => must(await log.readAll(start, found, 1)()).events.length > 0;
      if (isClosed && before !== undefined && !(await isFound())) return before;
      const shown = await look(id)();
      if (!isClosed) seen.set(id, shown);
      return shown;
    };
  };
  const change = (stores: Stores, { mbs, koji, odcs, ...others }: Clients) => ({
    stores,
    clients: {
      ...others,
      mbs: { ...mbs, get: blinkered(stores, mbs.get) },
      koji: { ...koji, task: blinkered(stores, koji.task) },
      odcs: { ...odcs, get: blinkered(stores, odcs.get) },
    },
  });
  return { change, close: (): void => void (isClosed = true) };
};

export type DeafStory = {
  readonly sandbox: Sandbox;
  readonly service: Service;
  /** From here on the service sees nothing move, until it is told to look. */
  readonly blind: () => void;
};

/** A sandbox, and a service on it that hears messages and nothing else. */
export const aDeafStory = async (
  t: ExecutionContext,
  lines: ReadonlyArray<string>,
  config: Partial<Config> = {},
  world: Partial<SandboxOptions> = {},
): Promise<DeafStory> => {
  const sandbox = await aSandbox(t, { distribution: distributionOf(...lines), ...world });
  const { change, close } = blinkers();
  const wanted = configFor(sandbox, tempFolder(t), { ...deaf, ...config });
  return { sandbox, service: await aService(t, wanted, change), blind: close };
};

/** What a process of its own reconciles with, on the stores of a service. */
export const reconcileDepsFor = async (
  { config, stores }: Service,
  changes: Partial<ReconcileDeps> = {},
): Promise<ReconcileDeps> => ({
  ...reconcileDepsOf({
    ...{ config, stores, clients: clientsOf(config, process.env), catchUp: null },
    ...{ owner: newOwner(), actor: 'test', logBegan: must(await logBeganAt(stores.log)) },
  }),
  ...changes,
});

/** One run, ordered now; of a process of its own. */
export const reconcileNow = async (
  service: Service,
  changes: Partial<ReconcileDeps> = {},
): Promise<Completed> => {
  const deps = await reconcileDepsFor(service, changes);
  const claimed = must(await claim(deps, { seen: null }, { why: 'order' }));
  if (claimed.type !== 'ours') throw new Error('another run is under way');
  const { signal } = new AbortController();
  return must(await carryRun(deps, claimed.run, claimed.marks, signal));
};

/** Everything on record of reconciles. */
export const reconcileEvents = async ({
  stores,
}: Pick<Service, 'stores'>): Promise<ReadonlyArray<ReconcileEvent>> => {
  const recorded = must(await stores.log.readStream(reconcileStream('real'), 0, 10_000)());
  return recorded.map((one) => must(decodeRecorded(one)) as ReconcileEvent);
};

export const differencesOf = async (
  service: Pick<Service, 'stores'>,
): Promise<ReadonlyArray<DifferenceFound>> =>
  (await reconcileEvents(service)).filter(
    (event): event is DifferenceFound => event.type === 'DifferenceFound',
  );

/** What was compared of each question. */
export const countsOf = ({ asked }: Completed): Readonly<Record<string, number>> =>
  Object.fromEntries(asked.map(({ question, count }) => [question, count]));

/** Asks the sandbox until what it answers is as wanted; there is no message to wait for. */
export const untilShown = async <Shown>(
  sandbox: Sandbox,
  path: string,
  holds: (shown: Shown) => boolean,
  seconds = 60,
): Promise<Shown> => {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const shown = (await ask(sandbox, path)).body as Shown;
    if (holds(shown)) return shown;
    if (performance.now() > deadline) throw new Error(`${path} was not as wanted in ${seconds} s`);
  }
};

/** Whether the build system was asked about the build that runs here, and said that it is at it. */
export const isSeenAtWork = async (
  { stores }: Pick<Service, 'stores'>,
  stream: string,
  stateName: string,
): Promise<boolean> => {
  const recorded = must(await stores.log.readStream(stream, 0, 10_000)());
  return recorded.some(
    ({ type, data }) => type === 'BuildStateObserved' && data['stateName'] === stateName,
  );
};

/** Somebody else has a module built, and nobody tells. */
export const builtByOthers = async (sandbox: Sandbox, name = 'base'): Promise<ShownRow> => {
  await misbehave(sandbox, { kind: 'no-messages', module: name });
  await post(sandbox, '/sandbox/commit', {
    namespace: 'modules',
    repo: name,
    branch: 'f28',
    file: 'README',
  });
  await submitHead(sandbox, name, 'f28');
  const rows = await untilShown<ReadonlyArray<ShownRow>>(sandbox, '/sandbox/rows', (all) =>
    all.some((row, at) => row.name === name && row.state === 5 && at === all.length - 1),
  );
  const row = rows.at(-1);
  if (row === undefined) throw new Error('no row');
  await fetch(`${sandbox.url}/sandbox/misbehave`, { method: 'DELETE' });
  return row;
};
