/** States of a compose, by their numbers in ODCS. */
export const STATES = ['wait', 'generating', 'done', 'removed', 'failed'] as const;
export const WAIT = 0;
export const GENERATING = 1;
export const DONE = 2;
export const REMOVED = 3;
export const FAILED = 4;

export const stateName = (state: number): string => STATES[state] ?? 'failed';

/** Kinds of source; ODCS answers with their numbers. */
export const SOURCE_TYPES = [
  ...['', 'tag', 'module', 'repo', 'pulp', 'raw_config', 'build', 'pungi_compose'],
] as const;
export const TAG = 1;
export const MODULE = 2;
export const BUILD = 6;

/** What a POST asks for. Lists of names are one text with spaces between, as ODCS keeps them. */
export type ComposeOrder = {
  readonly source: string;
  readonly source_type: number;
  readonly builds: string | null;
  readonly packages: string | null;
  readonly sigkeys: string;
  readonly arches: string;
  readonly flags: ReadonlyArray<string>;
  readonly results: ReadonlyArray<string>;
  readonly label: string | null;
  readonly koji_event: number | null;
  readonly modular_koji_tags: string | null;
};

/** A compose as ODCS keeps it, and what the sandbox has in mind for it. Times are Unix milliseconds. */
export type Compose = ComposeOrder & {
  readonly id: number;
  readonly owner: string;
  readonly state: number;
  readonly state_reason: string | null;
  readonly removed_by: string | null;
  readonly submitted: number;
  readonly started: number | null;
  readonly done: number | null;
  readonly removed: number | null;
  readonly expires: number;
  /** When the next thing happens to it; null while nothing will. */
  readonly due: number | null;
  /** It stays in state generating. */
  readonly stuck: boolean;
  /** From when on its repo file answers; null until it is done. */
  readonly answers: number | null;
};

export const wordsOf = (text: string | null): ReadonlyArray<string> =>
  (text ?? '').split(' ').filter((word) => word !== '');

/** `openssl-1.1.0g-1.fc27` → `openssl`. */
const nameOf = (nvr: string): string => nvr.split('-').slice(0, -2).join('-');

/** By what a rule of misbehaviour can mean this compose: its builds, their names, its packages. */
export const namesOf = ({ builds, packages }: ComposeOrder): ReadonlyArray<string> => [
  ...wordsOf(builds),
  ...wordsOf(builds).map(nameOf),
  ...wordsOf(packages),
];
