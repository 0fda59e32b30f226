import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { ModuleContents } from '../../domain/module/events.ts';

/** One row of MBS, in our words. States: init 0, wait 1, build 2, done 3, failed 4, ready 5. */
export type ModuleBuild = {
  readonly id: number;
  readonly name: string;
  readonly stream: string;
  readonly version: string | null;
  readonly context: string | null;
  readonly state: number;
  readonly stateName: string;
  readonly stateReason: string | null;
  /** The 40 hex digits after `?#` in scmurl; null for imported rows without one. */
  readonly commit: string | null;
};

/** One that is ready, and since when nothing has changed about it (ISO). */
export type ReadyBuild = ModuleBuild & { readonly changedAt: string };

export type MbsFailure =
  /** Time-out, connection lost, 5xx: whether a submission was carried out is unknown. */
  | { readonly code: 'mbs-unknown-outcome'; readonly reason: string }
  /** It never reached MBS (connection refused, name unknown) or 429/503: try later. */
  | { readonly code: 'mbs-unavailable'; readonly reason: string }
  /** MBS has a row for this commit: ask which. */
  | { readonly code: 'mbs-conflict'; readonly reason: string }
  /** 400, 401, 403, 422 …: it will not do this, and says why. */
  | { readonly code: 'mbs-refused'; readonly status: number; readonly reason: string }
  | { readonly code: 'mbs-missing'; readonly reason: string }
  | { readonly code: 'mbs-unreadable'; readonly reason: string };

export type Mbs = {
  /** How long a submission may take before its outcome counts as unknown, in milliseconds. */
  readonly submitTimeout: number;
  /** One commit may become several rows (contexts). POST to API v2. */
  readonly submit: (order: {
    readonly scmurl: string;
    readonly branch: string;
  }) => TaskEither<MbsFailure, ReadonlyArray<ModuleBuild>>;
  /** All rows of a module stream built from this commit, oldest first. */
  readonly ofCommit: (
    name: string,
    stream: string,
    commit: string,
  ) => TaskEither<MbsFailure, ReadonlyArray<ModuleBuild>>;
  readonly get: (id: number) => TaskEither<MbsFailure, ModuleBuild>;
  /** The row with what it holds, from modulemd and the resolved build requirements. */
  readonly contents: (id: number) => TaskEither<MbsFailure, ModuleContents>;
  /**
   * NVRs of the RPM builds that a module is made of. Of the stream, dashes and underscores count as
   * one, as they do in a module's NVR. `mbs-missing` where MBS has no such module.
   */
  readonly rpmBuilds: (
    name: string,
    stream: string,
    version: string,
    context: string,
  ) => TaskEither<MbsFailure, ReadonlyArray<string>>;
  /**
   * One page (1, 2 …) of builds, no trials, that are ready and were changed at or after `since`
   * (ISO), ordered by id ascending.
   */
  readonly readySince: (
    since: string,
    page: number,
  ) => TaskEither<
    MbsFailure,
    { readonly builds: ReadonlyArray<ReadyBuild>; readonly pages: number }
  >;
  /**
   * One page (1, 2 …) of all ready builds, ordered by id ascending, with their contents; rows whose
   * contents cannot be read are named in `unreadable`.
   */
  readonly readyPage: (
    page: number,
    perPage: number,
  ) => TaskEither<
    MbsFailure,
    {
      readonly builds: ReadonlyArray<ModuleContents>;
      readonly unreadable?: ReadonlyArray<{ readonly id: number | null; readonly reason: string }>;
      readonly pages: number;
      readonly total: number;
    }
  >;
};
