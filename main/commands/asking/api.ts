import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type * as t from 'io-ts';
import { decode } from '../../../domain/codec.ts';
import { Problem } from './shapes.ts';

export type ApiFailure = {
  readonly code:
    /** Nobody answers there, or says 5xx: the same may go well later. */
    | 'unreachable'
    /** What was asked is not allowed: the reason says what is. */
    | 'refused'
    | 'missing'
    /** Somebody answers, but not as Freshmaker does. */
    | 'unreadable';
  readonly reason: string;
};

/** Values of a parameter that is given once, several times, or (undefined) not at all. */
export type Parameters = Readonly<Record<string, string | ReadonlyArray<string> | undefined>>;

/** Asks version 2 of the REST API; `path` comes after `/api/2/`. */
export type Api = {
  readonly get: <A>(
    path: string,
    codec: t.Decoder<unknown, A>,
    parameters?: Parameters,
  ) => TaskEither<ApiFailure, A>;
};

const patience = 30_000;

const queryOf = (parameters: Parameters): string => {
  const pairs = Object.entries(parameters).flatMap(([name, value]) =>
    [value ?? []].flat().map((one: string): [string, string] => [name, one]),
  );
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`;
};

const whyOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${patience / 1000} s`;
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return 'code' in cause ? String(cause.code) : cause.message;
};

const silent = (base: string, error: unknown): ApiFailure => ({
  code: 'unreachable',
  reason:
    `${base} does not answer (${whyOf(error)}). Start the service there with freshmaker serve, ` +
    'or name where it is: --url <url> or FRESHMAKER_URL.',
});

const strange = (url: string, why: string): ApiFailure => ({
  code: 'unreadable',
  reason: `${url} answers, but not as Freshmaker does (${why}). Name another address: --url <url> or FRESHMAKER_URL.`,
});

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

const refusalOf = (url: string, status: number, body: unknown): ApiFailure => {
  const problem = decode(Problem)(body);
  if (E.isLeft(problem)) {
    return status >= 500
      ? { code: 'unreachable', reason: `${url} says ${status}.` }
      : strange(url, `it says ${status}`);
  }
  const { message: reason } = problem.right;
  if (status >= 500) return { code: 'unreachable', reason };
  return { code: status === 404 ? 'missing' : 'refused', reason };
};

/** The API at a base address such as `http://127.0.0.1:8080`; left says why that is no address. */
export const apiAt = (base: string): E.Either<ApiFailure, Api> => {
  if (!/^https?:\/\//.test(base) || !URL.canParse(base)) {
    const reason = `${JSON.stringify(base)} is no address of the service; name one like http://127.0.0.1:8080 with --url or FRESHMAKER_URL.`;
    return E.left({ code: 'refused', reason });
  }
  const root = base.replace(/\/+$/, '');
  const get: Api['get'] =
    (path, codec, parameters = {}) =>
    async () => {
      const url = `${root}/api/2/${path}${queryOf(parameters)}`;
      try {
        const response = await fetch(url, { signal: AbortSignal.timeout(patience) });
        const body = parsed(await response.text());
        if (!response.ok) return E.left(refusalOf(url, response.status, body));
        return E.mapLeft(({ reasons }: { readonly reasons: ReadonlyArray<string> }) =>
          strange(url, reasons[0] ?? 'it is no JSON'),
        )(decode(codec)(body));
      } catch (error) {
        return E.left(silent(root, error));
      }
    };
  return E.right({ get });
};
