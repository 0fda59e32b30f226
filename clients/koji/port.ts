import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { ImageContents } from '../../domain/image/events.ts';

export type KojiFailure =
  /** Time-out, connection lost, 5xx, fault 1009: whether a call was carried out is unknown. */
  | { readonly code: 'koji-unknown-outcome'; readonly reason: string }
  /** It never reached the hub, or the hub is offline (1014) or locked (1006): try later. */
  | { readonly code: 'koji-unavailable'; readonly reason: string }
  /** The hub will not do this (1004, 1005, 1000, 1019 …) and says why. */
  | { readonly code: 'koji-refused'; readonly fault: number | null; readonly reason: string }
  | { readonly code: 'koji-missing'; readonly reason: string }
  | { readonly code: 'koji-unreadable'; readonly reason: string };

/** One request for an image. Koji's options: git_branch, release, compose_ids, koji_parent_build. */
export type ContainerOrder = {
  /** `git://…/container/NAME?#<hash>`. */
  readonly source: string;
  readonly target: string;
  readonly branch: string;
  /** Unique to the attempt: by it the task is found again. Null leaves it to the builder. */
  readonly release: string | null;
  /** NVR of the image to use in place of FROM. */
  readonly parent: string | null;
  readonly composeIds: ReadonlyArray<number>;
  /** URLs of `.repo` files; compose ids are preferred. */
  readonly repoUrls: ReadonlyArray<string>;
};

/** States: FREE 0, OPEN 1, CLOSED 2, CANCELED 3, ASSIGNED 4, FAILED 5. */
export type KojiTask = {
  readonly id: number;
  readonly state: number;
  readonly stateName: string;
  /** Why it failed, in Koji's words; null for any other state. */
  readonly reason: string | null;
  /** Ids of the builds a closed container task made. */
  readonly builds: ReadonlyArray<number>;
};

/** One of our own tasks of method buildContainer, and what was asked for. */
export type OwnTask = {
  readonly id: number;
  readonly state: number;
  readonly stateName: string;
  readonly source: string;
  /** The option git_branch; null where it was not given. */
  readonly branch: string | null;
  readonly release: string | null;
};

/** States: BUILDING 0, COMPLETE 1, DELETED 2, FAILED 3, CANCELED 4. */
export type KojiBuild = {
  readonly id: number;
  readonly nvr: string;
  readonly name: string;
  readonly version: string;
  readonly release: string;
  readonly epoch: number | null;
  readonly state: number;
};

export type KojiRpm = {
  readonly id: number;
  readonly name: string;
  readonly epoch: number | null;
  readonly version: string;
  readonly release: string;
  readonly arch: string;
};

/** Whether all RPMs of a build carry a signature, and with which keys (8 hex digits). */
export type Signatures = {
  readonly rpms: number;
  readonly unsigned: number;
  /** Keys that every RPM carries. */
  readonly keys: ReadonlyArray<string>;
};

/** What Koji knows of one build: an image with its contents, or why it is none. */
export type ImageAnswer =
  | { readonly type: 'image'; readonly contents: ImageContents }
  | {
      readonly type: 'none';
      readonly code: 'not-an-image' | 'missing' | 'unreadable' | 'not-complete';
      readonly reason: string;
    };

export type ImageBuildPage = {
  readonly builds: ReadonlyArray<{ readonly id: number; readonly nvr: string }>;
  /** Of all complete image builds, at this moment. */
  readonly total: number;
};

export type Koji = {
  /** How long one call may take before its outcome counts as unknown, in milliseconds. */
  readonly callTimeout: number;
  /** buildContainer; answers the task's id. */
  readonly buildContainer: (order: ContainerOrder) => TaskEither<KojiFailure, number>;
  /** Our own task of exactly this source and release created at or after `since` (ISO), newest. */
  readonly findTask: (
    order: Pick<ContainerOrder, 'source' | 'release'>,
    since: string,
  ) => TaskEither<KojiFailure, KojiTask | undefined>;
  readonly task: (id: number) => TaskEither<KojiFailure, KojiTask>;
  /** By id or NVR. */
  readonly build: (idOrNvr: number | string) => TaskEither<KojiFailure, KojiBuild>;
  /** Every RPM file of a build, all arches, sources and debuginfo included. */
  readonly rpmsOf: (buildId: number) => TaskEither<KojiFailure, ReadonlyArray<KojiRpm>>;
  readonly signaturesOf: (buildId: number) => TaskEither<KojiFailure, Signatures>;
  /** Names of the tags a build is in. */
  readonly tagsOf: (nvr: string) => TaskEither<KojiFailure, ReadonlyArray<string>>;
  /** What these builds (ids or NVRs) hold, in their order; by multiCall, a bounded number at a time. */
  readonly imageContents: (
    builds: ReadonlyArray<number | string>,
  ) => TaskEither<KojiFailure, ReadonlyArray<ImageAnswer>>;
  /** Complete image builds ordered by id ascending; `offset` of the first. */
  readonly imageBuilds: (offset: number, limit: number) => TaskEither<KojiFailure, ImageBuildPage>;
  /** Image builds completed at or after `since` (ISO), by id ascending; `offset` of the first. */
  readonly imageBuildsSince: (
    since: string,
    offset: number,
    limit: number,
  ) => TaskEither<KojiFailure, ReadonlyArray<{ readonly id: number; readonly nvr: string }>>;
  /** Our own container tasks created at or after `since` (ISO), by id ascending. */
  readonly ownTasks: (
    since: string,
    offset: number,
    limit: number,
  ) => TaskEither<KojiFailure, ReadonlyArray<OwnTask>>;
};
