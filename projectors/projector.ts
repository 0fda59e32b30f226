import type { DomainEvent } from '../domain/catalogue.ts';
import type { JsonObject } from '../domain/json.ts';
import type { Filter, RecordedEvent } from '../event-log/event-log.ts';
import type { Model } from './read-models.ts';

export type EventType = DomainEvent['type'];
export type EventOf<Type extends EventType> = Extract<DomainEvent, { readonly type: Type }>;

/** A recorded event with its decoded content. */
export type Recorded<Event = DomainEvent> = Omit<RecordedEvent, 'data' | 'type'> & {
  readonly event: Event;
};

/**
 * How one model is told from the log. Pure: the same log always gives the same rows, live, in a
 * rebuild and in a test.
 */
export type Projector<
  Body extends JsonObject = JsonObject,
  Event extends DomainEvent = DomainEvent,
> = {
  readonly model: Model;
  /** Categories of the streams it reads (rehearsals are categories of their own). */
  readonly categories: ReadonlyArray<string>;
  /**
   * Types of the events that it is told; others, those of a newer version among them, are passed over
   * unread. A type more or less gives other rows: the model's version is raised with it.
   */
  readonly types: ReadonlyArray<Event['type']>;
  /** Events told at a time, and so in memory, at most; fewer where events are large. */
  readonly pageSize?: number;
  /** Ids of the rows an event touches; none for an event that does not matter. */
  touches(recorded: Recorded<Event>): ReadonlyArray<string>;
  /**
   * The row after the event; undefined for no row, the same body for no change. `before` shows the
   * other rows that the event touches, as they were before it. (In the form of a method, so that
   * projectors of different bodies and types fit in one list: bodies come from the store, which keeps
   * JSON, and events by `types`.)
   */
  project(
    body: Body | undefined,
    recorded: Recorded<Event>,
    id: string,
    before?: (id: string) => Body | undefined,
  ): Body | undefined;
};

/** What a projector reads of the log. */
export const filterOf = ({
  categories,
  types,
}: Pick<Projector, 'categories' | 'types'>): Filter => ({
  categories,
  types,
});
