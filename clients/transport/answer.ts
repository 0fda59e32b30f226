import * as E from 'fp-ts/lib/Either.js';
import type { Decoder } from 'io-ts';
import { decode } from '../../domain/codec.ts';
import { isJsonObject } from '../../domain/json.ts';

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

/** `message` as MBS and ODCS have it, else the descriptions of Bodhi's `errors`. */
const messageIn = (json: unknown): string | undefined => {
  if (!isJsonObject(json)) return undefined;
  if (typeof json['message'] === 'string') return json['message'];
  if (!Array.isArray(json['errors'])) return undefined;
  const texts = json['errors'].flatMap((error) =>
    isJsonObject(error) && typeof error['description'] === 'string' ? [error['description']] : [],
  );
  return texts.length === 0 ? undefined : texts.join('; ');
};

/** The remote's own words: those of its JSON, else the text of the page without its tags. */
const words = (answer: Answer): string => {
  const message = messageIn(parsed(answer.body));
  if (message !== undefined) return shortened(message);
  const text = shortened(answer.body.slice(0, 20_000).replace(/<[^>]*>/g, ' '));
  return text === '' ? 'nothing' : text;
};

/** One line: what was asked, the status, and what the remote says to it. */
export const said = (answer: Answer): string =>
  `${answer.asked}: ${answer.status}, ${words(answer)}`;

export const isRedirect = ({ status }: Answer): boolean => status >= 300 && status < 400;

/** Why a redirect is a refusal. `name` is the service's. */
export const saidRedirected = (name: string, answer: Answer): string =>
  `${answer.asked}: ${answer.status}, redirected to ${answer.location ?? 'nowhere'}. ` +
  `Redirects are not followed: set the address of ${name} to the one it really answers at.`;

/** One line about a success that says nothing we understand. */
export const saidUnreadable = (answer: Answer, why: string): string =>
  `${answer.asked}: ${answer.status} ${answer.contentType || 'without a type'}, ${why}`;

/** The decoded JSON of an answer, or one line about why it is none. */
export const readJson =
  <A>(codec: Decoder<unknown, A>) =>
  (answer: Answer): E.Either<string, A> => {
    if (answer.fault !== undefined) return E.left(saidUnreadable(answer, answer.fault));
    const json = parsed(answer.body);
    if (json === undefined) {
      const why = `JSON was expected, and this came: ${words(answer)}`;
      return E.left(saidUnreadable(answer, why));
    }
    return E.mapLeft(({ reasons }: { readonly reasons: ReadonlyArray<string> }) =>
      saidUnreadable(answer, reasons.slice(0, 3).join('; ')),
    )(decode(codec)(json));
  };
