import type { Cause } from './cause-events.ts';
import type { ImageBuildPrepared } from './image-events.ts';

/** How one trigger's claim stands. */
export type CauseState = {
  readonly cause: Cause;
  /** The build that is to answer it. */
  readonly build: number;
  readonly takenAt: string;
  readonly status: 'open' | 'fulfilled' | 'failed' | 'withdrawn';
  /** Parents that have not answered yet. */
  readonly waitsFor: ReadonlyArray<string>;
  /** Parents that will not be had for now, each with its code. */
  readonly blockedBy: Readonly<Record<string, string>>;
  /** Parents (and composes, by their ids in ODCS) that have answered with a build. */
  readonly freedBy: ReadonlyArray<{ readonly parent: string; readonly build: number }>;
  /** The code it was withdrawn with. */
  readonly withdrawnFor: string | null;
};

/** What is known of one row of the build system. */
export type ExternalRow = {
  readonly state: number;
  readonly stateName: string;
  readonly stateReason: string | null;
};

export type Intent = {
  readonly key: string;
  readonly owner: string;
  /** How long the call may take, in milliseconds. */
  readonly callTimeout: number;
};

/** What an attempt asks Koji for; the event that said so, without its type. */
export type ImageOrder = Omit<ImageBuildPrepared, 'type' | 'build' | 'attempt'>;

export type Attempt = {
  readonly attempt: number;
  readonly notBefore: string | null;
  readonly commit: string | null;
  /** Of an image only: everything else that is submitted. */
  readonly order: ImageOrder | null;
  /** NVR of the image the attempt made. */
  readonly nvr: string | null;
  readonly intent: Intent | null;
  readonly externalIds: ReadonlyArray<number>;
  /** By external id. */
  readonly rows: Readonly<Record<string, ExternalRow>>;
};

export type Running = {
  readonly build: number;
  readonly triggers: ReadonlyArray<string>;
  readonly afterTrigger: number;
  readonly attempt: Attempt;
  readonly failedSubmissions: number;
  readonly failedBuilds: number;
};

export type Planned = { readonly build: number; readonly notBefore: string };

export type Finished = {
  readonly build: number;
  readonly outcome: 'succeeded' | 'failed' | 'canceled' | 'rehearsed';
  readonly triggers: ReadonlyArray<string>;
  readonly afterTrigger: number;
  /** Of an image: the NVR it became, or was to become. */
  readonly nvr: string | null;
};

export type Late = {
  readonly build: number;
  readonly commit: string;
  readonly externalIds: ReadonlyArray<number>;
};

/** Everything about the rebuilds of one artifact that the next decision needs. Plain JSON. */
export type ArtifactState = {
  readonly artifact: string;
  readonly name: string;
  readonly branch: string;
  readonly rehearsal: boolean;
  readonly causes: Readonly<Record<string, CauseState>>;
  readonly planned: Planned | null;
  readonly running: Running | null;
  readonly finished: ReadonlyArray<Finished>;
  /** Rows that became ready after their build had been given up. */
  readonly late: Late | null;
  /** External ids, and commits with their build, that were ours at any time. */
  readonly ownIds: ReadonlyArray<number>;
  readonly ownCommits: Readonly<Record<string, number>>;
  /** NVRs that attempts of ours were to become, with their build. */
  readonly ownNvrs: Readonly<Record<string, number>>;
  /** The Unix seconds in the newest release of ours; 0 before the first. */
  readonly lastStamp: number;
};

export const initial: ArtifactState = {
  artifact: '',
  name: '',
  branch: '',
  rehearsal: false,
  causes: {},
  planned: null,
  running: null,
  finished: [],
  late: null,
  ownIds: [],
  ownCommits: {},
  ownNvrs: {},
  lastStamp: 0,
};

export const attemptOf = (attempt: number, notBefore: string | null): Attempt => ({
  attempt,
  notBefore,
  commit: null,
  order: null,
  nvr: null,
  intent: null,
  externalIds: [],
  rows: {},
});

/** The open claims on one build. */
export const openCauses = (state: ArtifactState, build: number): ReadonlyArray<CauseState> =>
  Object.values(state.causes).filter((c) => c.status === 'open' && c.build === build);

export const isBlocked = (cause: CauseState): boolean => Object.keys(cause.blockedBy).length > 0;
