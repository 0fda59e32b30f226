import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { EventLog, LogFailure, Page } from '../event-log/event-log.ts';
import { start } from '../event-log/event-log.ts';
import type { Checkpoint, StoreFailure, Writer } from './read-models.ts';

const foreign = (writer: Writer, what: string): StoreFailure => ({
  code: 'foreign-checkpoint',
  reason: `${writer.generation} ${what} Start with the read models that belong to this log; or stop the service, remove the read models and start again: they are rebuilt from the log.`,
});

/**
 * The position to go on after. Left `foreign-checkpoint` where the rows were told from another log,
 * or from events that this log does not hold (a restored copy).
 */
export const resume =
  (log: EventLog, logId: string, writer: Writer): TaskEither<StoreFailure | LogFailure, string> =>
  async () => {
    const stored = await writer.checkpoint()();
    if (E.isLeft(stored)) return stored;
    const checkpoint = stored.right;
    if (checkpoint === undefined) return E.right(start);
    if (checkpoint.logId !== logId) {
      const what = `was told from log ${checkpoint.logId}, but this is log ${logId}.`;
      return E.left(foreign(writer, what));
    }
    if (checkpoint.position === start) return E.right(start);
    const found = await log.at(checkpoint.position)();
    if (E.isLeft(found)) return found;
    if (found.right?.metadata.hash === checkpoint.hash) return E.right(checkpoint.position);
    const what = `was told up to position ${checkpoint.position}, where this log ${found.right === undefined ? 'has nothing' : 'has another event'}: the log is an older or other copy.`;
    return E.left(foreign(writer, what));
  };

/** The checkpoint after a page; undefined where nothing stands at its end to be known by. */
export const checkpointAfter =
  (log: EventLog, logId: string, page: Page): TaskEither<LogFailure, Checkpoint | undefined> =>
  async () => {
    const { events, upTo } = page;
    const newest = events.at(-1);
    const isThere = newest?.position === upTo;
    const found = isThere ? E.right(newest) : await log.at(upTo)();
    if (E.isLeft(found)) return found;
    const last = found.right ?? newest;
    if (last === undefined) return E.right(undefined);
    return E.right({ logId, position: last.position, hash: last.metadata.hash });
  };
