import * as E from 'fp-ts/lib/Either.js';
import { postOnce, postOverKept, type Post, type Posted, type Tls } from '../transport/post.ts';
import { slots } from '../transport/slots.ts';
import { within } from '../transport/within.ts';
import { lost, ofFault, ofStatus, unreadable, type Call } from './failure.ts';
import type { Negotiate } from './negotiate.ts';
import type { KojiFailure } from './port.ts';
import { decodeAnswer, type XmlRpcAnswer } from './xml-rpc/decode.ts';
import { encodeCall } from './xml-rpc/encode.ts';
import type { XmlRpcValue } from './xml-rpc/value.ts';

export type HubOptions = {
  /** `https://…/kojihub`. */
  readonly baseUrl: string;
  /** `ca` for every connection; `cert` and `key` are shown at the login only. */
  readonly tls?: Tls;
  /** GSSAPI for the login; without it the certificate, or whatever stands before the hub, decides. */
  readonly negotiate?: Negotiate;
  /** Milliseconds for a call that starts something, its turn and a login included. */
  readonly callTimeout: number;
  /** Milliseconds for each reading call. */
  readonly readTimeout: number;
  /** Reading calls at a time. */
  readonly concurrency: number;
  /** An answer longer than this is not read; 32 MiB when not given. */
  readonly maxAnswerBytes?: number;
  readonly userAgent?: string;
};

export type Asked = { readonly method: string; readonly params: ReadonlyArray<XmlRpcValue> };
export type Answered = E.Either<KojiFailure, XmlRpcAnswer>;

/** Where and how a call goes, apart from what it says. */
export type Envelope = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
};

const one = (value: string | ReadonlyArray<string> | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.[0];

/** A page of somebody in between must not pass for what the hub says of a build. */
const notOfAHub = 'what came is no XML-RPC at all: is this the address of the hub?';

const answerIn = (call: Call, asked: string, posted: Posted): Answered => {
  const { status, body, fault } = posted;
  if (status !== 200) {
    return E.left(
      ofStatus(call, { asked, status, location: one(posted.headers['location']), body }),
    );
  }
  if (fault !== undefined) return E.left(unreadable(call, asked, fault));
  if (!body.includes('<methodResponse')) return E.left(lost(call, true, `${asked}: ${notOfAHub}`));
  return E.mapLeft((why: string) => unreadable(call, asked, why))(decodeAnswer(body));
};

/** One call and its answer, a fault being one; left is why there is none that can be read. */
export const exchange =
  (post: Post, options: HubOptions) =>
  async (call: Call, { method, params }: Asked, envelope: Envelope): Promise<Answered> => {
    const { url, headers, signal } = envelope;
    const body = encodeCall(method, params);
    if (E.isLeft(body)) return E.left({ code: 'koji-refused', fault: null, reason: body.left });
    const posted = await post({
      url,
      body: body.right,
      headers: {
        'content-type': 'text/xml',
        'user-agent': options.userAgent ?? 'freshmaker',
        ...headers,
      },
      maxAnswerBytes: options.maxAnswerBytes ?? 32 * 1024 * 1024,
      signal,
    });
    const asked = `${method} at ${options.baseUrl}`;
    if (E.isRight(posted)) return answerIn(call, asked, posted.right);
    return E.left(lost(call, posted.left.wasSent, `${asked}: ${posted.left.reason}`));
  };

/** The value of an answer, or what its fault means. */
export const valueOf =
  (asked: string) =>
  (answer: XmlRpcAnswer): E.Either<KojiFailure, XmlRpcValue> =>
    answer.type === 'value' ? E.right(answer.value) : E.left(ofFault(asked, answer));

/** Asks without a session; side by side, a bounded number at a time. */
export type Read = (
  method: string,
  params: ReadonlyArray<XmlRpcValue>,
) => Promise<E.Either<KojiFailure, XmlRpcValue>>;

export const anonymousReads = (options: HubOptions): Read => {
  const { ca } = options.tls ?? {};
  const trust = ca === undefined ? {} : { ca };
  const send = exchange(postOverKept(options.baseUrl, trust, options.concurrency), options);
  const places = slots(options.concurrency);
  return async (method, params) => {
    const ask = (signal: AbortSignal): Promise<Answered> =>
      send('reading', { method, params }, { url: options.baseUrl, headers: {}, signal });
    const answer = await places.use(() => within(options.readTimeout, ask));
    if (answer === undefined) throw new Error('a place without a signal is never given up');
    return E.chain(valueOf(`${method} at ${options.baseUrl}`))(answer);
  };
};

/** A connection per call, for the session; `shows` the client certificate at the login. */
export const sessionPost = (options: HubOptions, shows: 'certificate' | 'nothing'): Post => {
  const { ca, cert, key } = options.tls ?? {};
  return postOnce({
    ...(ca === undefined ? {} : { ca }),
    ...(shows === 'nothing' || cert === undefined ? {} : { cert }),
    ...(shows === 'nothing' || key === undefined ? {} : { key }),
  });
};
