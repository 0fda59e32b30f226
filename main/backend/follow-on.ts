import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { EventLog, Filter, LogFailure, RecordedEvent } from '../../event-log/event-log.ts';
import { follow } from '../../event-log/follow.ts';

type Wanted = {
  readonly log: EventLog;
  readonly filter: Filter;
  /** Told of the events of a page, if there are any. A throw leaves the page to the next call. */
  readonly tell: (events: ReadonlyArray<RecordedEvent>) => Promise<void>;
  readonly beat: () => void;
};

/**
 * Follows the log from its end at the first call, until the signal or a failure; each call after that
 * goes on after the last page that was told, so that nothing appended in between is lost.
 */
export const followOn = ({
  log,
  filter,
  tell,
  beat,
}: Wanted): ((signal: AbortSignal) => Promise<E.Either<LogFailure, void>>) => {
  let after: string | undefined;
  return async (signal) => {
    const from = after === undefined ? await log.head()() : E.right(after);
    if (E.isLeft(from)) return from;
    after = from.right;
    return follow(log)<never>({
      filter,
      load: () => TE.right(from.right),
      handle: ({ events, upTo }) =>
        TE.fromTask(async () => {
          if (events.length > 0) await tell(events);
          after = upTo;
        }),
      beat,
    })(signal);
  };
};
