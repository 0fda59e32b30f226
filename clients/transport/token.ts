import * as E from 'fp-ts/lib/Either.js';
import { causeOf } from './cause.ts';

/** A bearer token: itself, or how to get a fresh one. */
export type TokenSource = string | (() => Promise<string>);

const had = async (
  token: TokenSource | undefined,
  signal: AbortSignal,
): Promise<string | undefined> => {
  if (typeof token !== 'function') return token;
  const aborted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  return Promise.race([token(), aborted]);
};

/** The token to send, where there is one; else a sentence about why it cannot be sent. */
export const tokenFor = async (
  service: string,
  token: TokenSource | undefined,
  signal: AbortSignal,
): Promise<E.Either<string, string | undefined>> => {
  try {
    const text = await had(token, signal);
    return text === undefined || /^[\x21-\x7e]+$/.test(text)
      ? E.right(text)
      : E.left(`the token for ${service} is empty or holds characters a header cannot carry`);
  } catch (error) {
    return E.left(`no token for ${service} could be had: ${causeOf(error).text}`);
  }
};
