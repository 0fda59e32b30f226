import type { WantedCompose } from './events.ts';

/** One process's right to ask ODCS, for as long as its call may take. */
export type Intent = {
  readonly owner: string;
  /** How long the call may take, in milliseconds. */
  readonly callTimeout: number;
  /** Whatever has a higher id and fits was made by this call. */
  readonly newestId: number;
};

/** The attempt that runs. `renews`: it asks for a longer life of that compose. */
export type Live = {
  readonly attempt: number;
  readonly renews: number | null;
  readonly notBefore: string | null;
  readonly intent: Intent | null;
  readonly composeId: number | null;
  readonly repofile: string | null;
  /** The newest state ODCS told. */
  readonly seen: { readonly state: number; readonly stateName: string } | null;
};

/** A compose that can be used. */
export type Ready = {
  readonly composeId: number;
  readonly repofile: string | null;
  /** ISO; null where ODCS does not say. */
  readonly expiresAt: string | null;
  /** When it became ready or was last renewed. */
  readonly since: string;
  /** False when ODCS will not renew it. */
  readonly isRenewable: boolean;
};

/** Everything about the compose of one trigger that the next decision needs. Plain JSON. */
export type ComposeState = {
  readonly trigger: string;
  readonly messageId: string;
  /** Null before it was wanted. */
  readonly order: WantedCompose | null;
  /** The highest attempt that was begun or scheduled. */
  readonly attempts: number;
  readonly live: Live | null;
  readonly ready: Ready | null;
  /** Calls that came to nothing, and composes that failed, since one was ready or renewed. */
  readonly failedSubmissions: number;
  readonly failedComposes: number;
  /** How many composes of this order were ready and are gone. */
  readonly expiries: number;
  readonly givenUp: { readonly code: string; readonly reason: string } | null;
  readonly released: boolean;
};

export const initial: ComposeState = {
  trigger: '',
  messageId: '',
  order: null,
  attempts: 0,
  live: null,
  ready: null,
  failedSubmissions: 0,
  failedComposes: 0,
  expiries: 0,
  givenUp: null,
  released: false,
};

export const attemptOf = (
  attempt: number,
  renews: number | null,
  notBefore: string | null,
): Live => ({
  ...{ attempt, renews, notBefore },
  ...{ intent: null, composeId: null, repofile: null, seen: null },
});

/** The id ODCS knows the trigger's compose by, ready or not; null while there is none. */
export const composeIdOf = ({ live, ready }: ComposeState): number | null =>
  live?.composeId ?? ready?.composeId ?? null;

/** True while anything is still to be done for it. */
export const isOpen = ({ order, givenUp, released }: ComposeState): boolean =>
  order !== null && givenUp === null && !released;

/**
 * The compose, if it can be used at this moment; a life that is over does not count. Times are ISO,
 * UTC, with milliseconds, and are compared as text.
 */
export const usableAt = ({ ready }: ComposeState, at: string): Ready | null =>
  ready === null || (ready.expiresAt !== null && ready.expiresAt <= at) ? null : ready;
