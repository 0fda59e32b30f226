import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Answer } from '../transport/answer.ts';
import { exchange } from '../transport/exchange.ts';
import { slots } from '../transport/slots.ts';
import { tokenFor, type TokenSource } from '../transport/token.ts';
import { within } from '../transport/within.ts';
import { lost, read, successful, type Call } from './answer.ts';
import { composeOf, isOfOrder, isOwn, Shown, ShownPage } from './compose.ts';
import type { Compose, ComposeOrder, Odcs, OdcsFailure } from './port.ts';
import { repofileExists } from './repofile.ts';
import * as request from './request.ts';

export type OdcsOptions = {
  /** `https://…/api/1/`. */
  readonly baseUrl: string;
  /** Bearer token of a creation, renewal or removal: itself, or how to get a fresh one. */
  readonly token?: TokenSource;
  /** Our own name in ODCS; where it is not given, composes of anybody pass for ours. */
  readonly owner?: string;
  /** Milliseconds, for each call; waiting for its turn is included. */
  readonly callTimeout: number;
  /** Changes at a time, and as many reads. */
  readonly concurrency: number;
  /** An answer longer than this is not read; 8 MiB when not given. */
  readonly maxAnswerBytes?: number;
};

type Result<A> = Promise<E.Either<OdcsFailure, A>>;
type Meaning<A> = (answer: Answer) => E.Either<OdcsFailure, A>;
type Ask = <A>(call: Call, asked: request.OdcsRequest, meaning: Meaning<A>) => Result<A>;

const mostPages = 200;

const busy: E.Either<OdcsFailure, never> = E.left({
  code: 'odcs-unavailable',
  reason: 'all calls of ODCS that may run at a time are taken: nothing was sent',
});

const send = async (
  { baseUrl, token, maxAnswerBytes }: OdcsOptions,
  call: Call,
  asked: request.OdcsRequest,
  signal: AbortSignal,
): Result<Answer> => {
  const url = `${request.baseOf(baseUrl)}${asked.path}`;
  const bearer = await tokenFor('ODCS', call === 'reading' ? undefined : token, signal);
  if (E.isLeft(bearer)) return E.left({ code: 'odcs-unavailable', reason: bearer.left });
  const limit = maxAnswerBytes ?? 8 * 1024 * 1024;
  try {
    const order = { ...asked, url, token: bearer.right, maxAnswerBytes: limit };
    return E.right(await exchange(order, signal));
  } catch (error) {
    return E.left(lost(call, `${asked.method} ${url}`, error));
  }
};

const askWith = (options: OdcsOptions): Ask => {
  const [changes, reads] = [slots(options.concurrency), slots(options.concurrency)];
  return (call, asked, meaning) =>
    within(options.callTimeout, async (signal) => {
      const run = () => send(options, call, asked, signal);
      const answer = await (call === 'reading' ? reads : changes).use(run, signal);
      return E.chain(meaning)(E.chain(successful(call))(answer ?? busy));
    });
};

const compose = (call: Call): Meaning<Compose> => {
  const shown = read(call, Shown);
  return (answer) => E.map(composeOf)(shown(answer));
};

const isNewestFirst = (items: ReadonlyArray<Shown>): boolean =>
  items.every(({ id }, index) => id < (items[index - 1]?.id ?? Number.POSITIVE_INFINITY));

const page: Meaning<{ readonly items: ReadonlyArray<Shown>; readonly pages: number }> = (answer) =>
  E.chain(({ items, meta }: typeof ShownPage._A): ReturnType<typeof page> => {
    if (isNewestFirst(items)) return E.right({ items, pages: meta.pages });
    const reason = `${answer.asked}: the newest compose was expected first, and it is not`;
    return E.left({ code: 'odcs-unreadable', reason });
  })(read('reading', ShownPage)(answer));

const tooMany = (above: number): E.Either<OdcsFailure, never> => {
  const reason = `ODCS names over ${mostPages} pages of composes above ${above}`;
  return E.left({ code: 'odcs-unreadable', reason });
};

const newestId = async (ask: Ask): Result<number> =>
  E.map(({ items }: { readonly items: ReadonlyArray<Shown> }) => items[0]?.id ?? 0)(
    await ask('reading', request.newestComposes, page),
  );

/** Every compose of builds above an id, of this owner, newest first. */
const ownSince = async (
  ask: Ask,
  owner: string | undefined,
  above: number,
): Result<ReadonlyArray<Compose> | undefined> => {
  if (owner === undefined) return E.right(undefined);
  // By id: one that is made meanwhile moves another to the next page, where it is told again.
  const own = new Map<number, Compose>();
  for (let number = 1; number <= mostPages; number += 1) {
    const answer = await ask('reading', request.buildComposes(owner, number), page);
    if (E.isLeft(answer)) return answer;
    const { items, pages } = answer.right;
    for (const one of items) {
      if (one.id > above && isOwn(one, owner)) own.set(one.id, composeOf(one));
    }
    if (items.some(({ id }) => id <= above) || number >= pages) return E.right([...own.values()]);
  }
  return tooMany(above);
};

/** Filtered here once more: ODCS ignores a filter it does not know. */
const find = async (
  ask: Ask,
  owner: string | undefined,
  order: ComposeOrder,
  above: number,
): Result<Compose | undefined> => {
  for (let number = 1; number <= mostPages; number += 1) {
    const answer = await ask('reading', request.buildComposes(owner, number), page);
    if (E.isLeft(answer)) return answer;
    const { items, pages } = answer.right;
    const found = items.find((shown) => shown.id > above && isOfOrder(shown, order, owner));
    if (found !== undefined) return E.right(composeOf(found));
    const isBelow = items.some(({ id }) => id <= above);
    if (isBelow || number >= pages) return E.right(undefined);
  }
  return tooMany(above);
};

/**
 * ODCS over HTTP. What was never sent is `odcs-unavailable`; what may have arrived, or was accepted
 * with an answer that cannot be read, is `odcs-unknown-outcome`. Reading is anonymous.
 */
export const odcsOverHttp = (options: OdcsOptions): Odcs => {
  const ask = askWith(options);
  const task =
    <A>(run: () => Result<A>): TaskEither<OdcsFailure, A> =>
    () =>
      run();
  return {
    callTimeout: options.callTimeout,
    create: (order) => task(() => ask('creation', request.creation(order), compose('creation'))),
    get: (id) => task(() => ask('reading', request.oneCompose(id), compose('reading'))),
    newestId: () => task(() => newestId(ask)),
    find: (order, above) => task(() => find(ask, options.owner, order, above)),
    ownSince: (above) => task(() => ownSince(ask, options.owner, above)),
    renew: (id, secondsToLive) =>
      task(() => ask('change', request.renewal(id, secondsToLive), compose('change'))),
    remove: (id) => task(() => ask('change', request.removal(id), () => E.right(undefined))),
    repofileExists: (url) =>
      task(() => within(options.callTimeout, (signal) => repofileExists(url, signal))),
  };
};
