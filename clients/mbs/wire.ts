import * as E from 'fp-ts/lib/Either.js';
import { refusal, type Answer, type Call } from './answer.ts';
import type { MbsFailure } from './port.ts';
import type { MbsRequest } from './request.ts';

export type Wire = {
  readonly base: string;
  readonly maxAnswerBytes: number;
  readonly token: (signal: AbortSignal) => Promise<string | undefined>;
};

/** Nothing had been sent when one of these came. */
const neverSent: ReadonlySet<string> = new Set([
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EHOSTUNREACH', 'ENETUNREACH'],
  ...[
    'ENETDOWN',
    'EHOSTDOWN',
    'UND_ERR_CONNECT_TIMEOUT',
    'ERR_INVALID_URL',
    'ERR_SSL_WRONG_VERSION_NUMBER',
  ],
  ...['CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN'],
  ...['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

const causeOf = (error: unknown): { readonly code: string; readonly text: string } => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = (cause as { readonly code?: unknown } | undefined)?.code;
  const text = cause instanceof Error ? cause.message : String(cause);
  return { code: typeof code === 'string' ? code : '', text: text === '' ? String(code) : text };
};

/** What an exchange that came to no answer means; `error` is what fetch threw. */
export const lost = (call: Call, asked: string, error: unknown): MbsFailure => {
  const { code, text } = causeOf(error);
  const reason = `${asked}: ${text}`;
  if (neverSent.has(code) || call === 'reading') return { code: 'mbs-unavailable', reason };
  return { code: 'mbs-unknown-outcome', reason };
};

type Body = { readonly body: string; readonly fault?: string };

const text = (bytes: Uint8Array): Body => {
  try {
    return { body: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { body: new TextDecoder().decode(bytes), fault: 'the body is not valid UTF-8' };
  }
};

const bodyOf = async (response: Response, limit: number): Promise<Body> => {
  const chunks: Array<Uint8Array> = [];
  let length = 0;
  const body: AsyncIterable<Uint8Array> | null = response.body;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > limit) return { body: '', fault: `the body is longer than ${limit} bytes` };
    chunks.push(chunk);
  }
  return text(Buffer.concat(chunks));
};

const headersFor = (request: MbsRequest, token: string | undefined): Record<string, string> => ({
  accept: 'application/json',
  ...(request.method === 'POST' ? { 'content-type': 'application/json' } : {}),
  ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
});

/** Sends, and takes the whole answer in. Rejects with what fetch throws. */
const exchange = async (
  wire: Wire,
  request: MbsRequest,
  signal: AbortSignal,
  token: string | undefined,
): Promise<Answer> => {
  const url = `${wire.base}${request.path}`;
  const response = await fetch(url, {
    method: request.method,
    headers: headersFor(request, token),
    ...(request.method === 'POST' ? { body: JSON.stringify(request.body) } : {}),
    redirect: 'manual',
    signal,
  });
  return {
    asked: `${request.method} ${url}`,
    status: response.status,
    contentType: response.headers.get('content-type') ?? '',
    location: response.headers.get('location'),
    ...(await bodyOf(response, wire.maxAnswerBytes)),
  };
};

const unsendable = 'the token for MBS is empty or holds characters a header cannot carry';

/** One exchange: the answer whatever its status, or why there was none. Reading is anonymous. */
export const ask =
  (wire: Wire) =>
  async (
    call: Call,
    request: MbsRequest,
    signal: AbortSignal,
  ): Promise<E.Either<MbsFailure, Answer>> => {
    const asked = `${request.method} ${wire.base}${request.path}`;
    let token: string | undefined;
    try {
      token = call === 'submission' ? await wire.token(signal) : undefined;
      if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) {
        return E.left({ code: 'mbs-unavailable', reason: unsendable });
      }
    } catch (error) {
      const reason = `no token for MBS could be had: ${causeOf(error).text}`;
      return E.left({ code: 'mbs-unavailable', reason });
    }
    try {
      return E.right(await exchange(wire, request, signal, token));
    } catch (error) {
      return E.left(lost(call, asked, error));
    }
  };

/** An answer that is a success, or what it means that it is not. */
export const successful =
  (call: Call) =>
  (answer: Answer): E.Either<MbsFailure, Answer> => {
    const failure = refusal(call, answer);
    return failure === undefined ? E.right(answer) : E.left(failure);
  };
