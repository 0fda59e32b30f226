import type { DomainEvent } from '../domain/catalogue.ts';
import type { JsonObject } from '../domain/json.ts';
import type { RecordedEvent } from '../event-log/event-log.ts';
import type { Model } from './read-models.ts';

/** A recorded event with its decoded content. */
export type Recorded<Event = DomainEvent> = Omit<RecordedEvent, 'data' | 'type'> & {
  readonly event: Event;
};

/**
 * How one model is told from the log. Pure: the same log always gives the same rows, live, in a
 * rebuild and in a test.
 */
export type Projector<Body extends JsonObject = JsonObject> = {
  readonly model: Model;
  /** Categories of the streams it reads (rehearsals are categories of their own). */
  readonly categories: ReadonlyArray<string>;
  /** Events told at a time, and so in memory, at most; fewer where events are large. */
  readonly pageSize?: number;
  /** Ids of the rows an event touches; none for an event that does not matter. */
  readonly touches: (recorded: Recorded) => ReadonlyArray<string>;
  /**
   * The row after the event; undefined for no row, the same body for no change. `before` shows the
   * other rows that the event touches, as they were before it. (In the form of a method, so that
   * projectors of different bodies fit in one list: bodies come from the store, which keeps JSON.)
   */
  project(
    body: Body | undefined,
    recorded: Recorded,
    id: string,
    before?: (id: string) => Body | undefined,
  ): Body | undefined;
};
