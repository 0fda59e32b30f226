import type { DomainEvent } from '../domain/catalogue.ts';
import type { EventOf, EventType, Recorded } from './projector.ts';

/** How a row goes on after each type of event; types that are not listed do not matter to it. */
export type Tellers<Row> = {
  readonly [Type in EventType]?: (row: Row, event: EventOf<Type>, recorded: Recorded) => Row;
};

/** The types of events that a table has an entry for. */
export const typesOf = <Type extends EventType>(table: {
  readonly [Each in Type]?: unknown;
}): ReadonlyArray<Type> => Object.keys(table) as ReadonlyArray<string> as ReadonlyArray<Type>;

/** The row after the event. */
export const tellRow = <Row>(tellers: Tellers<Row>, row: Row, recorded: Recorded): Row => {
  const { event } = recorded;
  const teller = tellers[event.type] as
    ((row: Row, event: DomainEvent, recorded: Recorded) => Row) | undefined;
  return teller === undefined ? row : teller(row, event, recorded);
};
