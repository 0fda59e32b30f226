import { setImmediate } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Koji } from '../../clients/koji/port.ts';
import { artifact } from '../../domain/artifact/artifact.ts';
import type { Cause } from '../../domain/artifact/cause-events.ts';
import type { ArtifactCommand } from '../../domain/artifact/commands.ts';
import type { ArtifactState } from '../../domain/artifact/state.ts';
import type { DomainEvent } from '../../domain/catalogue.ts';
import type { ImageContents } from '../../domain/image/events.ts';
import { buildNumbers, imageArtifact, triggerNumbers } from '../../domain/stream-names.ts';
import { artifactStream } from '../../domain/stream-names.ts';
import { appendEvents, carryOut, decodeRecorded, loadStream } from '../../event-log/carry-out.ts';
import type { Hand } from '../../event-log/carry-out.ts';
import type { EventLog } from '../../event-log/event-log.ts';
import type { Clients } from '../../main/backend/clients.ts';
import { clientsOf } from '../../main/backend/clients.ts';
import { adoptFirstPolicy } from '../../main/first-policy.ts';
import { handOf, monotonic } from '../../main/identity.ts';
import type { Sandbox, SandboxOptions } from '../../ops/sandbox/sandbox.ts';
import { claimFrom, newestNumber } from '../../sagas/claim-number.ts';
import { currentPolicyOf } from '../../sagas/current-policy.ts';
import type { ImageStream } from '../../domain/image/holder.ts';
import { carryBuild } from '../../sagas/rebuild/carry-build.ts';
import type { RebuildDeps } from '../../sagas/rebuild/deps.ts';
import { aLog, eventsOf } from './ingest-world.ts';
import { aSandbox, distributionOf, tempFolder } from './sandbox.ts';
import { configFor, must } from './service.ts';
import type { PolicyText } from './story.ts';
import { policyFile } from './story.ts';

export type RebuildWorld = {
  readonly sandbox: Sandbox;
  readonly clients: Clients;
  readonly log: EventLog;
  readonly hand: Hand;
  /** One process that rebuilds, with parts of it changed. */
  readonly process: (change?: Partial<RebuildDeps>) => RebuildProcess;
};
export type RebuildProcess = {
  readonly deps: RebuildDeps;
  readonly act: (stream: string) => ReturnType<ReturnType<typeof carryBuild>>;
};

const streamOf = ({ nvr, ...of }: ImageContents): ImageStream => ({
  artifact: imageArtifact(of.name, of.branch ?? ''),
  ...{ name: of.name, branch: of.branch ?? '', namespace: of.namespace, target: of.target },
  newest: { nvr, buildId: of.buildId, parentNvr: of.parent?.nvr ?? null, arches: of.arches },
});

/** What Koji had of images when the world began, as an index answers it. */
const indexOf = async (koji: Koji): Promise<RebuildDeps['images']> => {
  const { builds } = must(await koji.imageBuilds(0, 1000)());
  const answers = must(await koji.imageContents(builds.map(({ id }) => id))());
  const known = new Map<string, ImageStream>();
  for (const answer of answers) {
    if (answer.type !== 'image') continue;
    const stream = streamOf(answer.contents);
    known.set(stream.artifact, stream);
  }
  return { image: (id) => TE.right({ asOf: '', image: known.get(id) }) };
};

type Scene = {
  readonly images: ReadonlyArray<string>;
  readonly policy?: PolicyText;
  readonly world?: Partial<SandboxOptions>;
};
const settings: RebuildDeps['settings'] = {
  ...{ pollEvery: 5, lookAgainEvery: 5, askTimeout: 500, longestBackOff: 5 },
  ...{ composeLifetime: 86_400_000, imagePatience: 0 },
};

