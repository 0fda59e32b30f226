import * as E from 'fp-ts/lib/Either.js';
import type { Misbehaviour } from '../control/misbehaviour.ts';
import { brokenServer, html, type Answer } from '../http/reply.ts';
import type { Archive, Filed } from './archive.ts';
import { readQuestion } from './question.ts';
import { search } from './search.ts';

export type DatagrepperDeps = { readonly archive: Archive; readonly misbehaviour: Misbehaviour };

/** As Python prints JSON, without sorting: what a message says stays in its order. */
const said = (status: number, value: unknown): Answer => ({
  status,
  body: JSON.stringify(value),
  type: 'application/json',
});

const refusal = (status: number, title: string, reason: string): Answer =>
  html(
    status,
    `<!doctype html>\n<html lang=en>\n<title>${status} ${title}</title>\n<h1>${title}</h1>\n<p>${reason}</p>\n`,
  );

/** What a message was before 2021, when everything had come from fedmsg. */
const oldShape = (archive: Archive, filed: Filed): object => {
  const { id, topic, headers, body } = archive.message(filed);
  return {
    ...{ i: 0, msg: body, topic, timestamp: filed.time, msg_id: id, headers },
    ...{ certificate: null, signature: null, crypto: null, username: null, agent_name: null },
    ...{ source_name: 'datanommer', source_version: '1.4.1' },
    ...{ users: filed.users, packages: filed.packages, category: filed.category },
  };
};

const newShape = (archive: Archive, filed: Filed): object => {
  const { body, headers, id, priority, topic } = archive.message(filed);
  return { body, headers, id, priority: priority ?? 0, queue: null, topic };
};

const wantsHtml = (accept: string | undefined): boolean =>
  accept !== undefined && accept.includes('text/html') && !accept.includes('application/json');

const answerSearch = (
  { archive }: DatagrepperDeps,
  query: URLSearchParams,
  shape: typeof newShape,
  accept: string | undefined,
): Answer => {
  const question = readQuestion(query, Date.now() / 1000);
  if (E.isLeft(question)) {
    return question.left.kind === 'bad'
      ? refusal(400, 'Bad Request', question.left.reason)
      : brokenServer;
  }
  const { total, pages, found } = search(archive, question.right);
  if (wantsHtml(accept)) return html(200, `<!doctype html>\n<p>${total} messages</p>\n`);
  const raw_messages = found.map((one) => shape(archive, one));
  return said(200, { raw_messages, total, pages, count: found.length, arguments: question.right });
};

const answerId = (
  { archive }: DatagrepperDeps,
  query: URLSearchParams,
  shape: typeof newShape,
): Answer => {
  const id = query.get('id');
  if (id === null) return refusal(400, 'Bad Request', 'The browser sent what is no request.');
  const filed = archive.byId(id);
  return filed === undefined
    ? refusal(404, 'Not Found', 'The requested URL was not found on the server.')
    : said(200, shape(archive, filed));
};

/** GET /datagrepper/raw, /id, /v2/search and /v2/id. */
export const answerDatagrepper = (
  deps: DatagrepperDeps,
  { method, url, accept }: { method: string; url: URL; accept: string | undefined },
): Answer => {
  const [, , ...path] = url.pathname.replace(/\/+$/u, '').split('/');
  const what = path.join('/').replace(/^v1\//u, '');
  if (method !== 'GET') {
    return refusal(405, 'Method Not Allowed', 'The method is not allowed for the requested URL.');
  }
  if (deps.misbehaviour.take('datagrepper-unavailable', { names: [] }) !== undefined) {
    return refusal(503, 'Service Unavailable', 'No server is available to handle this request.');
  }
  if (what === 'v2/search' || what === 'raw') {
    const shape = what === 'raw' ? oldShape : newShape;
    return answerSearch(deps, url.searchParams, shape, accept);
  }
  if (what === 'v2/id' || what === 'id') {
    return answerId(deps, url.searchParams, what === 'id' ? oldShape : newShape);
  }
  return refusal(404, 'Not Found', 'The requested URL was not found on the server.');
};
