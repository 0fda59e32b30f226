import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Holder, ImageStream } from '../domain/image/holder.ts';
import type { IndexFailure } from './open-work.ts';

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
