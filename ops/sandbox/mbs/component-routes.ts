import * as E from 'fp-ts/lib/Either.js';
import { json, problem, type Answer } from '../http/reply.ts';
import { ordered, paged } from './paging.ts';
import { component } from './render.ts';
import type { ComponentBuild } from './row.ts';
import type { Rows } from './rows.ts';

type Entry = ComponentBuild & { readonly module_build: number };

const SORTABLE = ['id', 'package', 'state', 'nvr', 'task_id', 'module_build'];

const FILTERS: Readonly<Record<string, (entry: Entry) => string>> = {
  package: (entry) => entry.package,
  nvr: ({ nvr }) => nvr,
  ref: ({ ref }) => ref,
  task_id: (entry) => String(entry.task_id),
  module_id: (entry) => String(entry.module_build),
  module_build: (entry) => String(entry.module_build),
  state: ({ state }) => String(state),
  format: () => 'rpms',
};

const isVerbose = (query: URLSearchParams): boolean => query.get('verbose') === 'true';

/** GET component-builds/: the components of all module builds. */
export const componentList = (rows: Rows, url: URL, api: number): Answer => {
  const query = url.searchParams;
  const tests = [...new Set(query.keys())].flatMap((key) => {
    const read = FILTERS[key];
    const wanted = query.getAll(key);
    return read === undefined ? [] : [(entry: Entry): boolean => wanted.includes(read(entry))];
  });
  const entries = rows
    .all()
    .flatMap((row) => row.components.map((build) => ({ ...build, module_build: row.id })))
    .filter((entry) => tests.every((test) => test(entry)));
  const sorted = ordered(entries, query, SORTABLE);
  if (E.isLeft(sorted)) return sorted.left;
  const { items, meta } = paged(sorted.right, url);
  const shown = items.map((entry) => component(entry.module_build, entry, isVerbose(query), api));
  return json(200, { items: shown, meta });
};

/** GET component-builds/<id>. */
export const oneComponent = (rows: Rows, url: URL, id: string, api: number): Answer => {
  const found = /^\d+$/.test(id) ? rows.component(Number(id)) : undefined;
  if (found === undefined) return problem(404, 'No such component found.');
  return json(200, component(found.row.id, found.build, isVerbose(url.searchParams), api));
};
