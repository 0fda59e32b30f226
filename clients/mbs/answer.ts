import * as E from 'fp-ts/lib/Either.js';
import type { Decoder } from 'io-ts';
import { decode } from '../../domain/codec.ts';
import { isJsonObject } from '../../domain/json.ts';
import type { MbsFailure } from './port.ts';

/** A whole HTTP answer. `fault` says why the body could not be taken in as it was. */
export type Answer = {
  /** Method and address, for sentences. */
  readonly asked: string;
  readonly status: number;
  readonly contentType: string;
  readonly location: string | null;
  readonly body: string;
  readonly fault?: string;
};

/** Reading changes nothing, so its failures never leave an outcome unknown. */
export type Call = 'reading' | 'submission';

const shortened = (text: string): string => {
  const flat = text.replace(/\s+/g, ' ').trim();
  return flat.length > 400 ? `${flat.slice(0, 400)}…` : flat;
};

const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
};

/** The remote's own words: `message` of its JSON, else the text of the page without its tags. */
const words = (answer: Answer): string => {
  const json = parsed(answer.body);
  if (isJsonObject(json) && typeof json['message'] === 'string') return shortened(json['message']);
  const text = shortened(answer.body.slice(0, 20_000).replace(/<[^>]*>/g, ' '));
  return text === '' ? 'nothing' : text;
};

const said = (answer: Answer): string => `${answer.asked}: ${answer.status}, ${words(answer)}`;

const serverBroke = (call: Call, answer: Answer): MbsFailure =>
  call === 'submission'
    ? { code: 'mbs-unknown-outcome', reason: said(answer) }
    : { code: 'mbs-unavailable', reason: said(answer) };

const laterStatuses: ReadonlyArray<number> = [408, 429, 503];

const redirected = (answer: Answer): MbsFailure => ({
  code: 'mbs-refused',
  status: answer.status,
  reason:
    `${answer.asked}: ${answer.status}, redirected to ${answer.location ?? 'nowhere'}. ` +
    'Redirects are not followed: set the address of MBS to the one it really answers at.',
});

/**
 * What a status other than success means. MBS answers handled errors as JSON {status, error,
 * message}, and plain HTML 500 when it broke, perhaps after the row was made.
 */
export const refusal = (call: Call, answer: Answer): MbsFailure | undefined => {
  const { status } = answer;
  if (status >= 200 && status < 300) return undefined;
  if (laterStatuses.includes(status)) return { code: 'mbs-unavailable', reason: said(answer) };
  if (status >= 500) return serverBroke(call, answer);
  if (status >= 300 && status < 400) return redirected(answer);
  if (status === 409) return { code: 'mbs-conflict', reason: said(answer) };
  if (status === 404 && call === 'reading') return { code: 'mbs-missing', reason: said(answer) };
  return { code: 'mbs-refused', status, reason: said(answer) };
};

/** A success that says nothing we understand. */
export const unreadable = (answer: Answer, why: string): MbsFailure => ({
  code: 'mbs-unreadable',
  reason: `${answer.asked}: ${answer.status} ${answer.contentType || 'without a type'}, ${why}`,
});

/** The decoded body of a successful answer. */
export const read =
  <A>(codec: Decoder<unknown, A>) =>
  (answer: Answer): E.Either<MbsFailure, A> => {
    if (answer.fault !== undefined) return E.left(unreadable(answer, answer.fault));
    const json = parsed(answer.body);
    if (json === undefined) {
      return E.left(unreadable(answer, `JSON was expected, and this came: ${words(answer)}`));
    }
    const decoded = decode(codec)(json);
    if (E.isRight(decoded)) return decoded;
    return E.left(unreadable(answer, decoded.left.reasons.slice(0, 3).join('; ')));
  };
