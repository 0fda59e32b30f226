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

/** What a message tells us, in our words: one member per kind of the REST API's event types. */
export const Reading = t.union([SpecChange, ModuleMetadataChange, ModuleStateChange], 'reading');
export type Reading = t.TypeOf<typeof Reading>;
export type PushReading = t.TypeOf<typeof SpecChange> | t.TypeOf<typeof ModuleMetadataChange>;
export type ModuleStateReading = t.TypeOf<typeof ModuleStateChange>;
