import * as E from 'fp-ts/lib/Either.js';
import type { EventLog, Page } from '../event-log.ts';
import { logError } from '../log-error.ts';
import type { Bell } from './bell.ts';

/** Events in one page of a tail. */
const pageSize = 500;

/**
 * Reads on from a position and sleeps at the end. The bell is counted before each read, so nothing
 * written in between is slept over. A page with nothing in it is given when the end is reached, and
 * again whenever the log has grown by what the filter hides.
 */
export const tailOf = (readAll: EventLog['readAll'], bell: Bell): EventLog['tail'] =>
  async function* (after, filter, signal): AsyncGenerator<Page> {
    let from = after;
    let told: string | undefined;
    while (!signal.aborted) {
      const heard = bell.count();
      const page = await readAll(from, filter, pageSize)();
      if (E.isLeft(page)) throw logError(page.left);
      const { events, upTo } = page.right;
      from = upTo;
      if (events.length > 0) {
        told = undefined;
        yield page.right;
      } else {
        if (told !== upTo) yield page.right;
        told = upTo;
        await bell.wait(heard, signal);
      }
    }
  };
