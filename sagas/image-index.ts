import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { IndexFailure } from './open-work.ts';

/** The newest build of an image on its branch, as far as it is on record. */
export type ImageStream = {
  readonly artifact: string;
  readonly name: string;
  /** Empty where Koji did not tell. */
  readonly branch: string;
  readonly namespace: string;
  readonly target: string | null;
  readonly newest: {
    readonly nvr: string;
    readonly buildId: number;
    readonly parentNvr: string | null;
    readonly arches: ReadonlyArray<string>;
  };
};

/** One version of an RPM, and the build of the image that held it. */
export type HeldVersion = {
  /** `name-version-release` of the RPM. */
  readonly rpm: string;
  readonly epoch: number | null;
  /** The image's NVR. */
  readonly nvr: string;
  readonly buildId: number;
};

/** An image that held an RPM at any time. */
export type Holder = {
  readonly image: ImageStream;
  readonly rpmName: string;
  readonly source: string;
  /** The lowest version it ever held, the first and the last. */
  readonly lowest: HeldVersion;
  readonly first: HeldVersion;
  readonly last: HeldVersion;
  /** Its newest build holds it; `last` says in which version. */
  readonly now: boolean;
};

/** What images hold and held. `asOf`: the log position the answer has seen, or more. */
export type ImageIndex = {
  readonly everHeld: (
    rpmName: string,
  ) => TaskEither<IndexFailure, { readonly asOf: string; readonly holders: ReadonlyArray<Holder> }>;
  readonly everHeldOfSource: (
    source: string,
  ) => TaskEither<IndexFailure, { readonly asOf: string; readonly holders: ReadonlyArray<Holder> }>;
  /** Images whose newest build was built on a build of this artifact. */
  readonly children: (
    artifact: string,
  ) => TaskEither<
    IndexFailure,
    { readonly asOf: string; readonly images: ReadonlyArray<ImageStream> }
  >;
  readonly image: (
    artifact: string,
  ) => TaskEither<IndexFailure, { readonly asOf: string; readonly image: ImageStream | undefined }>;
};
