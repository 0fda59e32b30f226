/** States of a module build, by their numbers in MBS. */
export const STATES = ['init', 'wait', 'build', 'done', 'failed', 'ready', 'garbage'] as const;
export const INIT = 0;
export const WAIT = 1;
export const BUILD = 2;
export const DONE = 3;
export const FAILED = 4;
export const READY = 5;

export const stateName = (state: number): string => STATES[state] ?? 'garbage';

export type BuildRequire = {
  readonly context: string;
  readonly filtered_rpms?: ReadonlyArray<string>;
  readonly koji_tag: string;
  readonly ref: string;
  readonly stream: string;
  readonly version: string;
};

/** A component build; states are Koji's: 0 building, 1 complete, 3 failed. */
export type ComponentBuild = {
  readonly id: number;
  readonly package: string;
  readonly nvr: string;
  readonly task_id: number;
  readonly state: 0 | 1 | 3;
  readonly state_reason: string | null;
  readonly ref: string;
};

export type Trace = {
  readonly reason: string | null;
  readonly state: number;
  readonly state_name: string;
  readonly time: string;
};

/** A module build as MBS keeps it, and what the sandbox has in mind for it. */
export type Row = {
  readonly id: number;
  readonly name: string;
  readonly stream: string;
  readonly version: string;
  readonly context: string;
  readonly state: number;
  readonly state_reason: string | null;
  readonly state_trace: ReadonlyArray<Trace>;
  readonly owner: string;
  readonly scmurl: string | null;
  readonly commit: string | null;
  readonly scratch: boolean;
  readonly rebuild_strategy: string;
  readonly koji_tag: string | null;
  readonly buildrequires: Readonly<Record<string, BuildRequire>>;
  readonly base_modules: ReadonlyArray<number>;
  readonly build_context: string | null;
  readonly runtime_context: string | null;
  readonly modulemd: string;
  readonly components: ReadonlyArray<ComponentBuild>;
  readonly stream_version: number | null;
  readonly time_submitted: string;
  readonly time_modified: string;
  readonly time_completed: string | null;
  /** When it moves to its next state, in Unix milliseconds; null when it does not. */
  readonly due: number | null;
  readonly doomed: string | null;
  readonly stuck: boolean;
};

export const isOpen = ({ state }: Row): boolean =>
  state === INIT || state === WAIT || state === BUILD;

/** MBS writes times with second precision. */
export const zulu = (now: Date): string => now.toISOString().replace(/\.\d+Z$/, 'Z');
