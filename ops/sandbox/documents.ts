import type { Store } from './store.ts';

export type Documents<T extends { readonly id: number }> = {
  /** Oldest first. */
  readonly all: () => ReadonlyArray<T>;
  readonly get: (id: number) => T | undefined;
  readonly save: (document: T) => T;
  readonly nextId: () => number;
};

/** All things of one kind, in memory and in the store; ids go on where they were, from `first`. */
export const openDocuments = <T extends { readonly id: number }>(
  store: Store,
  kind: string,
  first = 1,
): Documents<T> => {
  const byId = new Map(
    store.documents(kind).map((text) => {
      const document = JSON.parse(text) as T;
      return [document.id, document];
    }),
  );
  let last = Math.max(first - 1, ...byId.keys());
  return {
    all: () => [...byId.values()],
    get: (id) => byId.get(id),
    save: (document) => {
      store.saveDocument(kind, document.id, JSON.stringify(document));
      byId.set(document.id, document);
      return document;
    },
    nextId: () => ++last,
  };
};
