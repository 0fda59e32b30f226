import { randomUUID } from 'node:crypto';
import type { ExecutionContext } from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { BodhiUpdate } from '../../clients/bodhi/port.ts';
import { artifact } from '../../domain/artifact/artifact.ts';
import type { ArtifactState } from '../../domain/artifact/state.ts';
import type { DomainEvent } from '../../domain/catalogue.ts';
import {
  artifactParts,
  artifactStream,
  buildNumbers,
  triggerNumbers,
} from '../../domain/stream-names.ts';
import type { Realm } from '../../domain/stream-names.ts';
import type { Decision } from '../../domain/trigger/decision.ts';
import type { TriggerReading } from '../../domain/trigger/reading.ts';
import type { TriggerState } from '../../domain/trigger/trigger.ts';
import { trigger } from '../../domain/trigger/trigger.ts';
import { decodeRecorded, loadStream } from '../../event-log/carry-out.ts';
import type { Hand } from '../../event-log/carry-out.ts';
import { adoptPolicy } from '../../main/commands/policy.ts';
import { readPolicyFile } from '../../main/policy/read-policy-file.ts';
import { claimFrom } from '../../sagas/claim-number.ts';
import { currentPolicyOf } from '../../sagas/current-policy.ts';
import type { Holder, ImageStream } from '../../domain/image/holder.ts';
import type { UnknownImage } from '../../sagas/open-work.ts';
import { noticeTriggerWith } from '../../sagas/notice/notice-trigger.ts';
import { carryWave } from '../../sagas/wave/carry-wave.ts';
import type { WaveDeps } from '../../sagas/wave/deps.ts';
import { aLog, eventsOf } from './ingest-world.ts';
import { must } from './service.ts';

/** An image on a branch, its newest build, and what that was built on. */
export const anImage = (id: string, on: string | null = null): ImageStream => {
  const { name, branch } = artifactParts(id);
  const newest = { nvr: `${name}-1-2`, buildId: 2, parentNvr: on, arches: ['x86_64'] };
  return { artifact: id, name, branch, namespace: 'container', target: null, newest };
};

/** It has held `rpm` (an NVR) in the newest of its builds, and never any other version. */
export const holding = (image: ImageStream, rpm: string, source = 'openssl'): Holder => {
  const version = { rpm, epoch: null, nvr: image.newest.nvr, buildId: image.newest.buildId };
  const rpmName = rpm.replace(/-[^-]+-[^-]+$/u, '');
  return { image, rpmName, source, lowest: version, first: version, last: version, now: true };
};

export type Outside = {
  /** Names of the RPMs of each build that Koji knows. */
  readonly koji?: Readonly<Record<string, ReadonlyArray<string>>>;
  readonly keys?: ReadonlyArray<string>;
  readonly bodhi?: Pick<BodhiUpdate, 'release' | 'builds'>;
  readonly modules?: Readonly<Record<string, ReadonlyArray<string>>>;
  readonly holders?: ReadonlyArray<Holder>;
  /** Images by the image they are built on. */
  readonly children?: Readonly<Record<string, ReadonlyArray<ImageStream>>>;
};

/** Whatever is outside of the log, as it is now: tests may change it. */
type World = Outside & {
  now: string;
  down: boolean;
  asOf: string;
  unknown: ReadonlyArray<UnknownImage>;
  readonly calls: Array<string>;
};

const evr = (nvr: string) => {
  const [release = '', version = ''] = nvr.split('-').reverse();
  return { epoch: null, version, release };
};

const kojiOf = (world: World): WaveDeps['koji'] => {
  const known = Object.keys(world.koji ?? {});
  const down = TE.left({ code: 'koji-unavailable', reason: 'Nobody answers.' } as const);
  const missing = TE.left({ code: 'koji-missing', reason: 'No such build.' } as const);
  return {
    build: (nvr) => {
      world.calls.push(`koji ${nvr}`);
      if (world.down) return down;
      const id = known.indexOf(String(nvr));
      if (id < 0) return missing;
      return TE.right({ id, nvr: String(nvr), name: '', ...evr(String(nvr)), state: 1 });
    },
    rpmsOf: (id) => {
      const nvr = known[id] ?? '';
      const names = world.koji?.[nvr] ?? [];
      const files = ['x86_64', 's390x'].flatMap((arch) =>
        [...names, 'x-debuginfo'].map((name) => ({ id: 1, name, ...evr(nvr), arch })),
      );
      files.push({ id: 1, name: 'only-as-source', ...evr(nvr), arch: 'src' });
      return TE.right(files);
    },
    signaturesOf: () => {
      world.calls.push('koji signatures');
      return TE.right({ rpms: 2, unsigned: 0, keys: world.keys ?? [] });
    },
  };
};

