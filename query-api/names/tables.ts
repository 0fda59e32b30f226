import { artifactTypes, buildStates } from '../../projectors/builds/row.ts';
import { eventStates, eventTypeNames } from '../../projectors/events/row.ts';

/** A number of the API and the name people know it by. */
export type Named = { readonly id: number; readonly name: string };

/** A numbered list of names, looked up either way; names in any case. */
export type NameTable = {
  readonly items: ReadonlyArray<Named>;
  readonly nameOf: (id: number) => string;
  readonly idOf: (name: string) => number | undefined;
};

const tableOf = (items: ReadonlyArray<Named>): NameTable => {
  const names = new Map(items.map(({ id, name }) => [id, name]));
  const ids = new Map(items.map(({ id, name }) => [name.toUpperCase(), id]));
  return {
    items,
    nameOf: (id) => names.get(id) ?? String(id),
    idOf: (name) => ids.get(name.toUpperCase()),
  };
};

const fromStates = (states: Readonly<Record<string, number>>): NameTable =>
  tableOf(Object.entries(states).map(([name, id]) => ({ id, name })));

/** Kinds of triggers, by the numbers the original service gave them. */
export const eventTypeTable = tableOf(eventTypeNames.map((name, id) => ({ id, name })));
export const eventStateTable = fromStates(eventStates);
export const buildTypeTable = fromStates(artifactTypes);
export const buildStateTable = fromStates(buildStates);
