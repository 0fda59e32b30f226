import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { isJsonObject } from '../../domain/json.ts';
import type { Json } from '../../domain/json.ts';
import { limited } from '../limited.ts';
import type { Found } from './found.ts';
import { readFound } from './found.ts';

export type DatagrepperFailure = {
  /** `refused`: it will not answer this question (400). `too-large`: the page is more than we take. */
  readonly code:
    | 'datagrepper-unavailable'
    | 'datagrepper-refused'
    | 'datagrepper-unreadable'
    | 'datagrepper-too-large';
  readonly reason: string;
};

export type Question = {
  /** Unix milliseconds, both included. */
  readonly from: number;
  readonly to: number;
  /** Exact topics; all when empty. */
  readonly topics: ReadonlyArray<string>;
  /** From 1. */
  readonly page: number;
  /** Messages in a page, at most 100. */
  readonly rows: number;
};

export type Search = (
  question: Question,
  signal: AbortSignal,
) => TaskEither<DatagrepperFailure, Found>;

export type SearchLimits = {
  /** Milliseconds until an answer must be there as a whole; default 60,000. */
  readonly timeout?: number;
  /** Bytes of an answer; default 64 MiB. */
  readonly bytes?: number;
};

const notFound = 404;
const badRequest = 400;

const failure = (code: DatagrepperFailure['code'], reason: string): DatagrepperFailure => ({
  code,
  reason,
});

/** Seconds are enough: the bounds are moved outwards, and what is found twice is seen before. */
const addressOf = (base: string, path: string, question: Question): string => {
  const address = new URL(`${base.replace(/\/+$/u, '')}${path}`);
  const { searchParams } = address;
  searchParams.set('start', String(Math.floor(question.from / 1000)));
  searchParams.set('end', String(Math.ceil(question.to / 1000)));
  for (const topic of question.topics) searchParams.append('topic', topic);
  searchParams.set('order', 'asc');
  searchParams.set('rows_per_page', String(question.rows));
  searchParams.set('page', String(question.page));
  return address.href;
};

/** An address as people are told of it: without the topics, which are many. */
const shown = (url: string): string => {
  const address = new URL(url);
  address.searchParams.delete('topic');
  return address.href;
};

const reasonOf = (error: unknown): string => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
};

/** Undefined when there is more than `most`. */
const bytesOf = async (answer: Response, most: number): Promise<Uint8Array | undefined> => {
  const chunks: Array<Uint8Array> = [];
  let size = 0;
  for await (const chunk of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > most) return undefined; // leaving the loop cancels the rest
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

/** What an answer says is wrong: `error` or `message` of a JSON object, or how it begins. */
const complaintIn = (text: string): string => {
  try {
    const said = JSON.parse(text) as Json;
    const why = isJsonObject(said) ? (said['error'] ?? said['message']) : undefined;
    if (typeof why === 'string') return why.slice(0, 300);
  } catch {
    // It is no JSON: a page for people, perhaps of a proxy.
  }
  const words = text.replace(/<[^>]*>/gu, ' ').replace(/\s+/gu, ' ');
  return words.trim().slice(0, 120);
};

type Answered = { readonly status: number; readonly statusText: string; readonly body: Uint8Array };

const get = async (
  url: string,
  { timeout = 60_000, bytes = 64 * 1024 * 1024 }: SearchLimits,
  signal: AbortSignal,
): Promise<E.Either<DatagrepperFailure, Answered>> => {
  const limit = limited(signal, timeout, 'datagrepper');
  try {
    const headers = { accept: 'application/json' };
    const answer = await fetch(url, { headers, signal: limit.signal });
    const body = await bytesOf(answer, bytes);
    if (body === undefined) {
      const reason = `${shown(url)}: the answer is over ${bytes} bytes`;
      return E.left(failure('datagrepper-too-large', reason));
    }
    const { status, statusText } = answer;
    return E.right({ status, statusText, body });
  } catch (error) {
    return E.left(failure('datagrepper-unavailable', `${shown(url)}: ${reasonOf(error)}`));
  } finally {
    limit.lift();
  }
};

const read = (
  url: string,
  { status, statusText, body }: Answered,
): E.Either<DatagrepperFailure, Found> => {
  if (status >= 200 && status < 300) {
    return E.mapLeft((why: string) => failure('datagrepper-unreadable', `${shown(url)}: ${why}`))(
      readFound(body),
    );
  }
  const said = complaintIn(Buffer.from(body).toString('utf8'));
  const reason = `${shown(url)}: it answered ${status} ${statusText}${said === '' ? '' : `: ${said}`}`;
  const code = status === badRequest ? 'datagrepper-refused' : 'datagrepper-unavailable';
  return E.left(failure(code, reason));
};

/**
 * Asks a datagrepper: one of today by /v2/search, one from before that (404) by /raw. Which of the
 * two it is asked is remembered.
 */
export const searchAt = (base: string, limits: SearchLimits = {}): Search => {
  let path = '/v2/search';
  return (question, signal) => async () => {
    const url = addressOf(base, path, question);
    const answer = await get(url, limits, signal);
    if (E.isLeft(answer)) return answer;
    if (answer.right.status !== notFound || path !== '/v2/search') return read(url, answer.right);
    const older = addressOf(base, '/raw', question);
    const second = await get(older, limits, signal);
    if (E.isLeft(second)) return second;
    if (second.right.status !== notFound) path = '/raw';
    return read(older, second.right);
  };
};
