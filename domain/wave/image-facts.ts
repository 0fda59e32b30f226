import * as E from 'fp-ts/lib/Either.js';
import type { JsonObject } from '../json.ts';
import type { Evr } from '../rpm/evr.ts';
import { compareEvr } from '../rpm/evr.ts';
import { isModular, parseNvr } from '../rpm/nvr.ts';
import { artifactParts } from '../stream-names.ts';
import type { TriggerState } from '../trigger/trigger.ts';
import type { Held, HeldImage, UpdatedRpm } from './lookups.ts';
import { branchOf, imagesOf, rpmsOf } from './lookups.ts';
import type { Direct } from './facts.ts';

type Lookups = TriggerState['lookups'];

const unreadable: Evr = { epoch: null, version: '', release: '' };
const evrOf = (text: string): Evr => {
  const read = parseNvr(`_-${text}`);
  return E.isRight(read) ? read.right : unreadable;
};

/** Source packages are asked for by name, version and release: what they built may have an epoch. */
const order = ({ by, evr }: UpdatedRpm, held: string): number => {
  const [theirs, ours] = [evrOf(held), evrOf(evr)];
  return by === 'rpm'
    ? compareEvr(theirs, ours)
    : compareEvr({ ...theirs, epoch: null }, { ...ours, epoch: null });
};

/** The newest version of each name that the update brings. */
const newestOf = (rpms: ReadonlyArray<UpdatedRpm>): ReadonlyMap<string, UpdatedRpm> => {
  const newest = new Map<string, UpdatedRpm>();
  for (const rpm of rpms) {
    const known = newest.get(rpm.name);
    if (known === undefined || order(rpm, known.evr) < 0) newest.set(rpm.name, rpm);
  }
  return newest;
};

type Finding = {
  readonly code: string;
  readonly evidence: JsonObject & { readonly held: string };
};

/** From the most telling to the least, where an image holds several RPMs of the update. */
const byWeight = [
  'holds-older-version',
  'already-holds-this-or-newer',
  'no-longer-holds',
  'other-modularity',
  'never-held-older',
];

const finding = (code: string, image: string, held: string, update: UpdatedRpm): Finding => {
  const evidence = { image, held, update: `${update.name}-${update.evr}`, build: update.build };
  return { code, evidence };
};

/** What one RPM an image held says about the image. */
const heldFinding = (held: Held, update: UpdatedRpm, newest: string): Finding => {
  const { rpm, lowest, lowestIn, last, lastIn, now } = held;
  const telling = now ? last : lowest;
  if (isModular(`_-${telling}`) !== isModular(`_-${update.evr}`)) {
    return finding('other-modularity', now ? lastIn : lowestIn, `${rpm}-${telling}`, update);
  }
  if (now) {
    const isOlder = order(update, last) < 0;
    const code = isOlder ? 'holds-older-version' : 'already-holds-this-or-newer';
    return finding(code, lastIn, `${rpm}-${last}`, update);
  }
  if (order(update, lowest) >= 0) {
    return finding('never-held-older', lowestIn, `${rpm}-${lowest}`, update);
  }
  const { code, evidence } = finding('no-longer-holds', lastIn, `${rpm}-${last}`, update);
  return { code, evidence: { ...evidence, newest } };
};

const mostTelling = (
  { held, nvr }: HeldImage,
  updates: ReadonlyMap<string, UpdatedRpm>,
): Finding | undefined => {
  const findings = held.flatMap((each) => {
    const update = updates.get(each.asked);
    return update === undefined ? [] : [heldFinding(each, update, nvr)];
  });
  const code = byWeight.find((weighty) => findings.some((each) => each.code === weighty));
  return findings.find((each) => each.code === code);
};

const releaseBranch = /^(?:f\d+|epel\d+(?:\.\d+)?(?:-next)?|eln)$/u;
const rawhide = ['rawhide', 'main', 'master'];

/** `epel10` is the branch of the newest of `epel10.0`, `epel10.1` and so on. */
const isMinorOf = (minor: string, branch: string): boolean => minor.startsWith(`${branch}.`);

/** Both are branches of one release each, and of different ones; Rawhide is not ELN. */
const isOtherRelease = (branch: string, ofUpdate: string | null): boolean =>
  ofUpdate !== null &&
  branch !== ofUpdate &&
  !isMinorOf(branch, ofUpdate) &&
  !isMinorOf(ofUpdate, branch) &&
  releaseBranch.test(ofUpdate) &&
  (releaseBranch.test(branch) || (ofUpdate === 'eln' && rawhide.includes(branch)));

const fedoraOf = (text: string, pattern: RegExp): number => Number(pattern.exec(text)?.[1]);

/** The image's branch names no release, and what it held was built for a later one than the update. */
const isOfLaterRelease = (
  branch: string,
  { evidence: { held } }: Finding,
  ofUpdate: string | null,
): boolean =>
  ofUpdate !== null &&
  !releaseBranch.test(branch) &&
  fedoraOf(held, /\.fc(\d+)/u) > fedoraOf(ofUpdate, /^f(\d+)$/u);

const distTag = /\.(?<dist>fc|eln|el)(?<number>\d+)/u;

/** What the release of its RPMs says the update was built for: `1.fc28` is for f28. */
const branchByDistTag = (rpms: ReadonlyArray<UpdatedRpm>): string | null => {
  const { dist, number } = distTag.exec(rpms[0]?.evr ?? '')?.groups ?? {};
  if (dist === undefined || number === undefined) return null;
  if (dist === 'eln') return dist;
  return `${dist === 'fc' ? 'f' : 'epel'}${number}`;
};

const directOf = (
  image: HeldImage,
  updates: ReadonlyMap<string, UpdatedRpm>,
  ofUpdate: string | null,
): ReadonlyArray<Direct> => {
  const found = mostTelling(image, updates);
  if (found === undefined) return [];
  const { artifact } = image;
  const parts = { artifact, ...artifactParts(artifact) };
  const { code, evidence } = found;
  if (parts.branch === '') return [{ ...parts, code: 'unknown-branch', evidence, declined: true }];
  const { branch } = parts;
  if (isOtherRelease(branch, ofUpdate) || isOfLaterRelease(branch, found, ofUpdate)) {
    const releases = { branch, updateBranch: ofUpdate };
    const why = { ...evidence, ...releases };
    return [{ ...parts, code: 'other-release', evidence: why, declined: true }];
  }
  if (code === 'holds-older-version') return [{ ...parts, code, evidence }];
  return [{ ...parts, code, evidence, declined: true }];
};

/** Every image that ever held something of the update, with what it held and whether that matters. */
export const imagesAffected = (lookups: Lookups): ReadonlyArray<Direct> => {
  const rpms = rpmsOf(lookups);
  const updates = newestOf(rpms);
  const ofUpdate = branchOf(lookups) ?? branchByDistTag(rpms);
  return imagesOf(lookups).flatMap((image) => directOf(image, updates, ofUpdate));
};
