import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

export type IndexFailure = { readonly code: string; readonly reason: string };

export type SagaName = 'pushes' | 'wave' | 'rebuild' | 'compose' | 'contents' | 'signing';

/**
 * Where there is work: an index told from the log, rebuildable and possibly behind. It says where to
 * look; acting always re-reads the stream first.
 */
export type OpenWork = {
  /** Streams of a saga that are due at `now` (ISO), longest due first; a page of them. */
  readonly due: (
    saga: SagaName,
    now: string,
    page: { readonly offset: number; readonly limit: number },
  ) => TaskEither<IndexFailure, ReadonlyArray<string>>;
  /** How many artifacts still have an open, unblocked claim of this trigger. */
  readonly openClaims: (triggerStream: string) => TaskEither<IndexFailure, number>;
};

/** A build that may be an image and of which Koji has not been asked yet. */
export type UnknownImage = {
  /** The stream of its contents. */
  readonly stream: string;
  /** Where in the log it was heard of, and when (ISO). */
  readonly position: string;
  readonly since: string;
};

/** What is not known of images yet, oldest first. */
export type UnknownImages = TaskEither<
  IndexFailure,
  { readonly asOf: string; readonly builds: ReadonlyArray<UnknownImage> }
>;

/** The stream of the compose with this id in ODCS; undefined where none of ours is known. */
export type FindCompose = (composeId: number) => TaskEither<IndexFailure, string | undefined>;

/** A module stream as the index knows it. */
export type IndexedModule = {
  readonly name: string;
  readonly stream: string;
  readonly version: string;
  readonly buildId: number;
  readonly commit: string | null;
};

/** What module streams hold and need, in their newest version. `asOf`: the log position it saw. */
export type ModuleIndex = {
  readonly holding: (
    rpm: string,
    ref: string,
  ) => TaskEither<
    IndexFailure,
    { readonly asOf: string; readonly modules: ReadonlyArray<IndexedModule> }
  >;
  /** Module streams that build-require `name:stream`. */
  readonly dependents: (
    nameStream: string,
  ) => TaskEither<
    IndexFailure,
    { readonly asOf: string; readonly modules: ReadonlyArray<IndexedModule> }
  >;
};
