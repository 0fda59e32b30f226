import * as E from 'fp-ts/lib/Either.js';
import type { KojiFailure, KojiRpm } from '../../clients/koji/port.ts';
import type { MbsFailure } from '../../clients/mbs/port.ts';
import { evrText } from '../../domain/rpm/evr.ts';
import { parseNvr } from '../../domain/rpm/nvr.ts';
import type { Noticed, TriggerState } from '../../domain/trigger/trigger.ts';
import type { ShippedBuild, SkippedBuild, UpdatedRpm } from '../../domain/wave/lookups.ts';
import { buildsOf, unknownUpdateOf } from '../../domain/wave/lookups.ts';
import type { Hindrance } from '../act.ts';
import { isBeyondDescribing } from '../record-contents.ts';
import { forEach } from '../side-by-side.ts';
import type { WaveDeps } from './deps.ts';
import type { Answers } from './record-answers.ts';

/** What one build of the update holds, or why that is not known. */
type Found = {
  readonly rpms: ReadonlyArray<UpdatedRpm>;
  readonly skipped: ReadonlyArray<SkippedBuild>;
};
type Finding = Promise<E.Either<Hindrance, Found>>;

/** Builds asked about side by side. */
const atOnce = 4;

const skipped = (nvr: string, code: string, reason: string): Found => ({
  rpms: [],
  skipped: [{ nvr, code, reason }],
});

const isOfUse = ({ name, arch }: KojiRpm): boolean =>
  !['src', 'nosrc'].includes(arch) && !/-(?:debuginfo|debugsource)$/u.test(name);

/** Koji does not know it, or nobody can read what it says: asking again will not help. */
const isBeyond = ({ code }: KojiFailure): boolean =>
  code === 'koji-missing' || code === 'koji-unreadable';

const beyond = (nvr: string, failure: KojiFailure): E.Either<Hindrance, Found> =>
  isBeyond(failure) ? E.right(skipped(nvr, failure.code, failure.reason)) : E.left(failure);

const ofRpmBuild = async ({ koji }: WaveDeps, nvr: string): Finding => {
  const build = await koji.build(nvr)();
  if (E.isLeft(build)) return beyond(nvr, build.left);
  const rpms = await koji.rpmsOf(build.right.id)();
  if (E.isLeft(rpms)) return beyond(nvr, rpms.left);
  const useful = rpms.right.filter(isOfUse);
  if (useful.length === 0) {
    return E.right(skipped(nvr, 'no-rpms', `Koji knows ${nvr}, and no RPM that images hold.`));
  }
  return E.right({
    rpms: useful.map((rpm) => ({ by: 'rpm', name: rpm.name, evr: evrText(rpm), build: nvr })),
    skipped: [],
  });
};

const together = (found: ReadonlyArray<Found>): Found => ({
  rpms: found.flatMap(({ rpms }) => rpms),
  skipped: found.flatMap((each) => each.skipped),
});

/** A module's name as an NVR: `name-stream-version.context`, dashes of the stream as underscores. */
const moduleShape = /^(?<name>.+)-(?<stream>[^-]+)-(?<version>\d+)\.(?<context>[^-.]+)$/u;

const ofModule = async (deps: WaveDeps, nvr: string): Finding => {
  const { name, stream, version, context } = moduleShape.exec(nvr)?.groups ?? {};
  if (
    name === undefined ||
    stream === undefined ||
    version === undefined ||
    context === undefined
  ) {
    const reason = `${nvr} is no name-stream-version.context of a module.`;
    return E.right(skipped(nvr, 'not-a-module', reason));
  }
  const builds = await deps.mbs.rpmBuilds(name, stream, version, context)();
  if (E.isLeft(builds)) {
    const failure: MbsFailure = builds.left;
    if (!isBeyondDescribing(failure)) return builds;
    return E.right(skipped(nvr, failure.code, failure.reason));
  }
  const found = await forEach(builds.right, atOnce, (each) => ofRpmBuild(deps, each));
  return E.map(together)(found);
};

const ofBuild = (deps: WaveDeps, { nvr, type }: ShippedBuild): Finding => {
  if (type === 'rpm' || type === '') return ofRpmBuild(deps, nvr);
  if (type === 'module') return ofModule(deps, nvr);
  const reason = `${nvr} is a ${type}: only RPMs and modules are looked for in images.`;
  return Promise.resolve(E.right(skipped(nvr, 'other-type', reason)));
};

/** In a rehearsal nobody is asked: what was built from the same source is looked for. */
const bySource = ({ nvr, type }: ShippedBuild): Found => {
  const parsed = parseNvr(nvr);
  if (type !== 'rpm' && type !== '') {
    const reason = `${nvr} is a ${type}, and a rehearsal does not ask what is in it.`;
    return skipped(nvr, 'not-asked', reason);
  }
  if (E.isLeft(parsed)) return skipped(nvr, parsed.left.code, parsed.left.reason);
  const rpm: UpdatedRpm = {
    ...{ by: 'source', name: parsed.right.name, evr: evrText(parsed.right), build: nvr },
  };
  return { rpms: [rpm], skipped: [] };
};

const distinct = (rpms: ReadonlyArray<UpdatedRpm>): ReadonlyArray<UpdatedRpm> => {
  const byName = new Map(rpms.map((rpm) => [`${rpm.name} ${rpm.evr}`, rpm]));
  return [...byName].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, rpm]) => rpm);
};

/** The RPMs of everything that shipped: names and versions, without sources and debug packages. */
export const lookUpRpms = async (
  deps: WaveDeps,
  { rehearsal, reading }: Noticed,
  lookups: TriggerState['lookups'],
): Promise<E.Either<Hindrance, Answers>> => {
  const builds = buildsOf(lookups);
  const found = rehearsal
    ? E.right(builds.map(bySource))
    : await forEach(builds, atOnce, (build) => ofBuild(deps, build));
  if (E.isLeft(found)) return found;
  const all = together(found.right);
  const unknown = unknownUpdateOf(lookups);
  const code = rehearsal ? 'not-asked' : 'bodhi-missing';
  const update = unknown === null ? [] : skipped(reading.searchKey, code, unknown).skipped;
  return E.right({
    whole: [],
    lists: [
      { question: 'rpms', entries: distinct(all.rpms), asOf: '' },
      { question: 'skipped', entries: [...update, ...all.skipped], asOf: '' },
    ],
  });
};
