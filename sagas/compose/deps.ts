import type { Odcs } from '../../clients/odcs/port.ts';
import type { FoldCache, Hand } from '../../event-log/carry-out.ts';
import type { CurrentPolicy } from '../current-policy.ts';
import type { SagaSettings } from '../settings.ts';

/** What it takes to get the compose of a trigger. */
export type ComposeDeps = {
  readonly hand: Hand;
  readonly cache: FoldCache;
  readonly policy: CurrentPolicy;
  readonly odcs: Odcs;
  /** This process, for as long as it runs: the owner of the calls it makes. */
  readonly owner: string;
  /** Milliseconds, never going back. */
  readonly monotonic: () => number;
  /** From 0 up to 1: spreads retries. */
  readonly jitter: () => number;
  readonly settings: SagaSettings;
  /** A compose is renewed when less than this share of its life is left; a third when not given. */
  readonly renewShare?: number;
};
