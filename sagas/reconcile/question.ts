import type { Either } from 'fp-ts/lib/Either.js';
import type { Marks } from '../../domain/reconcile/events.ts';
import type { Difference } from '../../domain/reconcile/state.ts';
import type { Hindrance } from '../act.ts';
import type { ReconcileDeps } from './deps.ts';

/** One thing that a service was asked about, and answered. */
export type Thing = {
  /** Holds the answer against the record as it is now; undefined where they agree. */
  readonly examine: () => Promise<Either<Hindrance, Difference | undefined>>;
  /** Tells the record what its message would have. Absent where nothing is to be told. */
  readonly mend?: () => Promise<Either<Hindrance, unknown>>;
};

/** What came of one question. */
export type Answer = {
  /** Things compared; of messages, those the archive had. */
  readonly count: number;
  readonly things: ReadonlyArray<Thing>;
  /** Why not everything could be asked; what was answered counts all the same. */
  readonly failure?: Hindrance;
  /** Up to where the list was read; kept only where all went well. */
  readonly mark?: Partial<Marks>;
  /** Messages that were published and never heard before. */
  readonly missed?: number;
};

/** A run under way. */
export type Course = {
  readonly run: number;
  /** ISO. */
  readonly begunAt: string;
  /** Where the newest completed run left off. */
  readonly marks: Marks;
  readonly signal: AbortSignal;
};

/** Asks one question; undefined where there is nobody to ask. Never rejects for want of the outside. */
export type Ask = (deps: ReconcileDeps, course: Course) => Promise<Answer | undefined>;

/** Clocks of services may differ from ours by this much, in milliseconds. */
const clockSkew = 600_000;

/** From when on a list is to be read (ISO): a little before where the last run left off. */
export const sinceMark = (
  { logBegan }: ReconcileDeps,
  mark: string | null,
  margin = clockSkew,
): string => (mark === null ? logBegan : new Date(Date.parse(mark) - margin).toISOString());

/** A difference, whatever is not said being nothing. */
export const difference = (
  given: Pick<Difference, 'system' | 'code' | 'subject' | 'action'> & Partial<Difference>,
): Difference => ({
  ...{ stream: null, build: null, attempt: null, externalId: null, recorded: null, found: null },
  ...given,
});