const imagesOf = (world: World): WaveDeps['images'] => {
  const held = (is: (holder: Holder) => boolean) =>
    TE.right({ asOf: world.asOf, holders: (world.holders ?? []).filter(is) });
  return {
    everHeld: (name) => held(({ rpmName }) => rpmName === name),
    everHeldOfSource: (name) => held(({ source }) => source === name),
    children: (id) => TE.right({ asOf: world.asOf, images: world.children?.[id] ?? [] }),
  };
};

const othersOf = (world: World): Pick<WaveDeps, 'bodhi' | 'mbs' | 'distGit' | 'index'> => ({
  bodhi: {
    update: (alias) => {
      world.calls.push(`bodhi ${alias}`);
      if (world.bodhi === undefined) {
        return TE.left({ code: 'bodhi-missing', reason: `${alias}: no such update.` });
      }
      const rest = { status: 'stable', type: null, severity: null, contentType: 'rpm' };
      return TE.right({ alias, ...rest, ...world.bodhi });
    },
  },
  mbs: {
    contents: () => TE.left({ code: 'mbs-missing', reason: 'none' }),
    rpmBuilds: (...nsvc) => {
      world.calls.push(`mbs ${nsvc.join(':')}`);
      return TE.right(world.modules?.[nsvc.join(':')] ?? []);
    },
  },
  distGit: {
    changedFiles: (namespace, repo) => {
      world.calls.push(`git ${namespace}/${repo}`);
      return TE.right(['Dockerfile']);
    },
  },
  index: {
    holding: () => TE.right({ asOf: '~', modules: [] }),
    dependents: () => TE.right({ asOf: '~', modules: [] }),
  },
});

const typed = async (hand: Hand, stream: string): Promise<ReadonlyArray<DomainEvent>> =>
  (await eventsOf(hand.log, stream)).map((recorded) => must(decodeRecorded(recorded)));

/** A wave saga on a log of its own; everything else is as the test says. */
export const aWaveWorld = async (t: ExecutionContext, outside: Outside, rules: string) => {
  const log = await aLog(t);
  const calls: Array<string> = [];
  const world: World = {
    now: '2026-03-01T10:00:00.000Z',
    down: false,
    unknown: [],
    asOf: '~',
    calls,
    ...outside,
  };
  const hand: Hand = {
    ...{ log, newId: randomUUID, now: () => world.now, actor: 'test', codeVersion: '0' },
  };
  const adopt = async (text: string): Promise<void> => {
    const policy = must(readPolicyFile('p', `oldestTrigger: 36500d\nrules: [${text}]\n`));
    must(await adoptPolicy(hand)(policy, { by: 'me', why: 'test' }));
  };
  await adopt(rules);
  const process = () =>
    carryWave({
      ...{ hand, cache: new Map(), policy: currentPolicyOf(log), ...othersOf(world) },
      ...{ images: imagesOf(world), koji: kojiOf(world) },
      openWork: { openClaims: () => TE.right(0) },
      unknownImages: TE.fromIO(() => ({ asOf: world.asOf, builds: world.unknown })),
      claimBuildNumber: claimFrom(hand, buildNumbers),
      settings: { lookAgainEvery: 60_000, composeLifetime: 3_600_000 },
    });
  const notice = async (reading: TriggerReading, realm: Realm = 'real'): Promise<string> => {
    const context = { correlationId: 'm' };
    const occasion = { messageId: 'm', messageStream: 'message-m', sentAt: world.now, reading };
    const noticeTrigger = noticeTriggerWith(hand, new Map(), claimFrom(hand, triggerNumbers));
    return must(await noticeTrigger(realm, context, occasion));
  };
  const stateOf = async (stream: string): Promise<TriggerState> =>
    must(await loadStream(log)(stream, trigger)).state;
  const artifactOf = async (id: string): Promise<ArtifactState> =>
    must(await loadStream(log)(artifactStream('real', id), artifact)).state;
  return {
    ...{ world, hand, adopt, notice, process, stateOf, artifactOf },
    /** Goes on for as long as there is something to do at once; answers what came last. */
    settle: async (stream: string, act = process()) => {
      for (;;) {
        const next = await act(stream);
        if (E.isLeft(next) || next.right.after !== 0) return next;
      }
    },
    typed: (stream: string) => typed(hand, stream),
    decisions: async (stream: string) =>
      (await stateOf(stream)).decisions.map(({ name, verdict, code }: Decision) => [
        ...[name, verdict, code],
      ]),
  };
};
