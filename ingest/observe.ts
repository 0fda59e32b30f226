import * as E from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import type { MessageBodyPart, MessageEvent } from '../domain/message/events.ts';
import type { Judgement } from './judge.ts';
import type { NormalForm } from './normal-form.ts';
import { fitsOneSlice, slicesOf } from './slices.ts';

export type Part = t.TypeOf<typeof MessageBodyPart>;

/** The events of one message: the parts of a body too long for one event, then those that close it. */
export type Observation = {
  readonly parts: ReadonlyArray<Part>;
  /** Given the revision of the first part, the events that belong in one append after the last. */
  readonly closing: (firstPart: number) => ReadonlyArray<MessageEvent>;
};

const verdictOn = (judgement: Judgement): MessageEvent =>
  E.isRight(judgement)
    ? { type: 'MessageUnderstood', reading: judgement.right }
    : {
        type: 'MessageSetAside',
        code: judgement.left.code,
        explanation: judgement.left.explanation,
      };

/** What the log will hold of a message that came over `transport`. Pure: the same every time. */
export const observe = (
  message: NormalForm,
  judgement: Judgement,
  transport: string,
): Observation => {
  const { messageId, idDerived, topic, prefix, format, sentAt, headers } = message;
  const { bodyText: text, bodyEncoding: encoding } = message;
  const slices = fitsOneSlice(text) ? [] : slicesOf(text);
  const closing = (firstPart: number): ReadonlyArray<MessageEvent> => {
    const lastPart = firstPart + slices.length - 1;
    const body = slices.length === 0 ? { encoding, text } : { encoding, firstPart, lastPart };
    const known = { messageId, idDerived, topic, prefix, format, transport, sentAt, headers };
    return [{ type: 'MessageObserved', ...known, body }, verdictOn(judgement)];
  };
  const parts = slices.map((slice, index): Part => {
    return { type: 'MessageBodyPart', index, text: slice };
  });
  return { parts, closing };
};
