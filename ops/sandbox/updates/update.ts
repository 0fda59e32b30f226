import { RAWHIDE, sigkeyOf } from '../koji/port.ts';

/** One thing an update ships: a source package's build, or a whole module. */
export type Shipped = {
  /** `name-version-release`; of a module `name-stream-version.context`. */
  readonly nvr: string;
  readonly epoch: number | null;
  readonly type: 'rpm' | 'module';
  /** Source builds in Koji: the build itself, or those of the module's components. */
  readonly builds: ReadonlyArray<string>;
};

/** How far an update may be taken: it is built, its RPMs are signed, or it is out. */
export const STAGES = ['built', 'signed', 'stable'] as const;
export type Stage = (typeof STAGES)[number];

/** What happens next to an update on its way. */
export type Step =
  | { readonly do: 'tag'; readonly tag: string }
  | { readonly do: 'sign'; readonly key: string }
  | { readonly do: 'tell'; readonly topic: 'complete.testing' | 'complete.stable' };

/** A step, and the stage it belongs to: who wants an update that far takes it. */
export type Leg = { readonly step: Step; readonly stage: Stage };

export type Update = {
  readonly id: number;
  /** Null for Rawhide, of which Bodhi knows nothing. */
  readonly alias: string | null;
  /** `f28`: where it goes. */
  readonly release: string;
  readonly content: 'rpm' | 'module';
  readonly shipped: ReadonlyArray<Shipped>;
  /** Which body Bodhi's messages have: of Bodhi 3 and before, or of Bodhi 4 and after. */
  readonly form: 'old' | 'new';
  readonly kind: string;
  readonly severity: string;
  readonly user: string;
  /** How many legs of its way are behind it. */
  readonly gone: number;
  readonly tags: ReadonlyArray<string>;
  readonly signed: boolean;
  /** Unix milliseconds. */
  readonly submitted: number;
  readonly testing: number | null;
  readonly stable: number | null;
};

const tag = (name: string, stage: Stage): Leg => ({ step: { do: 'tag', tag: name }, stage });

const rawhideWay = (release: string): ReadonlyArray<Leg> => [
  tag(`${release}-pending`, 'built'),
  tag(`${release}-signing-pending`, 'signed'),
  { step: { do: 'sign', key: sigkeyOf(release) }, stage: 'signed' },
  tag(release, 'stable'),
];

const rpmWay = (release: string): ReadonlyArray<Leg> => [
  tag(`${release}-updates-candidate`, 'built'),
  tag(`${release}-signing-pending`, 'signed'),
  { step: { do: 'sign', key: sigkeyOf(release) }, stage: 'signed' },
  tag(`${release}-updates-testing-pending`, 'signed'),
  tag(`${release}-updates-testing`, 'stable'),
  { step: { do: 'tell', topic: 'complete.testing' }, stage: 'stable' },
  tag(`${release}-updates-pending`, 'stable'),
  tag(`${release}-updates`, 'stable'),
  { step: { do: 'tell', topic: 'complete.stable' }, stage: 'stable' },
];

/** A module's builds are in the module's own tag, and in those of the distribution only when it is out. */
const moduleWay = (release: string): ReadonlyArray<Leg> => [
  { step: { do: 'sign', key: sigkeyOf(release) }, stage: 'signed' },
  { step: { do: 'tell', topic: 'complete.testing' }, stage: 'stable' },
  tag(`${release}-modular-updates`, 'stable'),
  { step: { do: 'tell', topic: 'complete.stable' }, stage: 'stable' },
];

/** The way of an update, from its build to the users. Source: protocols of Koji's tags, Bodhi and signing. */
export const wayOf = ({
  release,
  content,
}: Pick<Update, 'release' | 'content'>): ReadonlyArray<Leg> => {
  if (content === 'module') return moduleWay(release);
  return release === RAWHIDE ? rawhideWay(release) : rpmWay(release);
};

/** How many legs take an update to this stage, from the beginning. */
export const legsTo = (way: ReadonlyArray<Leg>, stage: Stage): number => {
  const wanted = STAGES.indexOf(stage);
  return way.findLastIndex((leg) => STAGES.indexOf(leg.stage) <= wanted) + 1;
};
