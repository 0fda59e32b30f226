import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { createHash } from 'node:crypto';
import {
  type EventLog,
  type LogFailure,
  type RecordedEvent,
  start,
} from '../event-log/event-log.ts';
import { type Closing, closingLine } from './closing-line.ts';
import type { Progress } from './verify.ts';

export type ExportFailure = LogFailure | { readonly code: 'unwritable'; readonly reason: string };

const pageSize = 500;

const lineOf = (event: RecordedEvent): string => {
  const { position, stream, revision, id, type, data, metadata } = event;
  return `${JSON.stringify({ position, stream, revision, id, type, data, metadata })}\n`;
};

const written = async (
  write: (text: string) => Promise<void>,
  text: string,
): Promise<E.Either<ExportFailure, void>> => {
  try {
    return E.right(await write(text));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return E.left({ code: 'unwritable', reason: `the export could not be written: ${why}` });
  }
};

/**
 * Gives the log up to its present end as NDJSON, one event a line in log order, a page at a time to
 * `write`, which is waited for. The last line says what the file must add up to, so that a file cut
 * short is known for what it is.
 */
export const exportLog =
  (
    log: Pick<EventLog, 'readAll' | 'head'>,
    write: (text: string) => Promise<void>,
    progress: (made: Progress) => void = () => undefined,
  ): TaskEither<ExportFailure, Closing> =>
  async () => {
    const end = await log.head()();
    if (E.isLeft(end)) return end;
    const head = end.right;
    const digest = createHash('sha256');
    let events = 0;
    let last = start;
    for (let from = start; from < head;) {
      const page = await log.readAll(from, {}, pageSize)();
      if (E.isLeft(page)) return page;
      const due = page.right.events.filter(({ position }) => position <= head);
      const text = due.map(lineOf).join('');
      digest.update(text);
      const done = await written(write, text);
      if (E.isLeft(done)) return done;
      events += due.length;
      last = due.at(-1)?.position ?? last;
      from = page.right.upTo;
      progress({ events, upTo: from, head });
      if (page.right.atEnd) break;
    }
    const closing: Closing = { events, upTo: last, sha256: digest.digest('hex') };
    const closed = await written(write, closingLine(closing));
    return E.isLeft(closed) ? closed : E.right(closing);
  };
