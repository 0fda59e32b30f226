import * as E from 'fp-ts/lib/Either.js';
import type { Ask } from './question.ts';

/** First of all what was published and never heard is fetched: the rest may follow from it. */
export const askMessages: Ask = async ({ outside }, { signal }) => {
  if (outside.catchUp === undefined) return undefined;
  const caughtUp = await outside.catchUp('reconcile', signal);
  if (E.isLeft(caughtUp)) return { count: 0, things: [], failure: caughtUp.left };
  const { messages, missed } = caughtUp.right;
  return { count: messages, things: [], missed };
};
