import * as E from 'fp-ts/lib/Either.js';
import type { Decoder } from 'io-ts';
import type { Answer } from '../transport/answer.ts';
import { isRedirect, readJson, said, saidRedirected, saidUnreadable } from '../transport/answer.ts';
import type { MbsFailure } from './port.ts';

export type { Answer };

/** Reading changes nothing, so its failures never leave an outcome unknown. */
export type Call = 'reading' | 'submission';

const serverBroke = (call: Call, answer: Answer): MbsFailure =>
  call === 'submission'
    ? { code: 'mbs-unknown-outcome', reason: said(answer) }
    : { code: 'mbs-unavailable', reason: said(answer) };

const laterStatuses: ReadonlyArray<number> = [408, 429, 503];

/**
 * What a status other than success means. MBS answers handled errors as JSON {status, error,
 * message}, and plain HTML 500 when it broke, perhaps after the row was made.
 */
export const refusal = (call: Call, answer: Answer): MbsFailure | undefined => {
  const { status } = answer;
  if (status >= 200 && status < 300) return undefined;
  if (laterStatuses.includes(status)) return { code: 'mbs-unavailable', reason: said(answer) };
  if (status >= 500) return serverBroke(call, answer);
  if (isRedirect(answer)) {
    return { code: 'mbs-refused', status, reason: saidRedirected('MBS', answer) };
  }
  if (status === 409) return { code: 'mbs-conflict', reason: said(answer) };
  if (status === 404 && call === 'reading') return { code: 'mbs-missing', reason: said(answer) };
  return { code: 'mbs-refused', status, reason: said(answer) };
};

/** A success that says nothing we understand. */
export const unreadable = (answer: Answer, why: string): MbsFailure => ({
  code: 'mbs-unreadable',
  reason: saidUnreadable(answer, why),
});

/** The decoded body of a successful answer. */
export const read =
  <A>(codec: Decoder<unknown, A>) =>
  (answer: Answer): E.Either<MbsFailure, A> =>
    E.mapLeft((reason: string): MbsFailure => ({ code: 'mbs-unreadable', reason }))(
      readJson(codec)(answer),
    );
