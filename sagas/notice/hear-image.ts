import * as E from 'fp-ts/lib/Either.js';
import { image } from '../../domain/image/image.ts';
import { imageContentsStream } from '../../domain/stream-names.ts';
import type { Reading } from '../../domain/trigger/reading.ts';
import { carryOut } from '../../event-log/carry-out.ts';
import type { Done, NoticeDeps, Understood } from './deps.ts';
import { contextOf } from './deps.ts';

type BuildReading = Extract<Reading, { readonly kind: 'KojiBuildComplete' }>;

/** A build is complete that may be an image; one that is on record already is not heard again. */
export const hearImage = async (
  { hand }: NoticeDeps,
  understood: Understood,
  { buildId, nvr }: BuildReading,
): Promise<Done> => {
  const stream = imageContentsStream(nvr);
  const hear = { type: 'Hear', buildId, nvr } as const;
  const heard = await carryOut(hand)(stream, image, contextOf(understood), hear);
  return E.map(() => undefined)(heard);
};
