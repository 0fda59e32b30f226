import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { Count, decode, texts } from '../codec.ts';
import type { Json, JsonObject } from '../json.ts';
import { isJsonObject } from '../json.ts';
import type { TriggerState } from '../trigger/trigger.ts';
import type { Edge } from './facts.ts';

type Lookups = TriggerState['lookups'];

/** A build that shipped, or was signed. */
export const ShippedBuild = t.strict({ nvr: t.string, type: t.string }, 'shipped build');
export type ShippedBuild = t.TypeOf<typeof ShippedBuild>;

/**
 * One version that the update brings: of a binary RPM, or (in a rehearsal, where Koji is not asked)
 * of everything built from a source package.
 */
export const UpdatedRpm = t.strict(
  {
    by: t.union([t.literal('rpm'), t.literal('source')]),
    name: t.string,
    /** `version-release`, with `epoch:` in front where there is one. */
    evr: t.string,
    build: t.string,
  },
  'rpm of the update',
);
export type UpdatedRpm = t.TypeOf<typeof UpdatedRpm>;

/** A build of the update that nothing could be learnt of, and why. */
export const SkippedBuild = t.strict(
  { nvr: t.string, code: t.string, reason: t.string },
  'skipped build',
);
export type SkippedBuild = t.TypeOf<typeof SkippedBuild>;

/** An RPM an image held at any time: the lowest version and the last, with the image builds. */
export const Held = t.strict(
  {
    /** The name of the update's RPM, or source package, that was asked for. */
    asked: t.string,
    rpm: t.string,
    lowest: t.string,
    lowestIn: t.string,
    last: t.string,
    lastIn: t.string,
    /** The newest build holds it, in version `last`. */
    now: t.boolean,
  },
  'held rpm',
);
export type Held = t.TypeOf<typeof Held>;

/** An image that held something of the update at any time. */
export const HeldImage = t.strict(
  {
    artifact: t.string,
    /** Of its newest build. */
    nvr: t.string,
    arches: texts,
    held: t.readonlyArray(Held),
  },
  'image that held an rpm',
);
export type HeldImage = t.TypeOf<typeof HeldImage>;

/** `child` is an image whose newest build `nvr` was built on a build of `on`. */
export const ChildImage = t.strict(
  { on: t.string, child: t.string, nvr: t.string, arches: texts },
  'child image',
);
export type ChildImage = t.TypeOf<typeof ChildImage>;

/** What Koji says of the signatures of a signed build; no keys where it does not know the build. */
export const SignedBuild = t.strict(
  { nvr: t.string, rpms: Count, unsigned: Count, keys: texts },
  'signed build',
);
export type SignedBuild = t.TypeOf<typeof SignedBuild>;

export const text = (object: JsonObject, key: string): string => {
  const value = object[key];
  return typeof value === 'string' ? value : '';
};

export const list = (value: Json | undefined): ReadonlyArray<Json> =>
  Array.isArray(value) ? (value as ReadonlyArray<Json>) : [];

/**
 * The entries of an answer that was recorded in parts, `<question>/0` onward. They count as far as
 * the closing answer says: how many there are, and (where it took several appends) of which run.
 */
export const partsOf = (lookups: Lookups, question: string): ReadonlyArray<Json> => {
  const closing = lookups[question];
  const [count, run] = isJsonObject(closing)
    ? [closing['parts'], `/${text(closing, 'run')}`]
    : [closing, ''];
  return Array.from({ length: typeof count === 'number' ? count : 0 }, (_, part) =>
    list(lookups[`${question}${run}/${part}`]),
  ).flat();
};

const entriesOf =
  <C extends t.Mixed>(question: string, codec: C) =>
  (lookups: Lookups): ReadonlyArray<t.TypeOf<C>> => {
    const read = decode(t.readonlyArray(codec))(partsOf(lookups, question));
    if (E.isRight(read)) return read.right;
    const { reasons } = read.left;
    throw new Error(`The recorded answer to ${question} is damaged: ${reasons.join('; ')}`);
  };

export const buildsOf = entriesOf('builds', ShippedBuild);
export const rpmsOf = entriesOf('rpms', UpdatedRpm);
export const skippedOf = entriesOf('skipped', SkippedBuild);
const heldImagesOf = entriesOf('images', HeldImage);

/** Each image once: what one held of a very large update is recorded in several entries. */
export const imagesOf = (lookups: Lookups): ReadonlyArray<HeldImage> => {
  const images = new Map<string, HeldImage>();
  for (const entry of heldImagesOf(lookups)) {
    const known = images.get(entry.artifact);
    const held = known === undefined ? entry.held : [...known.held, ...entry.held];
    images.set(entry.artifact, { ...entry, held });
  }
  return [...images.values()];
};
export const signaturesOf = entriesOf('signatures', SignedBuild);
export const childImagesOf = entriesOf('children', ChildImage);

const ofRelease = (lookups: Lookups, key: string): string | null => {
  const release = lookups['release'];
  const value = isJsonObject(release) ? release[key] : null;
  return typeof value === 'string' ? value : null;
};

/** The branch of the release that the update was made for; null where nobody says. */
export const branchOf = (lookups: Lookups): string | null => ofRelease(lookups, 'branch');

/** What Bodhi said, where it did not know the update. */
export const unknownUpdateOf = (lookups: Lookups): string | null => ofRelease(lookups, 'unknown');

export const childrenOf = (lookups: Lookups): ReadonlyArray<Edge> =>
  childImagesOf(lookups).map(({ on, child }) => ({ on, dependent: child }));
