import * as t from 'io-ts';
import { Count, textOrNull } from '../codec.ts';

/** An RPM of a Koji build was signed: worth asking whether all of the build's RPMs are. */
export const SignatureHeard = t.strict(
  {
    type: t.literal('SignatureHeard'),
    buildId: Count,
    messageId: t.string,
    messageStream: t.string,
    sentAt: t.string,
    /** Asked then or later: signatures of one build come in bursts. */
    notBefore: t.string,
  },
  'SignatureHeard',
);

/** What Koji said of the build's signatures. All signed: the build is a trigger. */
export const SignaturesChecked = t.strict(
  {
    type: t.literal('SignaturesChecked'),
    buildId: Count,
    nvr: textOrNull,
    rpms: Count,
    unsigned: Count,
    allSigned: t.boolean,
    reason: textOrNull,
  },
  'SignaturesChecked',
);

export const SigningEvent = t.union([SignatureHeard, SignaturesChecked]);
export type SigningEvent = t.TypeOf<typeof SigningEvent>;
