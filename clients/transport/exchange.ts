import type { JsonObject } from '../../domain/json.ts';
import type { Answer } from './answer.ts';
import { bodyOf } from './body.ts';

export type Exchange = {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'DELETE';
  readonly url: string;
  /** Sent as JSON. */
  readonly body?: JsonObject;
  /** Bearer token. */
  readonly token?: string | undefined;
  readonly maxAnswerBytes: number;
};

const headersFor = ({ body, token }: Exchange): Record<string, string> => ({
  accept: 'application/json',
  ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
});

/** Sends, and takes the whole answer in; no redirect is followed. Rejects with what fetch throws. */
export const exchange = async (order: Exchange, signal: AbortSignal): Promise<Answer> => {
  const { method, url, body, maxAnswerBytes } = order;
  const response = await fetch(url, {
    method,
    headers: headersFor(order),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    redirect: 'manual',
    signal,
  });
  return {
    asked: `${method} ${url}`,
    status: response.status,
    contentType: response.headers.get('content-type') ?? '',
    location: response.headers.get('location'),
    ...(await bodyOf(response.body, maxAnswerBytes)),
  };
};
