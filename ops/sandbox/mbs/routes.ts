import * as E from 'fp-ts/lib/Either.js';
import { json, problem, type Answer, type Outcome } from '../http/reply.ts';
import { componentList, oneComponent } from './component-routes.ts';
import { rowFilters } from './filters.ts';
import { readObject } from './order.ts';
import { ordered, paged } from './paging.ts';
import { plainRow, shortRow, verboseRow } from './render.ts';
import { FAILED, isOpen, type Row } from './row.ts';
import { submit, type SubmitDeps } from './submit.ts';

export type MbsDeps = SubmitDeps & { readonly token: string | undefined };

export type MbsRequest = {
  readonly method: string;
  /** With the host the client asked, for the links of a page. */
  readonly url: URL;
  readonly body: string;
  readonly authorization: string | undefined;
};

const SORTABLE = [
  ...['id', 'name', 'stream', 'version', 'context', 'state', 'owner', 'koji_tag', 'scmurl'],
  ...['time_submitted', 'time_modified', 'time_completed', 'state_reason', 'rebuild_strategy'],
];

const flag = (query: URLSearchParams, name: string): boolean =>
  ['true', '1'].includes((query.get(name) ?? '').toLowerCase());

const verbose = ({ rows }: MbsDeps, row: Row, api: number): Readonly<Record<string, unknown>> =>
  verboseRow(
    row,
    row.base_modules.flatMap((id) => rows.get(id) ?? []),
    api,
  );

const shown = (
  deps: MbsDeps,
  row: Row,
  query: URLSearchParams,
  api: number,
): Readonly<Record<string, unknown>> => {
  if (flag(query, 'short')) return shortRow(row);
  return flag(query, 'verbose') ? verbose(deps, row, api) : plainRow(row);
};

const list = (deps: MbsDeps, url: URL, api: number): Answer => {
  const path = `/module-build-service/${api}/module-builds/`;
  const filters = rowFilters(url.searchParams, path, deps.rows.get);
  if (E.isLeft(filters)) return filters.left;
  const found = deps.rows.all().filter((row) => filters.right.every((test) => test(row)));
  const sorted = ordered(found, url.searchParams, SORTABLE);
  if (E.isLeft(sorted)) return sorted.left;
  const { items, meta } = paged(sorted.right, url);
  return json(200, { items: items.map((row) => shown(deps, row, url.searchParams, api)), meta });
};

const cancel = (deps: MbsDeps, row: Row, body: string): E.Either<Answer, Row> => {
  const fields = readObject(body);
  if (E.isLeft(fields)) return fields;
  const { state, owner } = fields.right;
  if (state !== 'failed' && String(state) !== '4') {
    const message = 'An invalid state was submitted. Valid states values are: failed, 4';
    return E.left(problem(400, message));
  }
  if (!isOpen(row)) {
    const message = `To cancel a module build, it must be in one of the following states: build, init, wait`;
    return E.left(problem(400, message));
  }
  const who = typeof owner === 'string' ? owner : row.owner;
  return E.right(deps.engine.move(row, FAILED, `Canceled by ${who}.`));
};

const one = (deps: MbsDeps, request: MbsRequest, id: string, api: number): Answer => {
  const row = /^\d+$/.test(id) ? deps.rows.get(Number(id)) : undefined;
  if (row === undefined) return problem(404, 'No such module found.');
  if (request.method === 'GET') return json(200, shown(deps, row, request.url.searchParams, api));
  if (request.method !== 'PATCH') {
    return problem(405, 'The method is not allowed for the requested URL.');
  }
  const canceled = cancel(deps, row, request.body);
  return E.isLeft(canceled) ? canceled.left : json(200, verbose(deps, canceled.right, api));
};

const builds = async (deps: MbsDeps, request: MbsRequest, api: number): Promise<Outcome> => {
  if (request.method === 'GET') return list(deps, request.url, api);
  if (request.method !== 'POST') {
    return problem(405, 'The method is not allowed for the requested URL.');
  }
  const rows = await submit(deps, request.body);
  if (E.isLeft(rows)) return rows.left;
  const all = rows.right.map((row) => verbose(deps, row, api));
  return json(201, api === 1 ? all[0] : all);
};

const STRATEGY_TEXTS = [
  ['all', 'All components will be rebuilt'],
  [
    'changed-and-after',
    'All components that have changed and those in subsequent batches will be rebuilt',
  ],
  ['only-changed', 'All changed components will be rebuilt'],
] as const;

const strategies = (): Answer => {
  const items = STRATEGY_TEXTS.map(([name, description]) => {
    return { allowed: true, default: name === 'only-changed', description, name };
  });
  return json(200, { items });
};

const about = (token: string | undefined): Answer =>
  json(200, {
    auth_method: token === undefined ? 'none' : 'oidc',
    version: '3.0.0',
    api_version: 2,
  });

const authorized = (deps: MbsDeps, { method, authorization }: MbsRequest): Answer | undefined => {
  if (method === 'GET' || deps.token === undefined) return undefined;
  if (authorization === undefined) return problem(401, "No 'authorization' header found.");
  return authorization === `Bearer ${deps.token}` ? undefined : problem(401, 'OIDC token invalid');
};

const routed = async (
  deps: MbsDeps,
  request: MbsRequest,
  api: number,
  [resource, id = '']: ReadonlyArray<string | undefined>,
): Promise<Outcome> => {
  switch (resource) {
    case 'module-builds':
      return id === '' ? builds(deps, request, api) : one(deps, request, id, api);
    case 'component-builds':
      return id === ''
        ? componentList(deps.rows, request.url, api)
        : oneComponent(deps.rows, request.url, id, api);
    case 'rebuild-strategies':
      return strategies();
    case 'about':
      return about(deps.token);
    case undefined:
    default:
      return problem(404, 'The requested URL was not found on the server.');
  }
};

/** Answers a request under /module-build-service/ as MBS 3.0.0 does. */
export const answerMbs = async (deps: MbsDeps, request: MbsRequest): Promise<Outcome> => {
  const [, , version, ...rest] = request.url.pathname.split('/');
  if (version !== '1' && version !== '2') {
    return problem(404, 'The requested API version is not available');
  }
  const refused = authorized(deps, request);
  if (refused !== undefined) return refused;
  const outcome = await routed(deps, request, Number(version), rest);
  if (outcome === 'reset' || request.method !== 'GET' || outcome.status !== 200) return outcome;
  return { ...outcome, headers: { 'Access-Control-Allow-Origin': '*' } };
};
