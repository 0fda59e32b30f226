import type { Cause } from './cause-events.ts';
import type { ImageCommand } from './image-commands.ts';

/** A trigger claims the artifact. `build` is a claimed number, needed when none is planned. */
export type TakeCause = {
  readonly type: 'TakeCause';
  readonly artifact: string;
  readonly name: string;
  readonly branch: string;
  readonly rehearsal: boolean;
  readonly cause: Cause;
  readonly waitsFor: ReadonlyArray<string>;
  readonly at: string;
  readonly notBefore: string;
  readonly build?: number;
};

/** What a parent's stream says about the claim that waits for it. */
export type ParentAnswer =
  | { readonly type: 'succeeded'; readonly name: string; readonly build: number }
  | { readonly type: 'blocked'; readonly code: string }
  /** It will not be rebuilt for this trigger at all. */
  | { readonly type: 'withdrawn' }
  /** What it waits for cannot be had at all. */
  | { readonly type: 'impossible'; readonly code: string; readonly explanation: string };

export type NoteParent = {
  readonly type: 'NoteParent';
  readonly trigger: string;
  readonly parent: string;
  readonly answer: ParentAnswer;
};

/** The planned build may start. All times ISO; `build` is a claimed number for what is left over. */
export type Start = {
  readonly type: 'Start';
  readonly at: string;
  readonly policyVersion: string;
  readonly afterTrigger: number;
  readonly denied: ReadonlyArray<{
    readonly trigger: string;
    readonly code: string;
    readonly explanation: string;
  }>;
  /** Triggers whose claims policy puts off for now. */
  readonly deferred?: ReadonlyArray<string>;
  /** A claim taken at or before this has waited long enough: start with what is ready. */
  readonly overdueSince: string;
  readonly build?: number;
};

type OfAttempt = { readonly build: number; readonly attempt: number };

export type PrepareCommit = OfAttempt & {
  readonly type: 'PrepareCommit';
  readonly commit: string;
  readonly bumped: boolean;
};

/** Nothing is left to do for this build: its causes are withdrawn and it is cancelled. */
export type Abandon = OfAttempt & {
  readonly type: 'Abandon';
  /** Only these of its causes; absent: all. */
  readonly triggers?: ReadonlyArray<string>;
  readonly code: string;
  readonly reason: string;
  readonly at: string;
};

export type Intend = OfAttempt & {
  readonly type: 'Intend';
  readonly key: string;
  readonly owner: string;
  readonly callTimeout: number;
};

/** `from` is the owner whose deadline has passed. */
export type TakeOver = OfAttempt & {
  readonly type: 'TakeOver';
  readonly from: string;
  readonly owner: string;
  readonly callTimeout: number;
};

export type RecordSubmitted = OfAttempt & {
  readonly type: 'RecordSubmitted';
  readonly owner: string;
  readonly externalIds: ReadonlyArray<number>;
  readonly found: boolean;
  readonly at: string;
};

/** `owner` is null where nothing was called yet. `retries`: further tries policy allows. */
export type RecordFailure = OfAttempt & {
  readonly type: 'RecordFailure';
  readonly owner: string | null;
  readonly class: 'transient' | 'refused';
  readonly code: string;
  readonly reason: string;
  readonly retries: number;
  readonly retryAt: string;
  readonly at: string;
};

export type ObserveState = {
  readonly type: 'ObserveState';
  readonly externalId: number;
  readonly state: number;
  readonly stateName: string;
  readonly stateReason: string | null;
  readonly via: 'message' | 'poll';
  readonly retries: number;
  readonly retryAt: string;
  readonly at: string;
};

export type ConcludeSuccess = {
  readonly type: 'ConcludeSuccess';
  readonly build: number;
  readonly at: string;
};

/** A message says that a row built from a commit of ours is ready, though its build has ended. */
export type NoteLateReady = {
  readonly type: 'NoteLateReady';
  readonly externalId: number;
  readonly commit: string;
};

export type Revive = { readonly type: 'Revive'; readonly build: number; readonly at: string };

export type ArtifactCommand =
  | ImageCommand
  | NoteLateReady
  | Revive
  | TakeCause
  | NoteParent
  | Start
  | PrepareCommit
  | Abandon
  | Intend
  | TakeOver
  | RecordSubmitted
  | RecordFailure
  | ObserveState
  | ConcludeSuccess;

export type ArtifactRejection = {
  readonly code:
    /** Claim a number and say it again. */
    | 'number-needed'
    /** Another process owns this submission: its outcome is not ours to record. */
    | 'not-the-owner'
    /** That build or attempt is not the one that runs. */
    | 'not-running';
};
