import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Json } from '../../domain/json.ts';
import { isJsonObject } from '../../domain/json.ts';
import type { Raw } from '../append-all.ts';
import { elementSources, memberSource, sourceOf } from '../envelope/source.ts';
import { limited } from '../limited.ts';

export type FeedFailure = {
  /** `cursor-unknown`: the feed answered 410, it does not know the cursor and never will. */
  readonly code: 'feed-unavailable' | 'cursor-unknown';
  readonly reason: string;
};

/** Messages as they stand in the answer, and the cursor to ask with next. */
export type Batch = {
  readonly messages: ReadonlyArray<Raw>;
  readonly next: string;
};

export type Question = {
  /** Undefined before the first answer: the feed decides where it begins. '' is its beginning. */
  readonly after: string | undefined;
  /** How long the feed may hold the answer back when it has nothing new, in seconds. */
  readonly wait: number;
  readonly max: number;
};

const slack = 15;
const gone = 410;

const failure = (reason: string): FeedFailure => ({ code: 'feed-unavailable', reason });

const addressOf = (url: string, { after, wait, max }: Question): string => {
  const address = new URL(url);
  if (after !== undefined) address.searchParams.set('after', after);
  address.searchParams.set('wait', String(wait));
  address.searchParams.set('max', String(max));
  return address.href;
};

const reasonOf = (url: string, error: unknown): string => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return `${url}: ${cause instanceof Error ? cause.message : String(cause)}`;
};

const parsed = (text: string): Json | undefined => {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
};

const expected = 'not {"messages": [...], "next": "<cursor>"}';

/** Reads an answer of the feed; a message in it is not looked at. */
export const readBatch = (url: string, bytes: Uint8Array): E.Either<FeedFailure, Batch> => {
  const source = sourceOf(bytes);
  const answer = parsed(source.text);
  const unlike = failure(`${url}: the answer is ${expected}: ${source.text.slice(0, 80)}`);
  if (!isJsonObject(answer)) return E.left(unlike);
  const { next, messages } = { next: answer['next'], messages: answer['messages'] };
  const list = Array.isArray(messages) ? memberSource(source, 'messages') : undefined;
  if (typeof next !== 'string' || list === undefined) return E.left(unlike);
  const found = elementSources(list).map((one) => {
    return { raw: JSON.parse(one.text) as Json, source: one };
  });
  return E.right({ messages: found, next });
};

/** Asks a feed for what came after a cursor; waits with it up to `wait` seconds for something new. */
export const ask =
  (url: string, signal: AbortSignal) =>
  (question: Question): TaskEither<FeedFailure, Batch> =>
  async () => {
    const limit = limited(signal, (question.wait + slack) * 1000, 'the feed');
    try {
      const headers = { accept: 'application/json' };
      const answer = await fetch(addressOf(url, question), { headers, signal: limit.signal });
      if (!answer.ok) {
        const reason = `${url}: it answered ${answer.status} ${answer.statusText}`;
        return E.left(
          answer.status === gone ? { code: 'cursor-unknown', reason } : failure(reason),
        );
      }
      return readBatch(url, new Uint8Array(await answer.arrayBuffer()));
    } catch (error) {
      return E.left(failure(reasonOf(url, error)));
    } finally {
      limit.lift();
    }
  };
