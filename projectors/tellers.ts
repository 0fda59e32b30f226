import type { DomainEvent } from '../domain/catalogue.ts';
import type { Recorded } from './projector.ts';

type Of<Type extends DomainEvent['type']> = Extract<DomainEvent, { readonly type: Type }>;

/** How a row goes on after each type of event; types that are not listed do not matter to it. */
export type Tellers<Row> = {
  readonly [Type in DomainEvent['type']]?: (row: Row, event: Of<Type>, recorded: Recorded) => Row;
};

/** The row after the event. */
export const tellRow = <Row>(tellers: Tellers<Row>, row: Row, recorded: Recorded): Row => {
  const { event } = recorded;
  const teller = tellers[event.type] as
    ((row: Row, event: DomainEvent, recorded: Recorded) => Row) | undefined;
  return teller === undefined ? row : teller(row, event, recorded);
};
