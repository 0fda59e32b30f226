import { eventTypeNames } from './events/row.ts';

/** The numbers that the REST API gives to kinds of events. */
export const eventTypeIds: ReadonlyMap<string, number> = new Map(
  eventTypeNames.map((name, id) => [name, id]),
);
