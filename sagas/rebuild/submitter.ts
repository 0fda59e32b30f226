import type { Either } from 'fp-ts/lib/Either.js';
import type { ArtifactState, Intent, Running } from '../../domain/artifact/state.ts';
import type { Hindrance } from '../act.ts';

/** One submission that is intended and has no outcome yet. */
export type Submission = {
  readonly stream: string;
  readonly state: ArtifactState;
  readonly running: Running;
  readonly commit: string;
  readonly intent: Intent;
};

/** Why a call gave no result, in the build system's own words. */
export type CallFailure = {
  readonly code: string;
  readonly reason: string;
  readonly outcome:
    /** It will not do this. */
    | 'refused'
    /** It was surely not carried out: try later. */
    | 'not-done'
    /** It may have been carried out, or be carried out yet. */
    | 'unknown'
    /** Nothing more will come of it, but what is there already is to be asked for. */
    | 'over';
};

/** How one build system takes submissions. What it makes of one are its rows or tasks, by their ids. */
export type Submitter = {
  /** How long one call may take, in milliseconds. */
  readonly callTimeout: number;
  /** What is there of this submission; empty for nothing. */
  readonly ask: (submission: Submission) => Promise<Either<Hindrance, ReadonlyArray<number>>>;
  readonly call: (submission: Submission) => Promise<Either<CallFailure, ReadonlyArray<number>>>;
  /** What a call has come to that never answered. */
  readonly noAnswer: CallFailure;
};
