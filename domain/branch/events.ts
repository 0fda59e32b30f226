import * as t from 'io-ts';
import { textOrNull } from '../codec.ts';
import { Reading } from '../trigger/reading.ts';

/**
 * A publisher told us of a push to this branch. `notBefore` (ISO) is set where the publisher is not
 * the authoritative one: until then the other may still speak of the same push.
 */
export const PushHeard = t.strict(
  {
    type: t.literal('PushHeard'),
    messageId: t.string,
    messageStream: t.string,
    sentAt: t.string,
    authoritative: t.boolean,
    notBefore: textOrNull,
    reading: Reading,
  },
  'PushHeard',
);

/** The push became a trigger. */
export const PushUsed = t.strict(
  { type: t.literal('PushUsed'), messageId: t.string, trigger: t.string },
  'PushUsed',
);

/** The authoritative publisher has spoken of the same push: this message is set aside. */
export const PushCovered = t.strict(
  { type: t.literal('PushCovered'), messageId: t.string, by: t.string },
  'PushCovered',
);

export const BranchEvent = t.union([PushHeard, PushUsed, PushCovered]);
export type BranchEvent = t.TypeOf<typeof BranchEvent>;
