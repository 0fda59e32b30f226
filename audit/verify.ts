import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { type EventLog, type LogFailure, start } from '../event-log/event-log.ts';
import { openWalk, type Verdict } from './chain.ts';

export type Progress = {
  readonly events: number;
  /** How far the log has been walked, and where it ended when the walk began. */
  readonly upTo: string;
  readonly head: string;
};

const pageSize = 1000;

/**
 * Walks the log up to its present end and reports every broken link: altered, replaced, missing or
 * repeated events. Left when the log cannot be read; an event that is damaged beyond reading is a
 * fault, and the last thing looked at.
 */
export const verify =
  (
    log: Pick<EventLog, 'readAll' | 'head'>,
    progress: (made: Progress) => void = () => undefined,
  ): TaskEither<LogFailure, Verdict> =>
  async () => {
    const end = await log.head()();
    if (E.isLeft(end)) return end;
    const head = end.right;
    const walk = openWalk();
    let events = 0;
    for (let from = start; from < head;) {
      const page = await log.readAll(from, {}, pageSize)();
      if (E.isLeft(page)) {
        if (page.left.code !== 'corrupt') return page;
        walk.report({ code: 'unreadable', at: `after position ${from}`, reason: page.left.reason });
        break;
      }
      const due = page.right.events.filter(({ position }) => position <= head);
      for (const event of due) walk.look(event);
      events += due.length;
      from = page.right.upTo;
      progress({ events, upTo: from, head });
      if (page.right.atEnd) break;
    }
    return E.right(walk.verdict());
  };
