import { openDocuments } from '../documents.ts';
import type { Store } from '../store.ts';

/** Numbers that Koji gives to names: of users, packages and tags. */
export type Names = {
  /** Its number; a new name gets the next. */
  readonly idOf: (name: string) => number;
  readonly find: (nameOrId: string | number) => Named | undefined;
  readonly all: () => ReadonlyArray<Named>;
};

export type Named = { readonly id: number; readonly name: string };

export const openNames = (store: Store, kind: string): Names => {
  const documents = openDocuments<Named>(store, kind);
  const byName = new Map(documents.all().map((named) => [named.name, named]));
  return {
    idOf: (name) => {
      const known = byName.get(name);
      if (known !== undefined) return known.id;
      const named = documents.save({ id: documents.nextId(), name });
      byName.set(name, named);
      return named.id;
    },
    find: (nameOrId) =>
      typeof nameOrId === 'number' ? documents.get(nameOrId) : byName.get(nameOrId),
    all: documents.all,
  };
};
