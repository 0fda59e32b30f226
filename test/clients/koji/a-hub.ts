import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { ExecutionContext } from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import { kojiOverXmlRpc, type KojiOptions } from '../../../clients/koji/koji.ts';
import type { Koji, KojiFailure } from '../../../clients/koji/port.ts';
import { decodeCall } from '../../../clients/koji/xml-rpc/decode.ts';
import { encodeValue } from '../../../clients/koji/xml-rpc/encode.ts';
import type { XmlRpcValue } from '../../../clients/koji/xml-rpc/value.ts';

export type Asked = {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage['headers'];
  readonly method: string;
  readonly params: ReadonlyArray<XmlRpcValue>;
};
export type Answering = (asked: Asked, response: ServerResponse) => void;
export type Hub = {
  readonly baseUrl: string;
  readonly koji: (options?: Partial<KojiOptions>) => Koji;
  readonly asked: Array<Asked>;
};

const xml = (content: string): string =>
  `<?xml version='1.0'?>\n<methodResponse>${content}</methodResponse>\n`;

export const value = (response: ServerResponse, answer: XmlRpcValue): void => {
  response.writeHead(200, { 'content-type': 'text/xml' });
  response.end(xml(`<params><param>${encodeValue(answer)}</param></params>`));
};

export const fault = (response: ServerResponse, faultCode: number, faultString = 'no'): void => {
  response.writeHead(200, { 'content-type': 'text/xml' });
  response.end(xml(`<fault>${encodeValue({ faultCode, faultString })}</fault>`));
};

export const session = { 'session-id': 9, 'session-key': 'sesame', 'header-auth': true };

/** Answers log-ins, and leaves the rest to `answering`. */
export const loggingIn =
  (answering: Answering): Answering =>
  (asked, response) =>
    asked.method === 'sslLogin' ? value(response, session) : answering(asked, response);

const callIn = async (request: IncomingMessage): Promise<Asked> => {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  const url = new URL(request.url ?? '', 'http://hub');
  const call = decodeCall(body);
  if (E.isLeft(call)) throw new Error(call.left);
  const query = Object.fromEntries(url.searchParams);
  return { path: url.pathname, query, headers: request.headers, ...call.right };
};

/** A hub on loopback that answers as the test says, and notes what it was asked. */
export const aHub = async (
  t: ExecutionContext,
  answering: Answering,
  tls?: ServerOptions,
): Promise<Hub> => {
  const asked: Array<Asked> = [];
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const one = await callIn(request);
    asked.push(one);
    answering(one, response);
  };
  const listener: RequestListener = (request, response) => void take(request, response);
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const baseUrl = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}/kojihub`;
  const defaults = { baseUrl, callTimeout: 20_000, readTimeout: 20_000, concurrency: 4 };
  return { baseUrl, asked, koji: (options) => kojiOverXmlRpc({ ...defaults, ...options }) };
};

type Task<A> = () => Promise<E.Either<KojiFailure, A>>;

export const right = async <A>(task: Task<A>): Promise<A> => {
  const outcome = await task();
  if (E.isRight(outcome)) return outcome.right;
  throw new Error(JSON.stringify(outcome.left));
};
export const left = async (task: Task<unknown>): Promise<KojiFailure> => {
  const outcome = await task();
  if (E.isLeft(outcome)) return outcome.left;
  throw new Error(`succeeded with ${JSON.stringify(outcome.right)}`);
};

export const commit = 'ab12'.repeat(10);
export const source = `git://src.example.org/container/oven?#${commit}`;
export const order = {
  source,
  target: 'f40-container-candidate',
  branch: 'f40',
  release: '1.1772600000',
  parent: null,
  composeIds: [],
  repoUrls: [],
};

export const methods = (hub: Hub): ReadonlyArray<string> => hub.asked.map(({ method }) => method);
