import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerFeed } from '../bus/feed.ts';
import { answerBodhi, type BodhiDeps } from '../bodhi/routes.ts';
import { TOPIC_PREFIX, type Bus } from '../bus/bus.ts';
import { page } from '../control/page.ts';
import { answerControl, type ControlDeps } from '../control/routes.ts';
import { serveGit } from '../git/http-backend.ts';
import { answerDatagrepper, type DatagrepperDeps } from '../datagrepper/routes.ts';
import { finishTask, shownKoji } from '../koji/control.ts';
import type { HubDeps } from '../koji/hub.ts';
import { answerKoji } from '../koji/routes.ts';
import { answerMbs, type MbsDeps, type MbsRequest } from '../mbs/routes.ts';
import { answerOdcs, type OdcsDeps } from '../odcs/routes.ts';
import { brokenServer, json, problem, readBody, send, type Outcome } from './reply.ts';

export type ServerDeps = {
  readonly mbs: MbsDeps;
  readonly odcs: OdcsDeps;
  readonly bodhi: BodhiDeps;
  readonly koji: HubDeps;
  readonly control: ControlDeps;
  readonly datagrepper: DatagrepperDeps;
  readonly bus: Bus;
  readonly gitRoot: string;
  readonly warn: (text: string) => void;
};

const GIT_PATH = /^\/git(\/([^/]+)\/([^/]+?)\.git(\/.*)?)$/;

const git = async (
  deps: ServerDeps,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> => {
  const { distGit, misbehaviour, requests, spool } = deps.control;
  const done = requests.enter(request.method ?? 'GET', request.url ?? '', '');
  const [, path, namespace = '', repo = ''] = GIT_PATH.exec(url.pathname) ?? [];
  const answer = (outcome: Outcome): void => {
    done(outcome === 'reset' ? 0 : outcome.status);
    send(response, outcome);
  };
  if (path === undefined || !distGit.ensure({ namespace, repo })) {
    return answer(problem(404, `There is no repository ${namespace}/${repo}.`));
  }
  const fetches = `${url.pathname}${url.search}`.includes('git-upload-pack');
  const rule = fetches
    ? misbehaviour.take('fetch-fails', { repo: `${namespace}/${repo}` })
    : undefined;
  if (rule !== undefined) return answer(problem(503, rule.reason));
  const query = url.search.slice(1);
  await serveGit(request, response, { root: deps.gitRoot, path, query });
  await spool.sweep();
  done(response.statusCode);
  response.end();
};

const feed = async (deps: ServerDeps, response: ServerResponse, url: URL): Promise<Outcome> => {
  const leaving = new AbortController();
  response.once('close', () => leaving.abort());
  return answerFeed(deps.bus, url.searchParams, leaving.signal);
};

/** What one of the real services is asked; undefined for any other address. */
const service = (
  { mbs, odcs, bodhi }: ServerDeps,
  asked: MbsRequest,
  accept: string | undefined,
): Promise<Outcome> | Outcome | undefined => {
  const [, first] = asked.url.pathname.split('/');
  if (first === 'module-build-service') return answerMbs(mbs, asked);
  if (first === 'odcs') return answerOdcs(odcs, asked);
  return first === 'bodhi' ? answerBodhi(bodhi, { ...asked, accept }) : undefined;
};

const SERVICES = ['/module-build-service/', '/odcs/', '/bodhi/'];

const KOJI = '/sandbox/koji/';

/** The sandbox's own addresses; undefined for any other. */
const own = async (
  deps: ServerDeps,
  { method, url, body }: MbsRequest,
  response: ServerResponse,
): Promise<Outcome | undefined> => {
  if (url.pathname === '/') return page(deps.control);
  if (url.pathname === '/bus/feed') return feed(deps, response, url);
  if (url.pathname === '/bus/') return json(200, { prefix: TOPIC_PREFIX });
  if (url.pathname.startsWith(KOJI)) {
    return method === 'POST' && url.pathname === `${KOJI}finish`
      ? finishTask(deps.koji, body)
      : shownKoji(deps.koji, url.pathname.slice(KOJI.length), url.searchParams);
  }
  return url.pathname.startsWith('/sandbox/')
    ? answerControl(deps.control, method, url.pathname.slice('/sandbox/'.length), body)
    : undefined;
};

const answered = async (
  deps: ServerDeps,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<Outcome> => {
  const body = await readBody(request);
  if (body === undefined) return problem(413, 'The body is over 4 MiB.');
  const { headers } = request;
  const { authorization, accept } = headers;
  const asked = { method: request.method ?? 'GET', url, body, authorization };
  if (/^\/kojihub(\/ssllogin)?\/?$/.test(url.pathname)) {
    return answerKoji(deps.koji, deps.control.requests, { ...asked, headers });
  }
  if (url.pathname.startsWith('/datagrepper/')) {
    return answerDatagrepper(deps.datagrepper, { ...asked, accept });
  }
  const answer = await own(deps, asked, response);
  if (answer !== undefined) return answer;
  const nothing = problem(404, 'Nothing here; GET / lists what there is.');
  if (!SERVICES.some((path) => url.pathname.startsWith(path))) return nothing;
  const done = deps.control.requests.enter(asked.method, request.url ?? '', body);
  const outcome = (await service(deps, asked, accept)) ?? nothing;
  done(outcome === 'reset' ? 0 : outcome.status);
  return outcome;
};

const urlOf = (request: IncomingMessage): URL | undefined => {
  const host = request.headers.host ?? '127.0.0.1';
  return URL.canParse(request.url ?? '', `http://${host}`)
    ? new URL(request.url ?? '', `http://${host}`)
    : undefined;
};

/** The one handler of the sandbox's HTTP server. */
export const handler =
  (deps: ServerDeps) =>
  async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = urlOf(request);
    try {
      if (url === undefined) return send(response, problem(400, 'That is no URL.'));
      if (url.pathname.startsWith('/git/')) return await git(deps, request, response, url);
      send(response, await answered(deps, request, response, url));
    } catch (error) {
      if (error instanceof Error && error.name === 'AbortError') return send(response, 'reset');
      deps.warn(`${request.method ?? ''} ${request.url ?? ''}: ${String(error)}`);
      if (!response.headersSent) send(response, brokenServer);
    }
  };
