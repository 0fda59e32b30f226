import * as E from 'fp-ts/lib/Either.js';
import type { Decoder } from 'io-ts';
import type { Answer } from '../transport/answer.ts';
import { isRedirect, readJson, said, saidRedirected } from '../transport/answer.ts';
import { causeOf, wasNeverSent } from '../transport/cause.ts';
import type { OdcsFailure } from './port.ts';

/** Reading changes nothing, so its failures never leave an outcome unknown. */
export type Call = 'reading' | 'creation' | 'change';

const laterStatuses: ReadonlyArray<number> = [408, 429, 503];

const broke = (call: Call, reason: string): OdcsFailure =>
  call === 'reading'
    ? { code: 'odcs-unavailable', reason }
    : { code: 'odcs-unknown-outcome', reason };

/** What a status other than success means. ODCS answers errors as JSON {status, error, message}. */
const refusal = (call: Call, answer: Answer): OdcsFailure | undefined => {
  const { status } = answer;
  if (status >= 200 && status < 300) return undefined;
  if (laterStatuses.includes(status)) return { code: 'odcs-unavailable', reason: said(answer) };
  if (status >= 500) return broke(call, said(answer));
  if (isRedirect(answer)) {
    return { code: 'odcs-refused', status, reason: saidRedirected('ODCS', answer) };
  }
  if (status === 404 && call !== 'creation') return { code: 'odcs-missing', reason: said(answer) };
  return { code: 'odcs-refused', status, reason: said(answer) };
};

/** What an exchange that came to no answer means; `error` is what fetch threw. */
export const lost = (call: Call, asked: string, error: unknown): OdcsFailure => {
  const { code, text } = causeOf(error);
  const reason = `${asked}: ${text}`;
  return wasNeverSent(code) ? { code: 'odcs-unavailable', reason } : broke(call, reason);
};

/** An answer that is a success, or what it means that it is not. */
export const successful =
  (call: Call) =>
  (answer: Answer): E.Either<OdcsFailure, Answer> => {
    const failure = refusal(call, answer);
    return failure === undefined ? E.right(answer) : E.left(failure);
  };

/** The decoded body of a successful answer. Of a change, what cannot be read may have been done. */
export const read =
  <A>(call: Call, codec: Decoder<unknown, A>) =>
  (answer: Answer): E.Either<OdcsFailure, A> =>
    E.mapLeft((reason: string): OdcsFailure => {
      const code = call === 'reading' ? 'odcs-unreadable' : 'odcs-unknown-outcome';
      return { code, reason };
    })(readJson(codec)(answer));
