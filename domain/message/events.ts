import * as t from 'io-ts';
import { Count, JsonRecord, textOrNull } from '../codec.ts';
import { Reading } from '../trigger/reading.ts';

const Encoding = t.union([t.literal('text'), t.literal('base64')], 'text or base64');

/** Where the body is: inside the event, or in the parts of this stream from `first` to `last`. */
const Body = t.union(
  [
    t.strict({ encoding: Encoding, text: t.string }),
    t.strict({ encoding: Encoding, firstPart: Count, lastPart: Count }),
  ],
  'body',
);

/** One slice of a body too long for one event. Counts only when `MessageObserved` names it. */
export const MessageBodyPart = t.strict(
  { type: t.literal('MessageBodyPart'), index: Count, text: t.string },
  'MessageBodyPart',
);

/**
 * A message arrived, and this is exactly what arrived. `messageId` is as it came; `topic` has lost
 * `prefix` ("org.fedoraproject.prod"); `sentAt` is ISO 8601 UTC, null where the message did not say.
 */
export const MessageObserved = t.strict(
  {
    type: t.literal('MessageObserved'),
    messageId: t.string,
    idDerived: t.boolean,
    topic: t.string,
    prefix: t.string,
    format: t.union([
      t.literal('fedmsg'),
      t.literal('fedora-messaging'),
      t.literal('umb'),
      t.literal('bare'),
    ]),
    transport: t.string,
    sentAt: textOrNull,
    headers: JsonRecord,
    body: Body,
  },
  'MessageObserved',
);

/** No flow wants this message, and `code` (docs/events.md lists them) says why. */
export const MessageSetAside = t.strict(
  { type: t.literal('MessageSetAside'), code: t.string, explanation: t.string },
  'MessageSetAside',
);

/** What the message means to one of our flows, as read by the code of that day. */
export const MessageUnderstood = t.strict(
  { type: t.literal('MessageUnderstood'), reading: Reading },
  'MessageUnderstood',
);

export const MessageEvent = t.union([
  MessageBodyPart,
  MessageObserved,
  MessageSetAside,
  MessageUnderstood,
]);
export type MessageEvent = t.TypeOf<typeof MessageEvent>;
