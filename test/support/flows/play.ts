import type { ExecutionContext } from 'ava';
import { triggerStream } from '../../../domain/stream-names.ts';
import { trigger } from '../../../domain/trigger/trigger.ts';
import { loadStream } from '../../../event-log/carry-out.ts';
import { appendMessage } from '../../../ingest/append-message.ts';
import { normalise } from '../../../ingest/normal-form.ts';
import { backfillModules } from '../../../main/backend/backfill-modules.ts';
import { startBackend } from '../../../main/backend/backend.ts';
import { clientsOf } from '../../../main/backend/clients.ts';
import { adoptPolicy } from '../../../main/commands/policy.ts';
import { loadConfig } from '../../../main/config/load-config.ts';
import { handOf } from '../../../main/identity.ts';
import { loggerFor } from '../../../main/logger.ts';
import { openStores } from '../../../main/open-stores.ts';
import type { BuildRow } from '../../../projectors/builds/row.ts';
import { buildsModel } from '../../../projectors/builds/row.ts';
import type { DecisionRow } from '../../../projectors/decisions/row.ts';
import { decisionsModel } from '../../../projectors/decisions/row.ts';
import type { EventRow } from '../../../projectors/events/row.ts';
import { eventsModel } from '../../../projectors/events/row.ts';
import type { Model } from '../../../projectors/read-models.ts';
import { aFolder } from '../ingest-world.ts';
import type { Service } from '../service.ts';
import { must, until } from '../service.ts';
import { isAtRest } from './at-rest.ts';
import { recordExisting } from './existing.ts';
import type { FlowPlan } from './plan.ts';
import { planOf } from './plan.ts';
import type { Message, Scenario } from './recorded.ts';
import { moduleStateOf } from './recorded.ts';
import { permits, policyOf } from './rules.ts';
import type { World } from './world.ts';
import { aWorld } from './world.ts';

/** What our service made of a scenario, and what was expected of it. */
export type Played = {
  readonly plan: FlowPlan;
  readonly world: World;
  readonly events: ReadonlyArray<EventRow>;
  readonly builds: ReadonlyArray<BuildRow>;
  readonly decisions: ReadonlyArray<DecisionRow>;
};

const aDay = 86_400;
/** Seconds. */
const patience = 60;

/** A backend over an embedded log of its own, told of the outside by messages alone. */
const aBackend = async (t: ExecutionContext, scenario: Scenario, world: World) => {
  const data = aFolder(t);
  const config = {
    ...must(loadConfig({}, { data })),
    pollEvery: aDay,
    logLevel: 'silent',
  } as const;
  const stores = must(await openStores(config));
  const hand = handOf(stores.log, 'test');
  must(await adoptPolicy(hand)(policyOf(scenario), { by: 'test', why: scenario.name }));
  must(await backfillModules({ hand, mbs: world.mbs }, () => undefined));
  await recordExisting(hand, scenario, permits(scenario));
  const clients = { ...clientsOf(config, {}), ...world };
  const backend = startBackend(config, stores, clients, loggerFor(config));
  t.teardown(async () => {
    await backend.stop(10_000);
    await stores.close();
  });
  return { stores, config, backend };
};

const hear = async ({ stores }: Service, message: Message): Promise<void> => {
  const ingest = { ...handOf(stores.log, 'test'), transport: 'test' };
  const normal = must(normalise(message));
  must(await appendMessage(ingest)(normal, 'real')());
};

const spot = 'a-spot-nobody-builds';

/** Messages are taken in their order: when one that came later is done with, so are all before. */
const rest = async (service: Service, step: number): Promise<void> => {
  const { log } = service.stores;
  await hear(service, {
    msg_id: `${spot}-${step}`,
    topic: 'org.fedoraproject.prod.git.receive',
    msg: {
      commit: {
        ...{ namespace: 'rpms', repo: spot, branch: 'b', rev: String(step) },
        stats: { files: { [`${spot}.spec`]: {} } },
      },
    },
  });
  const stream = triggerStream('real', `git:rpms/${spot}@b@${step}`);
  await until(
    service,
    async () => {
      const { state } = must(await loadStream(log)(stream, trigger));
      return state.concluded !== null && (await isAtRest(log));
    },
    patience,
  );
};

const rowsOf = async <Body>(service: Service, model: Model): Promise<ReadonlyArray<Body>> => {
  const { log, readModels } = service.stores;
  const reader = readModels.reader(model);
  const head = must(await log.head()());
  await until(service, async () => {
    const checkpoint = must(await reader.checkpoint()());
    return checkpoint !== undefined && checkpoint.position >= head;
  });
  const found = must(await reader.find({ where: [], orderBy: [], offset: 0, limit: 10_000 })());
  return found.map(({ body }) => body as Body);
};

/** Runs a scenario to its end: each message once its turn has come, and all that follows from it. */
export const play = async (
  t: ExecutionContext,
  scenario: Scenario,
  gitBase: string,
): Promise<Played> => {
  const plan = planOf(scenario, permits(scenario));
  const world = aWorld(scenario, plan, gitBase);
  const service = await aBackend(t, scenario, world);
  const ours = new Set(plan.expected.map(({ id }) => id));
  // A ready message comes after its submission, which may be later here than it was there.
  const isEarly = (message: Message): boolean => {
    const id = moduleStateOf(message)?.id ?? null;
    return id !== null && ours.has(id) && !world.knows(id);
  };
  let held: ReadonlyArray<Message> = [];
  let step = 0;
  const tell = async (message: Message): Promise<void> => {
    world.arrange(message);
    await hear(service, message);
    step += 1;
    await rest(service, step);
  };
  const release = async (): Promise<void> => {
    const next = held.find((message) => !isEarly(message));
    if (next === undefined) return;
    held = held.filter((message) => message !== next);
    await tell(next);
    await release();
  };
  for (const message of plan.heard) {
    if (isEarly(message)) held = [...held, message];
    else await tell(message);
    await release();
  }
  const events = await rowsOf<EventRow>(service, eventsModel);
  return {
    ...{ plan, world },
    events: events.filter(({ searchKey }) => !searchKey.startsWith(spot)),
    builds: await rowsOf<BuildRow>(service, buildsModel),
    decisions: await rowsOf<DecisionRow>(service, decisionsModel),
  };
};
