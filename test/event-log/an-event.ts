import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { ExecutionContext } from 'ava';
import { randomBytes, randomUUID } from 'node:crypto';
import type { EventLog, NewEvent, Page, SealedEvent } from '../../event-log/event-log.ts';
import { type Head, seal } from '../../event-log/seal.ts';

/** Gives a test a log and sees to it that it is closed. */
export type Open = (t: ExecutionContext) => Promise<EventLog>;

/** An event of which a test names only what matters to it. */
export const anEvent = (given: Partial<NewEvent> = {}): NewEvent => ({
  id: randomUUID(),
  type: 'SomethingHappened',
  data: { what: 'something' },
  metadata: {
    correlationId: 'message-1',
    actor: 'a test',
    recordedAt: '2026-01-02T03:04:05.678Z',
    schema: 1,
    codeVersion: '0.0.0',
  },
  ...given,
});

export const someEvents = (count: number, given: Partial<NewEvent> = {}): ReadonlyArray<NewEvent> =>
  Array.from({ length: count }, () => anEvent(given));

/** A category nobody else uses, so that a log may be shared and need not be empty. */
export const aCategory = (): string => `c${randomBytes(6).toString('hex')}`;

/** Where a stream stands after these events. */
export const headAfter = (events: ReadonlyArray<SealedEvent>, before = -1): Head => ({
  revision: before + events.length,
  hash: events.at(-1)?.metadata.hash ?? '',
});

/** The first events of a stream, sealed. */
export const begun = (stream: string, count = 1): ReadonlyArray<SealedEvent> =>
  seal(stream, undefined, someEvents(count));

/** The right of a task; a left fails the test with what it says. */
export const right = async <A>(task: TaskEither<unknown, A>): Promise<A> => {
  const result = await task();
  if (E.isLeft(result)) throw new Error(`left: ${JSON.stringify(result.left)}`);
  return result.right;
};

/** The left of a task; a right fails the test. */
export const left = async <F>(task: TaskEither<F, unknown>): Promise<F> => {
  const result = await task();
  if (E.isRight(result)) throw new Error(`right: ${JSON.stringify(result.right)}`);
  return result.left;
};

/** Pages of a tail until `enough` holds of all that came so far. */
export const pagesUntil = async (
  tail: AsyncIterable<Page>,
  enough: (pages: ReadonlyArray<Page>) => boolean,
): Promise<ReadonlyArray<Page>> => {
  const pages: Array<Page> = [];
  for await (const page of tail) {
    pages.push(page);
    if (enough(pages)) break;
  }
  return pages;
};
