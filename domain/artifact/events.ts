import * as t from 'io-ts';
import { BuildRevived, LateReadyObserved } from './late-events.ts';
import { ImageBuilt, ImageBuildPrepared } from './image-events.ts';
import { Count, texts, textOrNull } from '../codec.ts';
import {
  CauseMoved,
  CauseTaken,
  CauseWithdrawn,
  WaitBlocked,
  WaitDropped,
  WaitFulfilled,
} from './cause-events.ts';

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

/** Given up before it was submitted. */
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
  BuildRevived,
  LateReadyObserved,
  BuildPlanned,
  CauseTaken,
  CauseMoved,
  CauseWithdrawn,
  WaitFulfilled,
  WaitBlocked,
  WaitDropped,
  BuildStarted,
  BuildRehearsed,
  CommitPrepared,
  ImageBuildPrepared,
  ImageBuilt,
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
