import * as E from 'fp-ts/lib/Either.js';
import type { Kind, Misbehaviour, Rule } from '../control/misbehaviour.ts';
import type { Documents } from '../documents.ts';
import { brokenServer, json, problem, type Answer, type Outcome } from '../http/reply.ts';
import { ordered, paged } from '../mbs/paging.ts';
import * as state from './compose.ts';
import { namesOf, stateName, type Compose, type ComposeOrder } from './compose.ts';
import type { ComposeEngine } from './engine.ts';
import { lifeOf, readFields, readOrder, type Fields } from './order.ts';
import { repofile, shownCompose, wholeCompose } from './render.ts';

export type OdcsDeps = {
  readonly composes: Documents<Compose>;
  readonly engine: ComposeEngine;
  readonly misbehaviour: Misbehaviour;
  readonly base: () => string;
  /** Bearer token wanted for writing; undefined means none. */
  readonly token: string | undefined;
};

export type OdcsRequest = {
  readonly method: string;
  /** With the host the client asked, for the links of a page. */
  readonly url: URL;
  readonly body: string;
  readonly authorization: string | undefined;
};

const API = '/odcs/api/1/composes/';
const FILE = /^\/odcs\/composes\/odcs-(\d+)\/compose\/Temporary\/odcs-(\d+)\.repo$/;
const SORTABLE = ['id', 'owner', 'source_type', 'source', 'state', 'submitted', 'expires'];

type Taking = Pick<OdcsDeps, 'misbehaviour'>;

const rule = (
  { misbehaviour }: Taking,
  kind: Kind,
  order: ComposeOrder | undefined,
): Rule | undefined =>
  misbehaviour.take(kind, { names: order === undefined ? [] : namesOf(order) });

const before = (deps: Taking, order: ComposeOrder): Outcome | undefined => {
  if (rule(deps, 'odcs-reset-before-compose', order) !== undefined) return 'reset';
  const refusal = rule(deps, 'odcs-refuses', order);
  return refusal === undefined ? undefined : problem(refusal.status, refusal.reason);
};

const after = (deps: Taking, order: ComposeOrder): Outcome | undefined => {
  if (rule(deps, 'odcs-error-after-compose', order) !== undefined) return brokenServer;
  return rule(deps, 'odcs-reset-after-compose', order) === undefined ? undefined : 'reset';
};

/** `Bearer ada:secret` is ada; anything else says no name, which ODCS calls unknown. */
const callerOf = ({ authorization }: OdcsRequest): string =>
  /^Bearer ([a-z][a-z0-9-]*):/.exec(authorization ?? '')?.[1] ?? 'unknown';

const authorized = ({ token }: OdcsDeps, request: OdcsRequest): Answer | undefined => {
  if (token === undefined || request.method === 'GET' || request.method === 'HEAD')
    return undefined;
  if (request.authorization === undefined) return problem(401, 'No Authorization header found.');
  return request.authorization === `Bearer ${token}`
    ? undefined
    : problem(401, 'Token required but invalid');
};

const made = (deps: OdcsDeps, order: ComposeOrder, owner: string, seconds: number): Outcome => {
  const hindrance = before(deps, order);
  if (hindrance !== undefined) return hindrance;
  const compose = deps.engine.begin(order, owner, seconds);
  return after(deps, order) ?? json(200, shownCompose(compose, deps.base()));
};

const create = (deps: OdcsDeps, request: OdcsRequest): Outcome => {
  const fields = readFields(request.body);
  if (E.isLeft(fields)) return fields.left;
  const order = readOrder(fields.right);
  if (E.isLeft(order)) return order.left;
  if (rule(deps, 'odcs-unavailable', order.right) !== undefined) return unavailable;
  return made(deps, order.right, callerOf(request), lifeOf(fields.right));
};

const unavailable: Answer = problem(503, 'The service is down for maintenance.');

const FILTERS: Readonly<Record<string, (compose: Compose) => string>> = {
  owner: ({ owner }) => owner,
  source_type: ({ source_type }) => String(source_type),
  source: ({ source }) => source,
  state: (compose) => String(compose.state),
  state_name: (compose) => stateName(compose.state),
  builds: ({ builds }) => builds ?? '',
  koji_task_id: () => '',
};

