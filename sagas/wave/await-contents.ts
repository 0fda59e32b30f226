import * as E from 'fp-ts/lib/Either.js';
import type { Hindrance } from '../act.ts';
import { secondsFrom } from '../act.ts';
import type { WaveDeps } from './deps.ts';
import type { Answer } from './record-answers.ts';
import { upTo } from './up-to.ts';

/** What a build holds is waited for this long after it was heard of, in seconds. */
const patience = 600;
const mostNamed = 100;

/**
 * Images that were heard of before a trigger are to be known before it is decided, or what they hold
 * would be missed for ever. What Koji could not be asked about for ten minutes is named in the
 * record and left out.
 */
export const awaitContents = async (
  { unknownImages, hand }: WaveDeps,
  needed: string,
): Promise<E.Either<Hindrance, ReadonlyArray<Answer>>> => {
  const found = upTo(needed, await unknownImages());
  if (E.isLeft(found)) return found;
  const before = found.right.builds.filter(({ position }) => position < needed);
  const tooLong = secondsFrom(hand.now(), -patience);
  const awaited = before.filter(({ since }) => since > tooLong);
  if (awaited.length > 0) {
    const reason = `What ${awaited.length} builds hold, ${awaited[0]?.stream ?? ''} first, is being asked of Koji.`;
    return E.left({ code: 'contents-awaited', reason });
  }
  if (before.length === 0) return E.right([]);
  const answer = before.slice(0, mostNamed).map(({ stream }) => stream);
  return E.right([{ question: 'unknown-contents', answer, asOf: found.right.asOf }]);
};
