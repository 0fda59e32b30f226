import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { ClientRequest, RequestOptions } from 'node:http';
import { rootCertificates, TLSSocket } from 'node:tls';
import * as E from 'fp-ts/lib/Either.js';
import { bodyOf, type Body } from './body.ts';
import { causeOf, wasNeverSent } from './cause.ts';

/** PEM texts. `cert` and `key` are shown to a server that asks; `ca` is trusted beside the usual. */
export type Tls = { readonly ca?: string; readonly cert?: string; readonly key?: string };

export type Posted = Body & {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | ReadonlyArray<string> | undefined>>;
};

/** Why there is no answer, and whether the request may have reached the other side. */
export type Lost = { readonly wasSent: boolean; readonly reason: string };

export type Posting = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly maxAnswerBytes: number;
  readonly signal: AbortSignal;
};
export type Post = (posting: Posting) => Promise<E.Either<Lost, Posted>>;

type Progress = { wasSent: boolean; wasReused: boolean };

/** Bytes leave once the connection stands, over TLS once its handshake is done. */
const watch = (request: ClientRequest, progress: Progress): void => {
  request.once('socket', (socket) => {
    progress.wasReused = request.reusedSocket;
    const sent = (): void => void (progress.wasSent = true);
    if (socket instanceof TLSSocket && !request.reusedSocket) socket.once('secureConnect', sent);
    else if (socket.connecting) socket.once('connect', sent);
    else sent();
  });
};

const answerOf = (request: ClientRequest, body: string): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    request.once('response', resolve);
    request.once('error', reject);
    request.end(body);
  });

const exchange = async (
  posting: Posting,
  options: RequestOptions,
  progress: Progress,
): Promise<Posted> => {
  const { headers, body, signal, maxAnswerBytes } = posting;
  const url = new URL(posting.url);
  const bytes = { 'content-length': String(Buffer.byteLength(body)) };
  const open = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const all = { ...options, method: 'POST', headers: { ...headers, ...bytes }, signal };
  const request = open(url, all);
  request.on('error', () => undefined); // one that comes after the answer has nobody to tell
  watch(request, progress);
  const response = await answerOf(request, body);
  const taken = await bodyOf(response, maxAnswerBytes);
  return { ...taken, status: response.statusCode ?? 0, headers: response.headers };
};

/** The server closed a kept connection at the moment it was used again. */
const wasStale = (progress: Progress, code: string): boolean =>
  progress.wasReused && (code === 'ECONNRESET' || code === 'EPIPE');

const attempt = async (
  posting: Posting,
  options: RequestOptions,
): Promise<E.Either<Lost & { readonly isStale: boolean }, Posted>> => {
  const progress: Progress = { wasSent: false, wasReused: false };
  try {
    return E.right(await exchange(posting, options, progress));
  } catch (error) {
    const { code, text } = causeOf(error);
    const wasSent = progress.wasSent && !wasNeverSent(code);
    return E.left({ wasSent, reason: text, isStale: wasStale(progress, code) });
  }
};

const trusting = ({ ca, ...own }: Tls) =>
  ca === undefined ? own : { ...own, ca: [...rootCertificates, ca] };

const agentFor = (baseUrl: string, tls: Tls, connections: number): HttpAgent => {
  const kept = { keepAlive: true, maxSockets: connections };
  return baseUrl.startsWith('https:')
    ? new HttpsAgent({ ...kept, ...trusting(tls) })
    : new HttpAgent(kept);
};

/** Posts over kept connections; for what may be asked twice. A stale connection is tried anew once. */
export const postOverKept = (baseUrl: string, tls: Tls, connections: number): Post => {
  const agent = agentFor(baseUrl, tls, connections);
  return async (posting) => {
    const first = await attempt(posting, { agent });
    if (E.isRight(first) || !first.left.isStale) return first;
    return attempt(posting, { agent });
  };
};

/** Posts over a connection of its own, so that none that was closed meanwhile blurs the outcome. */
export const postOnce =
  (tls: Tls): Post =>
  (posting) =>
    attempt(posting, { agent: false, ...trusting(tls) });
