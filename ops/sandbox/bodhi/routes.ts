import type { Misbehaviour } from '../control/misbehaviour.ts';
import type { Documents } from '../documents.ts';
import { html, json, problem, type Answer } from '../http/reply.ts';
import type { Shipped, Update } from '../updates/update.ts';
import { bodhiRelease, releaseName } from './releases.ts';
import { shownBuild, shownUpdate, statusOf } from './render.ts';

export type BodhiDeps = {
  readonly updates: Documents<Update>;
  readonly misbehaviour: Misbehaviour;
  /** `f27`, `f28` … */
  readonly releases: ReadonlyArray<string>;
};

export type BodhiRequest = {
  readonly method: string;
  readonly url: URL;
  readonly accept: string | undefined;
};

type Shown = Readonly<Record<string, unknown>>;
type Listed<T> = { readonly items: ReadonlyArray<T>; readonly meta: Shown };

const DEFAULT_ROWS = 20;
const MOST_ROWS = 1000;
const CONTENTS = ['rpm', 'module'] as const;

const wrong = (status: number, location: string, name: string, description: string): Answer =>
  json(status, { status: 'error', errors: [{ location, name, description }] });

const missing = (name: string, description: string): Answer => wrong(404, 'url', name, description);

type Page = { readonly page: number; readonly rows: number };

const pageOf = (query: URLSearchParams): Page | Answer => {
  const page = Number(query.get('page') ?? 1);
  const rows = Number(query.get('rows_per_page') ?? DEFAULT_ROWS);
  if (!Number.isInteger(page) || page < 1) {
    const given = query.get('page') ?? '';
    return wrong(400, 'querystring', 'page', `"${given}" is not a number`);
  }
  if (!Number.isInteger(rows) || rows < 1) {
    return wrong(400, 'querystring', 'rows_per_page', 'The value is not a number above 0');
  }
  if (rows > MOST_ROWS) {
    const description = `${rows} is greater than maximum value ${MOST_ROWS}`;
    return wrong(400, 'querystring', 'rows_per_page', description);
  }
  return { page, rows };
};

const listed = <T>(items: ReadonlyArray<T>, { page, rows }: Page): Listed<T> => ({
  items: items.slice((page - 1) * rows, page * rows),
  meta: { page, rows_per_page: rows, pages: Math.ceil(items.length / rows), total: items.length },
});

type Test = (update: Update, wanted: ReadonlyArray<string>) => boolean;

const packageOf = ({ nvr, type }: Shipped): string =>
  type === 'module' ? (nvr.split('-')[0] ?? '') : nvr.split('-').slice(0, -2).join('-');

const FILTERS: Readonly<Record<string, Test>> = {
  builds: ({ shipped }, wanted) => shipped.some(({ nvr }) => wanted.includes(nvr)),
  packages: ({ shipped }, wanted) => shipped.some((build) => wanted.includes(packageOf(build))),
  releases: ({ release, content }, wanted) =>
    wanted.some((one) => one.toUpperCase() === releaseName(release, content)),
  status: (update, wanted) => wanted.includes(statusOf(update)),
  content_type: ({ content }, wanted) => wanted.includes(content),
  updateid: ({ alias }, wanted) => wanted.includes(alias ?? ''),
  alias: ({ alias }, wanted) => wanted.includes(alias ?? ''),
  pushed_since: ({ stable, testing }, [since = '']) =>
    (stable ?? testing ?? 0) >= Date.parse(since),
};

const inBodhi = ({ updates }: BodhiDeps): ReadonlyArray<Update> =>
  updates
    .all()
    .filter(({ alias }) => alias !== null)
    .toReversed();

const many = (deps: BodhiDeps, query: URLSearchParams): Answer => {
  const page = pageOf(query);
  if ('body' in page) return page;
  const tests = [...new Set(query.keys())].flatMap((key) => {
    const wanted = query.getAll(key).flatMap((value) => value.split(','));
    const test = FILTERS[key];
    return test === undefined ? [] : [(update: Update): boolean => test(update, wanted)];
  });
  const found = inBodhi(deps).filter((update) => tests.every((test) => test(update)));
  const { items, meta } = listed(found, page);
  return json(200, { updates: items.map(shownUpdate), ...meta });
};

const updates = (deps: BodhiDeps, id: string, query: URLSearchParams): Answer => {
  if (id === '') return many(deps, query);
  const found = inBodhi(deps).find(({ alias }) => alias === id);
  if (found === undefined) return missing('id', 'Invalid update id');
  return json(200, { update: shownUpdate(found), can_edit: false });
};

const builds = (deps: BodhiDeps, nvr: string): Answer => {
  for (const update of inBodhi(deps)) {
    const build = update.shipped.find((one) => one.nvr === nvr);
    if (build !== undefined) return json(200, shownBuild(update, build));
  }
  return missing('nvr', 'No such build');
};

const releases = (deps: BodhiDeps, name: string, query: URLSearchParams): Answer => {
  const all = deps.releases.flatMap((release) =>
    CONTENTS.map((content) => bodhiRelease(release, content)),
  );
  if (name !== '') {
    const found = all.find((release) => release['name'] === name.toUpperCase());
    return found === undefined ? missing('name', 'No such release') : json(200, found);
  }
  const page = pageOf(query);
  if ('body' in page) return page;
  const { items, meta } = listed(all, page);
  return json(200, { releases: items, ...meta });
};

const routed = (deps: BodhiDeps, url: URL): Answer => {
  const [, , kind = '', name = ''] = url.pathname.split('/').map(decodeURIComponent);
  if (kind === 'updates') return updates(deps, name, url.searchParams);
  if (kind === 'builds') return builds(deps, name);
  if (kind === 'releases') return releases(deps, name, url.searchParams);
  return missing('', 'Not Found');
};

const pageFor = ({ status }: Answer): Answer =>
  html(status, '<!DOCTYPE html>\n<title>Bodhi</title>\n<p>A page for people.</p>\n');

/** Answers a request under /bodhi/: JSON for those who accept `application/json`, a page for the rest. */
export const answerBodhi = (deps: BodhiDeps, { method, url, accept }: BodhiRequest): Answer => {
  const names = url.pathname.split('/').slice(3);
  if (deps.misbehaviour.take('bodhi-unavailable', { names }) !== undefined) {
    return problem(503, 'Bodhi is down for maintenance.');
  }
  if (method !== 'GET') return wrong(405, 'body', 'method', 'This Bodhi is only read.');
  const answer = routed(deps, url);
  return accept?.includes('application/json') === true ? answer : pageFor(answer);
};
