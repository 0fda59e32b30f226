import * as E from 'fp-ts/lib/Either.js';
import { signing } from '../../domain/signing/signing.ts';
import { signingStream } from '../../domain/stream-names.ts';
import type { Reading } from '../../domain/trigger/reading.ts';
import { carryOut } from '../../event-log/carry-out.ts';
import { secondsFrom } from '../act.ts';
import type { Done, NoticeDeps, Understood } from './deps.ts';
import { contextOf, messageOf } from './deps.ts';

type SignedReading = Extract<Reading, { readonly kind: 'RpmSigned' }>;

/** Seconds without another signature of the build before Koji is asked: they come in bursts. */
const quiet = 3;

/** An RPM of a build was signed: Koji is to be asked about the others. */
export const hearSignature = async (
  { hand, cache }: NoticeDeps,
  understood: Understood,
  { buildId }: SignedReading,
): Promise<Done> => {
  const heard = await carryOut(hand, cache)(
    signingStream(buildId),
    signing,
    contextOf(understood),
    {
      ...{ type: 'Hear', buildId, ...messageOf(understood) },
      notBefore: secondsFrom(hand.now(), quiet),
    },
  );
  return E.map(() => undefined)(heard);
};
