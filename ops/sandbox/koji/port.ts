/** States of a build: BUILDING, COMPLETE, DELETED, FAILED, CANCELED. */
export type BuildState = 0 | 1 | 2 | 3 | 4;

/** One RPM file. */
export type Rpm = {
  readonly id: number;
  readonly buildId: number;
  readonly name: string;
  readonly version: string;
  readonly release: string;
  readonly epoch: number | null;
  /** `src` for the source RPM. */
  readonly arch: string;
  /** Keys it is signed with, 8 hex digits; the unsigned header ('') is not listed. */
  readonly sigkeys: ReadonlyArray<string>;
};

/** The file of an image for one arch. */
export type Archive = {
  readonly id: number;
  readonly buildId: number;
  readonly arch: string;
  readonly filename: string;
  /** Ids of the RPM files in it. */
  readonly rpms: ReadonlyArray<number>;
};

/** What Koji knows of an image beyond a build. */
export type ImageOf = {
  /** Its dist-git name and branch; the branch is empty where nothing tells it. */
  readonly name: string;
  readonly branch: string;
  readonly archives: ReadonlyArray<Archive>;
  readonly parent: { readonly id: number; readonly nvr: string; readonly pullspec: string } | null;
  readonly taskId: number | null;
  readonly composeIds: ReadonlyArray<number>;
  readonly repoUrls: ReadonlyArray<string>;
};

export type Build = {
  readonly id: number;
  readonly nvr: string;
  readonly name: string;
  readonly version: string;
  readonly release: string;
  readonly epoch: number | null;
  readonly state: BuildState;
  /** `git+https://src.fedoraproject.org/rpms/bash.git#<hash>`. */
  readonly source: string | null;
  readonly owner: string;
  readonly taskId: number | null;
  /** Unix milliseconds. */
  readonly startedAt: number;
  readonly completedAt: number;
  /** Koji's event of its creation. */
  readonly event: number;
  /** Its RPM files; none for an image. */
  readonly rpms: ReadonlyArray<Rpm>;
  readonly image: ImageOf | null;
};

export type NewRpmBuild = {
  /** `name-version-release` of the source package. */
  readonly nvr: string;
  readonly epoch?: number | null;
  /** Binary names; default: all that are known of the package. `src` and debuginfo come by themselves. */
  readonly rpms?: ReadonlyArray<string>;
  readonly tags?: ReadonlyArray<string>;
  readonly source?: string;
  readonly owner?: string;
};

/** Koji as the other parts of the sandbox use it. Whatever changes is on the bus. */
export type Koji = {
  /** Builds a package: `buildsys.build.state.change` twice, then one `buildsys.tag` for each tag. */
  readonly addRpmBuild: (build: NewRpmBuild) => Build;
  /** Puts a build into a tag, with `buildsys.tag`; false when it is there already. */
  readonly tagBuild: (tag: string, nvr: string) => boolean;
  /** Takes a build out of a tag, with `buildsys.untag`; false when it is not there. */
  readonly untagBuild: (tag: string, nvr: string) => boolean;
  /** Signs every RPM file of a build: one `buildsys.rpm.sign` for each that had not this key. */
  readonly signBuild: (nvr: string, sigkey: string) => ReadonlyArray<Rpm>;
  readonly buildOf: (nvrOrId: string | number) => Build | undefined;
  readonly tagsOf: (nvr: string) => ReadonlyArray<string>;
  /** The newest complete build (by version and release) of a package in any of these tags. */
  readonly newestIn: (tags: ReadonlyArray<string>, source: string) => Build | undefined;
  /** Binary names of a package, as far as the world knows them; its own name when it knows none. */
  readonly rpmNames: (source: string) => ReadonlyArray<string>;
  readonly imageBuilds: () => ReadonlyArray<Build>;
  /** `name:branch` of the images of the distribution. */
  readonly imageNames: () => ReadonlyArray<string>;
};

/** What Koji's builder asks ODCS of a compose; an absent one is taken to be all right. */
export type ComposeFacts = {
  readonly state: 'wait' | 'generating' | 'done' | 'failed' | 'removed';
  /** Source builds whose RPMs are in it. */
  readonly nvrs: ReadonlyArray<string>;
};

export type Composes = {
  readonly byId: (id: number) => ComposeFacts | undefined;
  /** By the address of its `.repo` file. */
  readonly byRepoUrl: (url: string) => ComposeFacts | undefined;
};

/** Tags whose RPMs an image of this branch is built with, f28: `f28`, `f28-updates`, `f28-modular-updates`. */
export const stableTags = (branch: string): ReadonlyArray<string> => {
  const release = releaseOf(branch);
  return branch === release
    ? [release, `${release}-updates`, `${release}-modular-updates`]
    : [release, `${release}-modular`];
};

/** The release that is Rawhide in this world. */
export const RAWHIDE = 'f29';

/** `f28` → `f28`; `master`, `rawhide`, `main` and any other branch → the number of Rawhide. */
export const releaseOf = (branch: string): string => (/^f\d+$/.test(branch) ? branch : RAWHIDE);

const SIGKEYS: Readonly<Record<string, string>> = {
  f27: 'f5282ee4',
  f28: '9db62fb1',
  f29: '429476b4',
};

/** The key that builds of a release are signed with, 8 hex digits. */
export const sigkeyOf = (release: string): string => SIGKEYS[release] ?? '12c944d0';
