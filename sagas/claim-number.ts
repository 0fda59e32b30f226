import * as E from 'fp-ts/lib/Either.js';
import { decodeRecorded, appendEvents } from '../event-log/carry-out.ts';
import type { Context, Hand } from '../event-log/carry-out.ts';
import type { Hindrance } from './act.ts';

/** Claims the next integer id of the REST API for `of`: never given twice, gaps may be. */
export type ClaimNumber = (of: string, context: Context) => Promise<E.Either<Hindrance, number>>;

const manyTries = 100;

const baseOf = async (hand: Hand, stream: string): Promise<E.Either<Hindrance, number>> => {
  const first = await hand.log.readStream(stream, 0, 1)();
  if (E.isLeft(first)) return first;
  const recorded = first.right[0];
  if (recorded === undefined) return E.right(0);
  const event = decodeRecorded(recorded);
  if (E.isLeft(event)) return event;
  return E.right('base' in event.right ? (event.right.base ?? 0) : 0);
};

const claim = async (
  hand: Hand,
  stream: string,
  of: string,
  context: Context,
): Promise<E.Either<Hindrance, number>> => {
  const base = await baseOf(hand, stream);
  if (E.isLeft(base)) return base;
  for (let attempt = 1; ; attempt += 1) {
    const last = await hand.log.last(stream)();
    if (E.isLeft(last)) return last;
    const newest = last.right;
    const head =
      newest === undefined ? undefined : { revision: newest.revision, hash: newest.metadata.hash };
    const appended = await appendEvents(hand)(stream, head, context, [
      { type: 'NumberAssigned', of },
    ]);
    if (E.isRight(appended)) return E.right(base.right + appended.right.revision + 1);
    if (appended.left.code !== 'conflict' || attempt === manyTries) return appended;
  }
};

/** Claims from one stream; the claims of one process queue up instead of colliding. */
export const claimFrom = (hand: Hand, stream: string): ClaimNumber => {
  let queue: Promise<unknown> = Promise.resolve();
  return (of, context) => {
    const mine = queue.then(() => claim(hand, stream, of, context));
    queue = mine.catch(() => undefined);
    return mine;
  };
};

/** The newest number given so far; 0 before the first. */
export const newestNumber = async (
  hand: Hand,
  stream: string,
): Promise<E.Either<Hindrance, number>> => {
  const base = await baseOf(hand, stream);
  if (E.isLeft(base)) return base;
  const last = await hand.log.last(stream)();
  if (E.isLeft(last)) return last;
  return E.right(last.right === undefined ? 0 : base.right + last.right.revision + 1);
};