/** A sandbox with images and a log with a policy: all that rebuilding them needs, over real wires. */
export const aRebuildWorld = async (t: ExecutionContext, scene: Scene): Promise<RebuildWorld> => {
  const { images, policy = {}, world = {} } = scene;
  const sandbox = await aSandbox(t, { distribution: distributionOf(...images), ...world });
  const config = configFor(sandbox, tempFolder(t), { kojiTimeout: 1 });
  const clients = clientsOf(config, process.env);
  const log = await aLog(t);
  const hand = handOf(log, 'test');
  must(await adoptFirstPolicy(hand, policyFile(t, policy)));
  const index = await indexOf(clients.koji);
  let processes = 0;
  return {
    ...{ sandbox, clients, log, hand },
    process: (change = {}) => {
      processes += 1;
      const deps: RebuildDeps = {
        ...{ hand, cache: new Map(), policy: currentPolicyOf(log), images: index },
        ...{ mbs: clients.mbs, koji: clients.koji, distGit: clients.distGit, monotonic },
        ...{ claimBuildNumber: claimFrom(hand, buildNumbers), triggerNumbers },
        ...{ owner: `process ${processes}`, logId: 'log', jitter: () => 0, settings },
        report: ({ code, reason }) => t.log(code, reason),
        ...change,
      };
      return { deps, act: carryBuild(deps) };
    },
  };
};

type Claim = {
  readonly number: number;
  readonly kind?: string;
  readonly waitsFor?: ReadonlyArray<string>;
};

/** Gives numbers to triggers until there are so many. */
const numbered = async ({ hand }: RebuildWorld, number: number): Promise<void> => {
  const next = claimFrom(hand, triggerNumbers);
  while (must(await newestNumber(hand, triggerNumbers)) < number) {
    must(await next('trigger', { correlationId: 'm' }));
  }
};

/** A trigger claims an image (`httpd:f28`): `t<number>`. Answers the image's stream. */
export const claim = async (
  world: RebuildWorld,
  image: string,
  { number, kind = 'BodhiUpdateCompleteStableEvent', waitsFor = [] }: Claim,
): Promise<string> => {
  const { hand } = world;
  await numbered(world, number);
  const [name = '', branch = ''] = image.split(':');
  const id = imageArtifact(name, branch);
  const stream = artifactStream('real', id);
  const at = hand.now();
  const build = must(await claimFrom(hand, buildNumbers)(stream, { correlationId: 'm' }));
  const cause: Cause = {
    ...{ trigger: `t${number}`, number, kind, searchKey: 's', messageId: `m${number}` },
    ...{ reason: 'directly_affected', code: 'holds-older-version', because: 'an update' },
  };
  await tellArtifact(hand, stream, {
    ...{ type: 'TakeCause', artifact: id, name, branch, rehearsal: false, cause, waitsFor },
    ...{ at, notBefore: at, build },
  });
  return stream;
};

export const tellArtifact = async (
  hand: Hand,
  stream: string,
  command: ArtifactCommand,
): Promise<ArtifactState> =>
  must(await carryOut(hand)(stream, artifact, { correlationId: 'm' }, command)).state;

export const stateOf = async ({ log }: RebuildWorld, stream: string): Promise<ArtifactState> =>
  must(await loadStream(log)(stream, artifact)).state;

/** Everything a stream says. */
export const saidIn = async (
  { log }: RebuildWorld,
  stream: string,
): Promise<ReadonlyArray<DomainEvent>> =>
  (await eventsOf(log, stream)).map((recorded) => must(decodeRecorded(recorded)));

export const said = async <Type extends DomainEvent['type']>(
  world: RebuildWorld,
  stream: string,
  type: Type,
): Promise<ReadonlyArray<Extract<DomainEvent, { readonly type: Type }>>> =>
  (await saidIn(world, stream)).filter(
    (event): event is Extract<DomainEvent, { readonly type: Type }> => event.type === type,
  );

/** Looks at a stream until this holds of its state; what hinders is looked at again. */
export const carryUntil = async (
  world: RebuildWorld,
  { act }: RebuildProcess,
  stream: string,
  holds: (state: ArtifactState) => boolean,
): Promise<ArtifactState> => {
  for (;;) {
    const state = await stateOf(world, stream);
    if (holds(state)) return state;
    await act(stream);
    await setImmediate();
  }
};

export const isOver = ({ running, planned }: ArtifactState): boolean =>
  running === null && planned === null;

/** Writes down what a compose's stream or any other says, as if its saga had. */
export const write = async (
  { hand, log }: RebuildWorld,
  stream: string,
  ...events: ReadonlyArray<DomainEvent>
): Promise<void> => {
  const last = must(await log.last(stream)());
  const head =
    last === undefined ? undefined : { revision: last.revision, hash: last.metadata.hash };
  const written = await appendEvents(hand)(stream, head, { correlationId: 'm' }, events);
  if (E.isLeft(written)) throw new Error(JSON.stringify(written.left));
};
