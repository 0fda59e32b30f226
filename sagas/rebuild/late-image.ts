import * as E from 'fp-ts/lib/Either.js';
import { artifact } from '../../domain/artifact/artifact.ts';
import type { ImageContents } from '../../domain/image/events.ts';
import { artifactStream, imageArtifact } from '../../domain/stream-names.ts';
import type { Context, FoldCache, Hand } from '../../event-log/carry-out.ts';
import { carryOut } from '../../event-log/carry-out.ts';
import type { Hindrance } from '../act.ts';

/**
 * Tells the record of an image that a build of it is there. Where that is what a build of ours was
 * to become that had failed, the build counts as a success after all. Anything else changes nothing.
 */
export const noteLateImage =
  ({ hand, cache }: { readonly hand: Hand; readonly cache: FoldCache }) =>
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
