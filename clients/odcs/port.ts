import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

export type OdcsFailure =
  /** Time-out, connection lost, 5xx: whether a call was carried out is unknown. */
  | { readonly code: 'odcs-unknown-outcome'; readonly reason: string }
  /** It never reached ODCS, or 429/503: try later. */
  | { readonly code: 'odcs-unavailable'; readonly reason: string }
  /** 400, 401, 403 …: it will not do this, and says why. */
  | { readonly code: 'odcs-refused'; readonly status: number; readonly reason: string }
  | { readonly code: 'odcs-missing'; readonly reason: string }
  | { readonly code: 'odcs-unreadable'; readonly reason: string };

/** A compose of exactly these builds: source type "build", flag no_deps, result repository. */
export type ComposeOrder = {
  /** NVRs, sorted. */
  readonly builds: ReadonlyArray<string>;
  /** Names of the binary packages wanted, sorted. */
  readonly packages: ReadonlyArray<string>;
  /** 8 hex digits each; the empty text permits unsigned RPMs. */
  readonly sigkeys: ReadonlyArray<string>;
  readonly arches: ReadonlyArray<string>;
  readonly secondsToLive: number;
};

/** States: wait 0, generating 1, done 2, removed 3, failed 4. */
export type Compose = {
  readonly id: number;
  readonly state: number;
  readonly stateName: string;
  readonly stateReason: string | null;
  readonly builds: ReadonlyArray<string>;
  readonly packages: ReadonlyArray<string>;
  /** Named from the first; the file exists only in state done. */
  readonly resultRepofile: string | null;
  /** ISO, UTC; null where ODCS does not say. */
  readonly expiresAt: string | null;
};

export type Odcs = {
  /** How long one call may take before its outcome counts as unknown, in milliseconds. */
  readonly callTimeout: number;
  /** Not idempotent: each call makes a compose. */
  readonly create: (order: ComposeOrder) => TaskEither<OdcsFailure, Compose>;
  readonly get: (id: number) => TaskEither<OdcsFailure, Compose>;
  /** Id of the newest compose there is; 0 for none. */
  readonly newestId: () => TaskEither<OdcsFailure, number>;
  /** Our own compose with an id above `above` of exactly these builds and packages; the newest. */
  readonly find: (
    order: ComposeOrder,
    above: number,
  ) => TaskEither<OdcsFailure, Compose | undefined>;
  /** A longer life; the answer may have another id, which is then a new compose. */
  readonly renew: (id: number, secondsToLive: number) => TaskEither<OdcsFailure, Compose>;
  readonly remove: (id: number) => TaskEither<OdcsFailure, void>;
  /** Whether the repo file answers by now. */
  readonly repofileExists: (url: string) => TaskEither<OdcsFailure, boolean>;
  /**
   * Composes of builds that are ours, with an id above `above`, newest first. Undefined where our own
   * name in ODCS is not known, so that nobody can tell them from those of others.
   */
  readonly ownSince: (above: number) => TaskEither<OdcsFailure, ReadonlyArray<Compose> | undefined>;
};
