import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Page } from '../event-log/event-log.ts';

type Tell<F> = (page: Page) => TaskEither<F, void>;

/**
 * Tells a page that the store cannot commit at once (`too-large`) in halves, each up to a checkpoint
 * of its own. Left where a single event is too much.
 */
export const inHalves = <F extends { readonly code: string }>(tell: Tell<F>): Tell<F> => {
  const tellPage: Tell<F> = (page) => async () => {
    const told = await tell(page)();
    const { events } = page;
    const half = Math.ceil(events.length / 2);
    const last = events[half - 1];
    if (E.isRight(told) || told.left.code !== 'too-large' || last === undefined) return told;
    if (events.length < 2) return told;
    const first = { events: events.slice(0, half), upTo: last.position, atEnd: false };
    const begun = await tellPage(first)();
    return E.isLeft(begun) ? begun : tellPage({ ...page, events: events.slice(half) })();
  };
  return tellPage;
};
