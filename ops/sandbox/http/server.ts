import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerFeed } from '../bus/feed.ts';
import { TOPIC_PREFIX, type Bus } from '../bus/bus.ts';
import { page } from '../control/page.ts';
import { answerControl, type ControlDeps } from '../control/routes.ts';
import { serveGit } from '../git/http-backend.ts';
import { answerMbs, type MbsDeps } from '../mbs/routes.ts';
import { brokenServer, json, problem, readBody, send, type Outcome } from './reply.ts';

export type ServerDeps = {
  readonly mbs: MbsDeps;
  readonly control: ControlDeps;
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

const answered = async (
  deps: ServerDeps,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<Outcome> => {
  const body = await readBody(request);
  if (body === undefined) return problem(413, 'The body is over 4 MiB.');
  const method = request.method ?? 'GET';
  if (url.pathname === '/') return page(deps.control.distribution, deps.control.rows.all());
  if (url.pathname === '/bus/feed') return feed(deps, response, url);
  if (url.pathname === '/bus/') return json(200, { prefix: TOPIC_PREFIX });
  if (url.pathname.startsWith('/sandbox/')) {
    return answerControl(deps.control, method, url.pathname.slice('/sandbox/'.length), body);
  }
  if (!url.pathname.startsWith('/module-build-service/')) {
    return problem(404, 'Nothing here; GET / lists what there is.');
  }
  const done = deps.control.requests.enter(method, request.url ?? '', body);
  const { authorization } = request.headers;
  const outcome = await answerMbs(deps.mbs, { method, url, body, authorization });
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
