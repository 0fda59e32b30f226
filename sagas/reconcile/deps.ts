import type { Either } from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Koji } from '../../clients/koji/port.ts';
import type { Mbs } from '../../clients/mbs/port.ts';
import type { Odcs } from '../../clients/odcs/port.ts';
import type { Question } from '../../domain/reconcile/vocabulary.ts';
import type { Realm } from '../../domain/stream-names.ts';
import type { FoldCache, Hand } from '../../event-log/carry-out.ts';
import type { Hindrance } from '../act.ts';
import type { NoticeTrigger } from '../notice/notice-trigger.ts';
import type { IndexFailure } from '../open-work.ts';

/** Fetches from the archive of the bus what was published and not heard, up to now. */
export type CatchUp = (
  why: 'reconcile',
  signal: AbortSignal,
) => Promise<
  Either<
    { readonly code: string; readonly reason: string },
    { readonly messages: number; readonly missed: number }
  >
>;

/**
 * All streams with open work of a saga, once the index has taken in everything that is on record now.
 * Left `index-behind` where it does not get there.
 */
export type OpenStreams = (
  saga: 'rebuild' | 'compose',
  signal: AbortSignal,
) => Promise<Either<IndexFailure, ReadonlyArray<string>>>;

/** Services that are not configured are absent: they are not asked, nor called unreachable. */
export type Outside = {
  readonly mbs?: Pick<Mbs, 'get' | 'ofCommit' | 'readySince'>;
  readonly koji?: Pick<Koji, 'task' | 'findTask' | 'imageBuildsSince' | 'ownTasks'>;
  readonly odcs?: Pick<Odcs, 'get' | 'find' | 'newestId' | 'ownSince'>;
  readonly catchUp?: CatchUp;
};

/** What comparing the record with what the services say needs. */
export type ReconcileDeps = {
  readonly hand: Hand;
  /** Whose runs these are. */
  readonly realm: Realm;
  readonly cache: FoldCache;
  readonly outside: Outside;
  readonly openStreams: OpenStreams;
  /** Whether a compose with this id in ODCS is on record. */
  readonly isKnownCompose: (composeId: number) => TaskEither<IndexFailure, boolean>;
  readonly noticeTrigger: NoticeTrigger;
  /** Who does the runs: one per process start. */
  readonly owner: string;
  /** When the log began (ISO): what happened before is for a backfill to learn. */
  readonly logBegan: string;
  /** Milliseconds of silence after which others may take a run of ours over. */
  readonly patience: number;
  /** Milliseconds that a difference must last to count: less is what is simply under way. */
  readonly grace: number;
  /** Milliseconds, never going back. */
  readonly monotonic: () => number;
  /** Waits so many milliseconds, or until the signal; never rejects. */
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Told after each question how many things were compared, or why it could not be asked. */
  readonly progress?: (question: Question, told: number | Hindrance) => void;
};
