import type { Progress } from './state.ts';
import type { Clock, Window, WindowRules } from './window.ts';

type Claiming = { readonly owner: string; readonly now: string; readonly deadline: string };

/**
 * One process wants to fetch what is missing, or to go on with what another one left. Times are
 * ISO 8601 UTC; until `deadline` nobody else goes on.
 */
export type Claim = { readonly type: 'Claim' } & Claiming &
  (
    | { readonly why: 'gap' | 'reconcile'; readonly clock: Clock; readonly rules: WindowRules }
    | { readonly why: 'order'; readonly window: Window; readonly by: string }
  );

type Held = { readonly run: number; readonly owner: string };

/** So much is on record. A deadline that has come lets the run go. */
export type Advance = { readonly type: 'Advance'; readonly deadline: string } & Held & Progress;
export type Complete = { readonly type: 'Complete' } & Held & Pick<Progress, 'messages' | 'missed'>;
export type Abandon = { readonly type: 'Abandon' } & Held & {
    readonly code: string;
    readonly reason: string;
  };

export type CatchUpCommand = Claim | Advance | Complete | Abandon;

export type CatchUpRejection =
  | {
      readonly code: 'under-way';
      readonly owner: string;
      readonly deadline: string;
      readonly reason: string;
    }
  | { readonly code: 'not-the-owner'; readonly reason: string };
