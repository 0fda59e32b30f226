import { createHash } from 'node:crypto';
import type { ExecutionContext } from 'ava';
import type { VersionedPolicy } from '../../../../domain/policy/current.ts';
import { triggerStream } from '../../../../domain/stream-names.ts';
import { trigger } from '../../../../domain/trigger/trigger.ts';
import { loadStream } from '../../../../event-log/carry-out.ts';
import { appendMessage } from '../../../../ingest/append-message.ts';
import { normalise } from '../../../../ingest/normal-form.ts';
import { startBackend } from '../../../../main/backend/backend.ts';
import { clientsOf } from '../../../../main/backend/clients.ts';
import { adoptPolicy } from '../../../../main/commands/policy.ts';
import { loadConfig } from '../../../../main/config/load-config.ts';
import { handOf } from '../../../../main/identity.ts';
import { loggerFor } from '../../../../main/logger.ts';
import { openStores } from '../../../../main/open-stores.ts';
import type { BuildRow } from '../../../../projectors/builds/row.ts';
import { buildStates } from '../../../../projectors/builds/row.ts';
import type { EventRow } from '../../../../projectors/events/row.ts';
import { recordImageContents } from '../../../../sagas/record-image-contents.ts';
import { aFolder } from '../../ingest-world.ts';
import { buildsOf, eventsOf, must, until } from '../../service.ts';
import type { Message, Scenario } from '../recorded.ts';
import type { Request } from './recorded-images.ts';
import { imagesOf } from './recorded-images.ts';
import { aDistGit, aKoji } from './surroundings.ts';

export type PlayedImages = {
  readonly requests: ReadonlyArray<Request>;
  readonly events: ReadonlyArray<EventRow>;
  readonly builds: ReadonlyArray<BuildRow>;
};

/** The original's rules of these scenarios allow every image, or none. */
const policyOf = ({ allow }: Scenario): VersionedPolicy => {
  const policy: VersionedPolicy['policy'] = {
    rules:
      Object.keys(allow).length === 0
        ? []
        : [{ id: 'images', verdict: 'allow', when: { match: { kind: ['image'] } } }],
    ...{ quietWindow: 0, longestWait: 86_400, oldestTrigger: 3_153_600_000 },
    retries: { submission: 0, build: 0, backOff: 0 },
    pushes: { authoritative: 'git.receive', coverWindow: 1 },
  };
  const text = JSON.stringify(policy);
  return { version: createHash('sha256').update(text).digest('hex').slice(0, 12), text, policy };
};

const spot: Message = {
  msg_id: 'a-spot-nobody-builds',
  topic: 'org.fedoraproject.prod.git.receive',
  msg: {
    commit: {
      ...{ namespace: 'rpms', repo: 'spot', branch: 'b', rev: '1' },
      stats: { files: { 'spot.spec': {} } },
    },
  },
};

/** Runs a scenario of images until nothing is left to ask Koji for. */
export const playImages = async (
  t: ExecutionContext,
  scenario: Scenario,
  gitBase: string,
): Promise<PlayedImages> => {
  const requests: Array<Request> = [];
  const config = {
    ...must(loadConfig({}, { data: aFolder(t) })),
    ...{ pollEvery: 86_400, lookAgainEvery: 1, logLevel: 'silent' },
  } as const;
  const stores = must(await openStores(config));
  const hand = handOf(stores.log, 'test');
  must(await adoptPolicy(hand)(policyOf(scenario), { by: 'test', why: scenario.name }));
  for (const [at, { name, branch, rpms }] of imagesOf(scenario).entries()) {
    const held = rpms.map((rpm) => ({ nvr: `${rpm}-0-1.fc27`, epoch: null, source: rpm }));
    const contents = {
      ...{ buildId: at + 1, nvr: `${name}-0-1`, component: name, namespace: 'container', name },
      ...{ branch, target: null, commit: null, parent: null, arches: ['x86_64'], rpms: held },
      ...{ taskId: null, completedAt: null },
    };
    must(await recordImageContents(hand, { correlationId: 'test' }, contents));
  }
  const koji = aKoji(scenario, requests);
  const clients = { ...clientsOf(config, {}), koji, distGit: aDistGit(scenario, gitBase) };
  const backend = startBackend(config, stores, clients, loggerFor(config));
  t.teardown(async () => {
    await backend.stop(10_000);
    await stores.close();
  });
  const service = { stores, config, backend };
  for (const message of [...scenario.steps.map((step) => step.message), spot]) {
    const ingest = { ...hand, transport: 'test' };
    must(await appendMessage(ingest)(must(normalise(message)), 'real')());
  }
  const isOver = async (id: string): Promise<boolean> => {
    const { state } = must(await loadStream(stores.log)(triggerStream('real', id), trigger));
    return state.concluded !== null;
  };
  const isDecided = async (): Promise<boolean> => {
    const events = (await eventsOf(service)).filter(
      ({ searchKey }) => !searchKey.startsWith('spot'),
    );
    const builds = await buildsOf(service);
    const isBusy = ({ id }: EventRow): boolean => builds.some((one) => one.eventIds.includes(id));
    const over = await Promise.all(
      events.map(async (event) => isBusy(event) || (await isOver(event.trigger))),
    );
    return over.every(Boolean) && builds.every(({ state }) => state !== buildStates.PLANNED);
  };
  await until(service, async () => (await isOver('git:rpms/spot@b@1')) && (await isDecided()), 60);
  const events = await eventsOf(service);
  return {
    requests,
    events: events.filter(({ searchKey }) => !searchKey.startsWith('spot')),
    builds: await buildsOf(service),
  };
};
