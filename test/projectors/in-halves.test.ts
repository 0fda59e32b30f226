import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Page, RecordedEvent } from '../../event-log/event-log.ts';
import { inHalves } from '../../projectors/in-halves.ts';

type Failure = { readonly code: string; readonly reason: string };

const event = (position: number): RecordedEvent =>
  ({ position: String(position) }) as RecordedEvent;

const page = (length: number, upTo: string): Page => ({
  ...{ events: Array.from({ length }, (_, index) => event(index + 1)), upTo, atEnd: true },
});

/** Commits pages of so many events at most; remembers each as its positions and its checkpoint. */
const storeOf = (most: number, code = 'too-large') => {
  const told: Array<string> = [];
  const tell =
    ({ events, upTo }: Page): TaskEither<Failure, void> =>
    () => {
      const isTooLarge = events.length > most;
      if (!isTooLarge) told.push(`${events.map(({ position }) => position).join(',')}<=${upTo}`);
      return Promise.resolve(
        isTooLarge ? E.left({ code, reason: String(events.length) }) : E.right(undefined),
      );
    };
  return { told, tell };
};

test('a page that fits is told at once', async (t) => {
  const { told, tell } = storeOf(4);
  t.deepEqual(await inHalves(tell)(page(3, '9'))(), E.right(undefined));
  t.deepEqual(told, ['1,2,3<=9']);
});

test('a page that is too large is told in parts, in order, each up to where it goes', async (t) => {
  const { told, tell } = storeOf(2);
  t.deepEqual(await inHalves(tell)(page(5, '9'))(), E.right(undefined));
  t.deepEqual(told, ['1,2<=2', '3<=3', '4,5<=9']);
});

test('a single event that is too large is told as what it is', async (t) => {
  const { told, tell } = storeOf(0);
  const failed = await inHalves(tell)(page(4, '9'))();
  t.deepEqual(failed, E.left({ code: 'too-large', reason: '1' }));
  t.deepEqual(told, []);
});

test('a page that fails otherwise is not told in parts', async (t) => {
  const { told, tell } = storeOf(2, 'fenced');
  const failed = await inHalves(tell)(page(4, '9'))();
  t.deepEqual(failed, E.left({ code: 'fenced', reason: '4' }));
  t.deepEqual(told, []);
});
