import type { WantedCompose } from './events.ts';

/** A trigger needs a compose. Saying it again changes nothing, unless the compose was released. */
export type Want = {
  readonly type: 'Want';
  readonly trigger: string;
  readonly number: number;
  readonly messageId: string;
  readonly order: WantedCompose;
  readonly at: string;
};

/** `renews`: a longer life of that compose is asked for. `newestId`: of all composes, just now. */
export type Intend = {
  readonly type: 'Intend';
  readonly attempt: number;
  readonly renews: number | null;
  readonly newestId: number;
  readonly owner: string;
  readonly callTimeout: number;
};

/** `from` is the owner whose deadline has passed. */
export type TakeOver = {
  readonly type: 'TakeOver';
  readonly attempt: number;
  readonly from: string;
  readonly owner: string;
  readonly callTimeout: number;
};

export type RecordSubmitted = {
  readonly type: 'RecordSubmitted';
  readonly attempt: number;
  readonly owner: string;
  readonly composeId: number;
  readonly found: boolean;
  readonly repofile: string | null;
  readonly at: string;
};

/** `retries`: further tries policy allows. */
export type RecordFailure = {
  readonly type: 'RecordFailure';
  readonly attempt: number;
  readonly owner: string;
  readonly class: 'transient' | 'refused';
  readonly code: string;
  readonly reason: string;
  readonly retries: number;
  readonly retryAt: string;
  readonly at: string;
};

/** ODCS says how far a compose is. One it no longer has counts as removed (3). */
export type ObserveCompose = {
  readonly type: 'ObserveCompose';
  readonly composeId: number;
  readonly state: number;
  readonly stateName: string;
  readonly stateReason: string | null;
  readonly via: 'message' | 'poll';
  readonly retries: number;
  readonly retryAt: string;
  readonly at: string;
};

/** It is done and its repo file answers. */
export type NoteReady = {
  readonly type: 'NoteReady';
  readonly composeId: number;
  readonly repofile: string | null;
  readonly expiresAt: string | null;
  readonly at: string;
};

/** ODCS answered a renewal with the same id. */
export type NoteRenewed = {
  readonly type: 'NoteRenewed';
  readonly attempt: number;
  readonly owner: string;
  readonly composeId: number;
  readonly expiresAt: string | null;
  readonly at: string;
};

/** Its life is over, whether or not ODCS has removed it yet. */
export type NoteExpired = {
  readonly type: 'NoteExpired';
  readonly composeId: number;
  readonly reason: string | null;
  readonly retryAt: string;
  readonly at: string;
};

export type Release = { readonly type: 'Release'; readonly at: string };

export type ComposeCommand =
  | Want
  | Intend
  | TakeOver
  | RecordSubmitted
  | RecordFailure
  | ObserveCompose
  | NoteReady
  | NoteRenewed
  | NoteExpired
  | Release;

export type ComposeRejection = {
  readonly code:
    /** Another process owns this call: its outcome is not ours to record. */
    | 'not-the-owner'
    /** That attempt is not the one that runs. */
    | 'not-running';
};
