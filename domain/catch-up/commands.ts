import type { Why } from './events.ts';
import type { Progress } from './state.ts';
import type { Window } from './window.ts';

/**
 * One process wants to fetch this window, or to go on with what another one left. Times are ISO
 * 8601 UTC; until `deadline` nobody else goes on. `by`: who ordered it, null where nobody did.
 */
export type Claim = {
  readonly type: 'Claim';
  readonly why: Why;
  readonly by: string | null;
  readonly window: Window;
  /** Whole topics; all there are when empty. */
  readonly topics: ReadonlyArray<string>;
  /** What the window was reckoned from: up to when these topics are covered. */
  readonly coveredTo: string | null;
  readonly owner: string;
  readonly now: string;
  readonly deadline: string;
};

type Held = { readonly run: number; readonly owner: string };

/** So much is on record. A deadline that has come lets the run go. */
export type Advance = { readonly type: 'Advance' } & Held & {
    readonly deadline: string;
    readonly progress: Progress;
  };
export type Complete = { readonly type: 'Complete' } & Held & Pick<Progress, 'messages' | 'missed'>;
export type Abandon = { readonly type: 'Abandon' } & Held & {
    readonly code: string;
    readonly reason: string;
  };

/** Nobody shall go on with the order that is open. `by`: who said so. */
export type Cancel = { readonly type: 'Cancel'; readonly by: string; readonly now: string };

export type CatchUpCommand = Claim | Advance | Complete | Abandon | Cancel;

export type CatchUpRejection =
  | {
      readonly code: 'under-way';
      readonly owner: string;
      readonly deadline: string;
      readonly reason: string;
    }
  | { readonly code: 'not-the-owner' | 'outdated'; readonly reason: string };
