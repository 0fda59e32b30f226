import * as E from 'fp-ts/lib/Either.js';
import { refusal, type Answer, type Call } from './answer.ts';
import type { MbsFailure } from './port.ts';
import type { MbsRequest } from './request.ts';
import { bodyOf } from '../transport/body.ts';
import { causeOf, wasNeverSent } from '../transport/cause.ts';

export type Wire = {
  readonly base: string;
  readonly maxAnswerBytes: number;
  readonly token: (signal: AbortSignal) => Promise<string | undefined>;
};

/** What an exchange that came to no answer means; `error` is what fetch threw. */
export const lost = (call: Call, asked: string, error: unknown): MbsFailure => {
  const { code, text } = causeOf(error);
  const reason = `${asked}: ${text}`;
  if (wasNeverSent(code) || call === 'reading') return { code: 'mbs-unavailable', reason };
  return { code: 'mbs-unknown-outcome', reason };
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
    ...(await bodyOf(response.body, wire.maxAnswerBytes)),
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
