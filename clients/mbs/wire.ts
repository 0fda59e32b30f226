import * as E from 'fp-ts/lib/Either.js';
import { refusal, type Answer, type Call } from './answer.ts';
import type { MbsFailure } from './port.ts';
import type { MbsRequest } from './request.ts';
import { causeOf, wasNeverSent } from '../transport/cause.ts';
import { exchange } from '../transport/exchange.ts';
import { tokenFor, type TokenSource } from '../transport/token.ts';

export type Wire = {
  readonly base: string;
  readonly maxAnswerBytes: number;
  readonly token: TokenSource | undefined;
};

/** What an exchange that came to no answer means; `error` is what fetch threw. */
export const lost = (call: Call, asked: string, error: unknown): MbsFailure => {
  const { code, text } = causeOf(error);
  const reason = `${asked}: ${text}`;
  if (wasNeverSent(code) || call === 'reading') return { code: 'mbs-unavailable', reason };
  return { code: 'mbs-unknown-outcome', reason };
};

/** One exchange: the answer whatever its status, or why there was none. Reading is anonymous. */
export const ask =
  ({ base, maxAnswerBytes, token }: Wire) =>
  async (
    call: Call,
    request: MbsRequest,
    signal: AbortSignal,
  ): Promise<E.Either<MbsFailure, Answer>> => {
    const url = `${base}${request.path}`;
    const bearer = await tokenFor('MBS', call === 'submission' ? token : undefined, signal);
    if (E.isLeft(bearer)) return E.left({ code: 'mbs-unavailable', reason: bearer.left });
    try {
      const order = { ...request, url, token: bearer.right, maxAnswerBytes };
      return E.right(await exchange(order, signal));
    } catch (error) {
      return E.left(lost(call, `${request.method} ${url}`, error));
    }
  };

/** An answer that is a success, or what it means that it is not. */
export const successful =
  (call: Call) =>
  (answer: Answer): E.Either<MbsFailure, Answer> => {
    const failure = refusal(call, answer);
    return failure === undefined ? E.right(answer) : E.left(failure);
  };
