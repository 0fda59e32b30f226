import * as t from 'io-ts';
import { Count, texts, textOrNull } from '../codec.ts';

/** One trigger's claim on this artifact, with what the REST API shows of the trigger. */
export const Cause = t.strict(
  {
    trigger: t.string,
    number: Count,
    kind: t.string,
    searchKey: t.string,
    messageId: t.string,
    reason: t.union([t.literal('directly_affected'), t.literal('dependency')]),
    code: t.string,
  },
  'cause',
);
export type Cause = t.TypeOf<typeof Cause>;

/** A rebuild is foreseen. `build` is the id of the REST API. It starts at `notBefore` or later. */
export const BuildPlanned = t.strict(
  {
    type: t.literal('BuildPlanned'),
    build: Count,
    artifact: t.string,
    name: t.string,
    branch: t.string,
    rehearsal: t.boolean,
    at: t.string,
    notBefore: t.string,
  },
  'BuildPlanned',
);

/** A trigger claims this artifact: planned build `build` will answer it, once its parents have. */
export const CauseTaken = t.strict(
  {
    type: t.literal('CauseTaken'),
    build: Count,
    cause: Cause,
    /** Artifacts whose rebuild must succeed first. */
    waitsFor: texts,
    at: t.string,
  },
  'CauseTaken',
);

/** The build started without this cause, which goes to the next planned one. */
export const CauseMoved = t.strict(
  { type: t.literal('CauseMoved'), trigger: t.string, from: Count, build: Count },
  'CauseMoved',
);

/** The claim is given up: policy says no by now, or somebody else has built it. */
export const CauseWithdrawn = t.strict(
  {
    type: t.literal('CauseWithdrawn'),
    build: Count,
    trigger: t.string,
    code: t.string,
    explanation: t.string,
  },
  'CauseWithdrawn',
);

/** A build of the parent succeeded that answers the same trigger or began after it. */
export const WaitFulfilled = t.strict(
  {
    type: t.literal('WaitFulfilled'),
    build: Count,
    trigger: t.string,
    parent: t.string,
    parentName: t.string,
    parentBuild: Count,
  },
  'WaitFulfilled',
);

/** The parent will not be had for now; any later success of it ends this. */
export const WaitBlocked = t.strict(
  {
    type: t.literal('WaitBlocked'),
    build: Count,
    trigger: t.string,
    parent: t.string,
    code: t.string,
  },
  'WaitBlocked',
);

/** The planned build runs now, for these triggers; all triggers up to `afterTrigger` came before. */
export const BuildStarted = t.strict(
  {
    type: t.literal('BuildStarted'),
    build: Count,
    triggers: texts,
    policyVersion: t.string,
    afterTrigger: Count,
    at: t.string,
  },
  'BuildStarted',
);

/** A rehearsal got as far as this build: it would be requested now, and nothing is called. */
export const BuildRehearsed = t.strict(
  { type: t.literal('BuildRehearsed'), build: Count, at: t.string },
  'BuildRehearsed',
);

/** The commit this attempt submits: the branch's head, bumped by us or as it was. */
export const CommitPrepared = t.strict(
  {
    type: t.literal('CommitPrepared'),
    build: Count,
    attempt: Count,
    commit: t.string,
    bumped: t.boolean,
  },
  'CommitPrepared',
);

/** `owner` (a process) is about to call; nobody else records an outcome within `callTimeout` ms. */
export const SubmissionIntended = t.strict(
  {
    type: t.literal('SubmissionIntended'),
    build: Count,
    attempt: Count,
    key: t.string,
    owner: t.string,
    callTimeout: Count,
  },
  'SubmissionIntended',
);

/** The deadline has passed without an outcome: another process carries on, and asks first. */
export const SubmissionTakenOver = t.strict(
  {
    type: t.literal('SubmissionTakenOver'),
    build: Count,
    attempt: Count,
    owner: t.string,
    callTimeout: Count,
  },
  'SubmissionTakenOver',
);

/** The build system has it, as these rows; `found` when that was learnt by asking. */
export const BuildSubmitted = t.strict(
  {
    type: t.literal('BuildSubmitted'),
    build: Count,
    attempt: Count,
    externalIds: t.readonlyArray(Count),
    found: t.boolean,
    at: t.string,
  },
  'BuildSubmitted',
);

/** The attempt came to nothing. Reasons are the remote system's own words. */
export const SubmissionFailed = t.strict(
  {
    type: t.literal('SubmissionFailed'),
    build: Count,
    attempt: Count,
    class: t.union([t.literal('transient'), t.literal('refused')]),
    code: t.string,
    reason: t.string,
  },
  'SubmissionFailed',
);

/** The build system says how far one row is. */
export const BuildStateObserved = t.strict(
  {
    type: t.literal('BuildStateObserved'),
    build: Count,
    attempt: Count,
    externalId: Count,
    state: Count,
    stateName: t.string,
    stateReason: textOrNull,
    via: t.union([t.literal('message'), t.literal('poll')]),
  },
  'BuildStateObserved',
);

/** Another attempt follows, not before `notBefore`. */
export const BuildRetryScheduled = t.strict(
  {
    type: t.literal('BuildRetryScheduled'),
    build: Count,
    attempt: Count,
    notBefore: t.string,
    code: t.string,
    reason: t.string,
  },
  'BuildRetryScheduled',
);

/** Every row of the attempt is ready. */
export const BuildSucceeded = t.strict(
  { type: t.literal('BuildSucceeded'), build: Count, at: t.string },
  'BuildSucceeded',
);

/** No attempt is left. */
export const BuildFailed = t.strict(
  {
    type: t.literal('BuildFailed'),
    build: Count,
    code: t.string,
    reason: t.string,
    at: t.string,
  },
  'BuildFailed',
);

/** Given up before it was submitted, or cancelled in the build system. */
export const BuildCanceled = t.strict(
  {
    type: t.literal('BuildCanceled'),
    build: Count,
    code: t.string,
    reason: t.string,
    at: t.string,
  },
  'BuildCanceled',
);

export const ArtifactEvent = t.union([
  BuildPlanned,
  CauseTaken,
  CauseMoved,
  CauseWithdrawn,
  WaitFulfilled,
  WaitBlocked,
  BuildStarted,
  BuildRehearsed,
  CommitPrepared,
  SubmissionIntended,
  SubmissionTakenOver,
  BuildSubmitted,
  SubmissionFailed,
  BuildStateObserved,
  BuildRetryScheduled,
  BuildSucceeded,
  BuildFailed,
  BuildCanceled,
]);
export type ArtifactEvent = t.TypeOf<typeof ArtifactEvent>;
