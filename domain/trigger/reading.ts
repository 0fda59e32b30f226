import * as t from 'io-ts';
import { Count, textOrNull } from '../codec.ts';

const Publisher = t.union([t.literal('git.receive'), t.literal('pagure.git.receive')], 'publisher');
export type Publisher = t.TypeOf<typeof Publisher>;

/** A push to a dist-git branch. `files` is null when the message did not list them. */
const push = {
  /** Derived from what changed, so that hearing twice of one change addresses one stream. */
  id: t.string,
  searchKey: t.string,
  repo: t.string,
  branch: t.string,
  rev: t.string,
  /** The revision before the push; null when the publisher does not say. */
  oldRev: textOrNull,
  publisher: Publisher,
  filesKnown: t.boolean,
};

/** `<repo>.spec` changed in namespace rpms. */
export const SpecChange = t.strict(
  { kind: t.literal('GitRPMSpecChangeEvent'), ...push },
  'GitRPMSpecChangeEvent',
);

/** `<repo>.yaml` changed in namespace modules. */
export const ModuleMetadataChange = t.strict(
  { kind: t.literal('GitModuleMetadataChangeEvent'), ...push },
  'GitModuleMetadataChangeEvent',
);

/** MBS moved a module build to another state. `commit` is null in messages that lack scmurl. */
export const ModuleStateChange = t.strict(
  {
    kind: t.literal('MBSModuleStateChangeEvent'),
    id: t.string,
    searchKey: t.string,
    buildId: Count,
    name: t.string,
    stream: t.string,
    version: textOrNull,
    context: textOrNull,
    state: Count,
    stateName: t.string,
    stateReason: textOrNull,
    commit: textOrNull,
  },
  'MBSModuleStateChangeEvent',
);

/** `Dockerfile` changed in namespace container (or docker). */
export const DockerfileChange = t.strict(
  { kind: t.literal('GitDockerfileChangeEvent'), ...push, namespace: t.string },
  'GitDockerfileChangeEvent',
);

/** What an observation is of, and the words people look for it by. */
const about = { id: t.string, searchKey: t.string };

const ShippedBuild = t.strict(
  {
    /** Of a module: `name-stream-version.context`. */
    nvr: t.string,
    type: t.string,
  },
  'shipped build',
);

/** Builds ship stable: Bodhi says so, or (Rawhide) they enter the release tag. */
export const UpdateStable = t.strict(
  {
    kind: t.literal('BodhiUpdateCompleteStableEvent'),
    id: t.string,
    searchKey: t.string,
    via: t.union([t.literal('bodhi'), t.literal('tag')]),
    /** dist-git branch of the release (`f28`); null where the message does not say. */
    branch: textOrNull,
    /** Empty when the message leaves them out: Bodhi is asked. */
    builds: t.readonlyArray(ShippedBuild),
  },
  'BodhiUpdateCompleteStableEvent',
);

/** All RPMs of a build are signed: it entered a `…-testing-pending` tag, or Koji says so. */
export const BuildSigned = t.strict(
  {
    kind: t.literal('BrewSignRPMEvent'),
    id: t.string,
    searchKey: t.string,
    nvr: t.string,
    branch: textOrNull,
    via: t.union([t.literal('tag'), t.literal('signatures')]),
  },
  'BrewSignRPMEvent',
);

/** A Koji build is complete; it may be an image. An observation. */
export const KojiBuildComplete = t.strict(
  { kind: t.literal('KojiBuildComplete'), ...about, buildId: Count, nvr: t.string },
  'KojiBuildComplete',
);

/** A buildContainer task moved on. An observation. */
export const ContainerTaskChange = t.strict(
  {
    kind: t.literal('BrewContainerTaskStateChangeEvent'),
    ...about,
    taskId: Count,
    /** FREE 0, OPEN 1, CLOSED 2, CANCELED 3, ASSIGNED 4, FAILED 5. */
    state: Count,
    stateName: t.string,
    /** What was requested, where the message says. */
    repo: textOrNull,
    branch: textOrNull,
  },
  'BrewContainerTaskStateChangeEvent',
);

/** One RPM of a build was signed with a key. An observation. */
export const RpmSigned = t.strict(
  { kind: t.literal('RpmSigned'), ...about, buildId: Count, sigkey: t.string },
  'RpmSigned',
);

/** ODCS moved a compose to another state. An observation. */
export const ComposeStateChange = t.strict(
  {
    kind: t.literal('ODCSComposeStateChangeEvent'),
    ...about,
    composeId: Count,
    state: Count,
    stateName: t.string,
    stateReason: textOrNull,
  },
  'ODCSComposeStateChangeEvent',
);

/** A change worth looking at: one member per kind of the REST API's event types. */
export const TriggerReading = t.union(
  [
    SpecChange,
    ModuleMetadataChange,
    ModuleStateChange,
    DockerfileChange,
    UpdateStable,
    BuildSigned,
  ],
  'trigger reading',
);
export type TriggerReading = t.TypeOf<typeof TriggerReading>;

/** What a message tells us, in our words: a trigger, or an observation of something under way. */
export const Reading = t.union(
  [...TriggerReading.types, KojiBuildComplete, ContainerTaskChange, RpmSigned, ComposeStateChange],
  'reading',
);
export type Reading = t.TypeOf<typeof Reading>;
export type ModulePushReading = t.TypeOf<typeof SpecChange> | t.TypeOf<typeof ModuleMetadataChange>;
export type PushReading = ModulePushReading | t.TypeOf<typeof DockerfileChange>;
export type ModuleStateReading = t.TypeOf<typeof ModuleStateChange>;
export type UpdateReading = t.TypeOf<typeof UpdateStable> | t.TypeOf<typeof BuildSigned>;
