import type { JsonObject } from '../../domain/json.ts';
import type { Model } from '../read-models.ts';

/** Version and release of an RPM, its epoch, and the id of the image's build that held it. */
export type Held = readonly [versionRelease: string, epoch: number | null, buildId: number];

/**
 * One RPM of an image: its source package as of the last build, the lowest version it ever held, and
 * what the first and the last build held (the lowest version, where one build held several).
 */
export type HeldRpm = readonly [source: string, lowest: Held, first: Held, last: Held];

/** A share of what one image ever held, by source package. Row id: `held <artifact> <share>`. */
export type HeldRow = {
  readonly artifact: string;
  /** Id of the image's newest build, whether or not it holds anything of this share. */
  readonly newest: number;
  /** NVRs of the builds named here, by their ids. */
  readonly images: Readonly<Record<string, string>>;
  /** By name. */
  readonly rpms: Readonly<Record<string, HeldRpm>>;
};

/** An image with its newest build. Row id: `stream <artifact>`. */
export type StreamRow = {
  readonly artifact: string;
  readonly name: string;
  /** Empty where Koji does not tell. */
  readonly branch: string;
  readonly namespace: string;
  readonly target: string | null;
  readonly newest: {
    readonly nvr: string;
    readonly buildId: number;
    readonly component: string;
    readonly parentNvr: string | null;
    readonly arches: ReadonlyArray<string>;
    readonly completedAt: string | null;
  };
};

export type ImageIndexRow = HeldRow | StreamRow;

export const streamId = (artifact: string): string => `stream ${artifact}`;
export const heldId = (artifact: string, share: number): string => `held ${artifact} ${share}`;

/** True when the image's newest build holds the RPM. */
export const isHeldNow = ({ newest }: HeldRow, [, , , last]: HeldRpm): boolean => last[2] >= newest;

/** By what images are found. */
export const imageKeys = {
  every: 'image',
  artifact: (artifact: string): string => `artifact ${artifact}`,
  /** What an image ever held. */
  heldBy: (artifact: string): string => `held-by ${artifact}`,
  name: (name: string): string => `name ${name}`,
  branch: (branch: string): string => `branch ${branch}`,
  nvr: (nvr: string): string => `nvr ${nvr}`,
  /** The parent of the newest build by its NVR, and by its component and the image's branch. */
  parent: (nvr: string): string => `parent ${nvr}`,
  parentComponent: (component: string, branch: string): string => `on ${component} ${branch}`,
} as const;

/** The component an NVR is of: all but version and release. */
const componentOf = (nvr: string): string => nvr.split('-').slice(0, -2).join('-');

const parentKeys = (parentNvr: string | null, branch: string): ReadonlyArray<string> =>
  parentNvr === null
    ? []
    : [imageKeys.parent(parentNvr), imageKeys.parentComponent(componentOf(parentNvr), branch)];

const keysOf = ({ artifact, name, branch, newest }: StreamRow): ReadonlyArray<string> => [
  imageKeys.every,
  imageKeys.artifact(artifact),
  imageKeys.name(name),
  imageKeys.branch(branch),
  imageKeys.nvr(newest.nvr),
  ...parentKeys(newest.parentNvr, branch),
];

const heldFields = (row: HeldRow) => {
  const rpms = Object.entries(row.rpms);
  const now = rpms.filter(([, rpm]) => isHeldNow(row, rpm));
  return {
    rpm: rpms.map(([name]) => name),
    now: now.map(([name]) => name),
    source: [...new Set(rpms.map(([, [source]]) => source))],
    sourceNow: [...new Set(now.map(([, [source]]) => source))],
    keys: [imageKeys.heldBy(row.artifact)],
  };
};

export const imageIndexModel: Model = {
  name: 'image-index',
  version: 1,
  fields: { rpm: 'texts', now: 'texts', source: 'texts', sourceNow: 'texts', keys: 'texts' },
  fieldsOf: (body: JsonObject) => {
    const row = body as ImageIndexRow;
    if ('rpms' in row) return heldFields(row);
    return { rpm: [], now: [], source: [], sourceNow: [], keys: keysOf(row) };
  },
};
