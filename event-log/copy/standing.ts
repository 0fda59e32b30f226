import * as E from 'fp-ts/lib/Either.js';
import type { EventLog, LogFailure, RecordedEvent } from '../event-log.ts';
import { start } from '../event-log.ts';

export type Readable = Pick<EventLog, 'readAll' | 'head'>;

/** How much of a source its target holds: the first `events` of it, up to `after` in the source. */
export type Standing = { readonly events: number; readonly after: string };

/** What stands in the target is not what the source begins with. Nothing may be copied there. */
export type Differs = { readonly code: 'target-differs'; readonly reason: string };

const pageSize = 1000;

const placed = (event: RecordedEvent | undefined): string =>
  event === undefined
    ? 'nothing'
    : `${event.type} at ${event.stream}@${event.revision}, hash ${event.metadata.hash}`;

/** The hash covers stream, revision, id, type, data and metadata. */
const isSame = (one: RecordedEvent, other: RecordedEvent | undefined): boolean =>
  one.metadata.hash === other?.metadata.hash && one.stream === other.stream;

/** So many events after a position, however the log pages them. */
const nextOf = async (
  log: Readable,
  after: string,
  count: number,
): Promise<E.Either<LogFailure, ReadonlyArray<RecordedEvent>>> => {
  const events: Array<RecordedEvent> = [];
  let from = after;
  while (events.length < count) {
    const page = await log.readAll(from, {}, count - events.length)();
    if (E.isLeft(page)) return page;
    events.push(...page.right.events);
    if (page.right.atEnd) break;
    from = page.right.upTo;
  }
  return E.right(events);
};

const differs = (place: number, held: RecordedEvent, due?: RecordedEvent): Differs => ({
  code: 'target-differs',
  reason: `event ${place} of the target is ${placed(held)}; of the source it is ${placed(due)}`,
});

/**
 * How far a target is a copy of a source, event by event. Left `target-differs` where it holds
 * anything else, naming the first place.
 */
export const standingOf = async (
  source: Readable,
  target: Readable,
  progress: (events: number) => void = () => undefined,
): Promise<E.Either<LogFailure | Differs, Standing>> => {
  let events = 0;
  let [after, held] = [start, start];
  for (;;) {
    const page = await target.readAll(held, {}, pageSize)();
    if (E.isLeft(page)) return page;
    const due = await nextOf(source, after, page.right.events.length);
    if (E.isLeft(due)) return due;
    for (const [index, event] of page.right.events.entries()) {
      const twin = due.right[index];
      if (!isSame(event, twin)) return E.left(differs(events + index + 1, event, twin));
    }
    events += page.right.events.length;
    after = due.right.at(-1)?.position ?? after;
    held = page.right.upTo;
    progress(events);
    if (page.right.atEnd) return E.right({ events, after });
  }
};
