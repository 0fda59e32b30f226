import type { Store } from '../store.ts';
import { READY, type ComponentBuild, type Row } from './row.ts';

export type Rows = {
  readonly all: () => ReadonlyArray<Row>;
  readonly get: (id: number) => Row | undefined;
  readonly ofStream: (name: string, stream: string) => ReadonlyArray<Row>;
  readonly save: (row: Row) => void;
  readonly nextId: () => number;
  readonly nextComponentId: () => number;
  /** The newest ready build of a module stream. */
  readonly latestReady: (name: string, stream: string) => Row | undefined;
  readonly component: (
    id: number,
  ) => { readonly row: Row; readonly build: ComponentBuild } | undefined;
};

/** All module builds, in memory and in the store; ids go on where they were. */
export const openRows = (store: Store): Rows => {
  const loaded = store.rows().map((text) => JSON.parse(text) as Row);
  const byId = new Map(loaded.map((row) => [row.id, row]));
  const ready = new Map<string, Row>();
  const streams = new Map<string, Set<number>>();
  const components = new Map<number, number>();
  const index = (row: Row): void => {
    const key = `${row.name}:${row.stream}`;
    if (row.state === READY && (ready.get(key)?.id ?? 0) <= row.id) ready.set(key, row);
    streams.set(key, (streams.get(key) ?? new Set()).add(row.id));
    for (const { id } of row.components) components.set(id, row.id);
  };
  loaded.forEach(index);
  let lastId = Math.max(0, ...byId.keys());
  let lastComponent = Math.max(Number(store.setting('component') ?? 0), ...components.keys());
  return {
    all: () => [...byId.values()],
    get: (id) => byId.get(id),
    ofStream: (name, stream) =>
      [...(streams.get(`${name}:${stream}`) ?? [])].flatMap((id) => byId.get(id) ?? []),
    save: (row) => {
      store.saveRow(row.id, JSON.stringify(row));
      byId.set(row.id, row);
      index(row);
    },
    nextId: () => ++lastId,
    nextComponentId: () => {
      store.set('component', String(++lastComponent));
      return lastComponent;
    },
    latestReady: (name, stream) => ready.get(`${name}:${stream}`),
    component: (id) => {
      const row = byId.get(components.get(id) ?? 0);
      const build = row?.components.find((one) => one.id === id);
      return row === undefined || build === undefined ? undefined : { row, build };
    },
  };
};
