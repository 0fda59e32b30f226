import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ExecutionContext } from 'ava';
import { mbsOverHttp, type MbsOptions } from '../../../clients/mbs/http.ts';
import type { Mbs } from '../../../clients/mbs/port.ts';

export type Asked = {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
};
export type Answering = (asked: Asked, response: ServerResponse) => void | Promise<void>;
export type Stand = {
  readonly mbs: (options?: Partial<MbsOptions>) => Mbs;
  readonly asked: Array<Asked>;
};

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
};

/** A server on loopback that answers as the test says, and notes what it was asked. */
export const aServer = async (t: ExecutionContext, answering: Answering): Promise<Stand> => {
  const asked: Array<Asked> = [];
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', headers } = request;
    const url = new URL(request.url ?? '', 'http://mbs');
    const one = { method, url, headers, body: await bodyOf(request) };
    asked.push(one);
    await answering(one, response);
  };
  const server = createServer((request, response) => void take(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const baseUrl = `http://127.0.0.1:${port}/module-build-service/`;
  const defaults = { baseUrl, submitTimeout: 20_000, readTimeout: 20_000, concurrency: 4 };
  return { asked, mbs: (options = {}) => mbsOverHttp({ ...defaults, ...options }) };
};

export const json = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
};

export const commit = 'c0ffee0123456789c0ffee0123456789c0ffee01';
export const order = {
  scmurl: `https://src.example.org/modules/baker.git?#${commit}`,
  branch: 'f40',
} as const;

export const modulemd = (rpms: string): string =>
  `document: modulemd\nversion: 2\ndata:\n  name: baker\n  components:\n    rpms:\n${rpms}`;

/** A row of MBS, ready, of module baker:f40. */
export const aRow = (over: Readonly<Record<string, unknown>> = {}) => ({
  id: 7,
  name: 'baker',
  stream: 'f40',
  version: '4020260102030405',
  context: 'feedbeef',
  state: 5,
  state_name: 'ready',
  state_reason: null,
  scmurl: `git://src.example.org/modules/baker?#${commit}`,
  time_completed: '2026-01-02T03:14:05Z',
  modulemd: modulemd('      flour: {rationale: bread, ref: f40}\n'),
  buildrequires: { platform: { stream: 'f40', context: '00000000' } },
  ...over,
});

export const aPage = (items: ReadonlyArray<unknown>, page = 1, pages = 1) => ({
  items,
  meta: { page, pages, per_page: 100, total: items.length, next: null, prev: null },
});