const list = (deps: OdcsDeps, url: URL): Outcome => {
  if (rule(deps, 'odcs-unavailable', undefined) !== undefined) return unavailable;
  const query = url.searchParams;
  const tests = [...new Set(query.keys())].flatMap((key) => {
    const read = FILTERS[key];
    const wanted = query.getAll(key);
    return read === undefined ? [] : [(one: Compose): boolean => wanted.includes(read(one))];
  });
  const found = deps.composes.all().filter((one) => tests.every((test) => test(one)));
  const sorted = ordered(found, query, SORTABLE);
  if (E.isLeft(sorted)) return sorted.left;
  const { items, meta } = paged(sorted.right, url);
  return json(200, { items: items.map((one) => shownCompose(one, deps.base())), meta });
};

const differs = (compose: Compose, { sigkeys, source }: Partial<ComposeOrder>): boolean =>
  (sigkeys !== undefined && sigkeys !== compose.sigkeys) ||
  (source !== undefined && source !== compose.source);

const changesOf = (fields: Fields): Partial<ComposeOrder> => {
  const { sigkeys, source } = fields;
  return {
    ...(Array.isArray(sigkeys) ? { sigkeys: sigkeys.map(String).join(' ') } : {}),
    ...(typeof source === 'string' ? { source } : {}),
  };
};

const renew = (deps: OdcsDeps, request: OdcsRequest, compose: Compose): Outcome => {
  const fields = readFields(request.body === '' ? '{}' : request.body);
  if (E.isLeft(fields)) return fields.left;
  if (compose.state === state.WAIT || compose.state === state.GENERATING) {
    return problem(404, `No compose with id ${compose.id} found`);
  }
  const changes = changesOf(fields.right);
  const seconds = lifeOf(fields.right);
  if (compose.state !== state.DONE || differs(compose, changes)) {
    return made(deps, { ...compose, ...changes }, callerOf(request), seconds);
  }
  const hindrance = before(deps, compose);
  if (hindrance !== undefined) return hindrance;
  const extended = deps.engine.extend(compose, seconds);
  return after(deps, compose) ?? json(200, shownCompose(extended, deps.base()));
};

const remove = (deps: OdcsDeps, request: OdcsRequest, compose: Compose): Outcome => {
  if (compose.state !== state.DONE && compose.state !== state.FAILED) {
    const message = `Compose (id=${compose.id}) can not be removed, its state need to be in ['done', 'failed'].`;
    return problem(400, message);
  }
  deps.engine.remove(compose, callerOf(request));
  const message =
    `The delete request for compose (id=${compose.id}) has been accepted and will be ` +
    'processed by backend later.';
  return json(202, { message, status: 202 });
};

const one = (deps: OdcsDeps, request: OdcsRequest, id: string): Outcome => {
  const compose = /^\d+$/.test(id) ? deps.composes.get(Number(id)) : undefined;
  if (rule(deps, 'odcs-unavailable', compose) !== undefined) return unavailable;
  if (compose === undefined) {
    const missing = request.method === 'PATCH' ? `No compose with id ${id} found` : undefined;
    return problem(404, missing ?? 'No such compose found.');
  }
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      return json(200, wholeCompose(compose, deps.base()));
    case 'PATCH':
      return renew(deps, request, compose);
    case 'DELETE':
      return remove(deps, request, compose);
    default:
      return problem(405, 'The method is not allowed for the requested URL.');
  }
};

const file = (deps: OdcsDeps, path: string): Outcome => {
  const [, folder, name] = FILE.exec(path) ?? [];
  const compose = folder === name ? deps.composes.get(Number(name)) : undefined;
  if (compose?.answers == null || compose.answers > Date.now()) {
    return problem(404, 'There is no such file.');
  }
  return { status: 200, body: repofile(compose, deps.base()), type: 'text/plain' };
};

/** Answers a request under /odcs/ as ODCS 0.3.8 does; its files are under /odcs/composes/. */
export const answerOdcs = (deps: OdcsDeps, request: OdcsRequest): Outcome => {
  const { method, url } = request;
  const reads = method === 'GET' || method === 'HEAD';
  if (reads && url.pathname.startsWith('/odcs/composes/')) return file(deps, url.pathname);
  if (!url.pathname.startsWith(API)) return problem(404, 'The requested URL was not found.');
  const refused = authorized(deps, request);
  if (refused !== undefined) return refused;
  const id = url.pathname.slice(API.length);
  if (id !== '') return one(deps, request, id);
  if (method === 'POST') return create(deps, request);
  return reads ? list(deps, url) : problem(405, 'The method is not allowed for the requested URL.');
};
