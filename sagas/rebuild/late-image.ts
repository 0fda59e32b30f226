import * as E from 'fp-ts/lib/Either.js';
import { artifact } from '../../domain/artifact/artifact.ts';
import { hasFailed } from '../../domain/artifact/decide-late.ts';
import type { ImageContents, ImageContentsRecorded } from '../../domain/image/events.ts';
import { artifactStream, imageArtifact, imageContentsStream } from '../../domain/stream-names.ts';
import type { Context, FoldCache, Hand } from '../../event-log/carry-out.ts';
import { carryOut, loadStream } from '../../event-log/carry-out.ts';
import type { Hindrance } from '../act.ts';

type Deps = { readonly hand: Hand; readonly cache: FoldCache };

const recordedType: ImageContentsRecorded['type'] = 'ImageContentsRecorded';

/**
 * Looks whether an image that a build of ours was to become was on record before the build failed, as
 * where a task fails after Koji has taken its result in. Anything else changes nothing.
 */
export const noteKnownImage = async (
  { hand, cache }: Deps,
  stream: string,
  build: number,
): Promise<E.Either<Hindrance, void>> => {
  const loaded = await loadStream(hand.log, cache)(stream, artifact);
  if (E.isLeft(loaded)) return loaded;
  const { state } = loaded.right;
  if (!hasFailed(state, build)) return E.right(undefined);
  for (const [nvr] of Object.entries(state.ownNvrs).filter(([, of]) => of === build)) {
    const last = await hand.log.last(imageContentsStream(nvr))();
    if (E.isLeft(last)) return last;
    if (last.right?.type !== recordedType) continue;
    const { correlationId } = last.right.metadata;
    const noted = await carryOut(hand, cache)(
      stream,
      artifact,
      { correlationId, causationId: last.right.id },
      { type: 'NoteLateImage', nvr, at: hand.now() },
    );
    if (E.isLeft(noted)) return noted;
  }
  return E.right(undefined);
};

/**
 * Tells the record of an image that a build of it is there. Where that is what a build of ours was
 * to become that had failed, the build counts as a success after all. Anything else changes nothing.
 */
export const noteLateImage =
  ({ hand, cache }: Deps) =>
  async (
    { name, branch, nvr }: Pick<ImageContents, 'name' | 'branch' | 'nvr'>,
    context: Context,
  ): Promise<E.Either<Hindrance, 'revived' | 'nothing'>> => {
    if (branch === null) return E.right('nothing');
    const stream = artifactStream('real', imageArtifact(name, branch));
    const told = await carryOut(hand, cache)(stream, artifact, context, {
      ...{ type: 'NoteLateImage', nvr, at: hand.now() },
    });
    if (E.isLeft(told)) return told;
    return E.right(told.right.events.length > 0 ? 'revived' : 'nothing');
  };
