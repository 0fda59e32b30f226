import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { Answer } from '../transport/answer.ts';
import { isRedirect, readJson, said, saidRedirected } from '../transport/answer.ts';
import { causeOf } from '../transport/cause.ts';
import { exchange } from '../transport/exchange.ts';
import { slots } from '../transport/slots.ts';
import { within } from '../transport/within.ts';
import type { Bodhi, BodhiFailure, BodhiUpdate } from './port.ts';

export type BodhiOptions = {
  /** `https://bodhi.fedoraproject.org/`. */
  readonly baseUrl: string;
  /** Milliseconds, for each call; waiting for its turn is included. */
  readonly callTimeout: number;
  /** Calls at a time. */
  readonly concurrency: number;
  /** An answer longer than this is not read; 8 MiB when not given. */
  readonly maxAnswerBytes?: number;
};

const maybeText = t.union([t.string, t.null, t.undefined], 'text or null');

/** Of an update's many keys those that matter here; updates of 2017 name no content type. */
const Envelope = t.type(
  {
    update: t.type({
      alias: t.string,
      status: t.string,
      type: maybeText,
      severity: maybeText,
      content_type: maybeText,
      release: t.union([t.type({ name: t.string, branch: maybeText }), t.null]),
      builds: t.readonlyArray(t.type({ nvr: t.string, type: maybeText })),
    }),
  },
  'update',
);

const updateOf = ({ update }: t.TypeOf<typeof Envelope>): BodhiUpdate => {
  const { alias, status, type, severity, release, builds } = update;
  const contentType = update.content_type ?? builds[0]?.type ?? 'rpm';
  return {
    ...{ alias, status, type: type ?? null, severity: severity ?? null, contentType },
    release: { name: release?.name ?? '', branch: release?.branch ?? null },
    builds: builds.map((build) => ({ nvr: build.nvr, type: build.type ?? contentType })),
  };
};

const laterStatuses: ReadonlyArray<number> = [408, 429];

/** What an answer other than success means. Reading changes nothing, so a broken server is for later. */
const successful = (answer: Answer): E.Either<BodhiFailure, Answer> => {
  const { status } = answer;
  if (status >= 200 && status < 300) return E.right(answer);
  if (laterStatuses.includes(status) || status >= 500) {
    return E.left({ code: 'bodhi-unavailable', reason: said(answer) });
  }
  if (status === 404) return E.left({ code: 'bodhi-missing', reason: said(answer) });
  const reason = isRedirect(answer) ? saidRedirected('Bodhi', answer) : said(answer);
  return E.left({ code: 'bodhi-refused', status, reason });
};

const read = (answer: Answer): E.Either<BodhiFailure, BodhiUpdate> =>
  E.bimap(
    (reason: string): BodhiFailure => ({ code: 'bodhi-unreadable', reason }),
    updateOf,
  )(readJson(Envelope)(answer));

const busy: E.Either<BodhiFailure, never> = E.left({
  code: 'bodhi-unavailable',
  reason: 'all calls of Bodhi that may run at a time are taken: nothing was sent',
});

/** Bodhi over HTTP, anonymous, read only. */
export const bodhiOverHttp = (options: BodhiOptions): Bodhi => {
  const { baseUrl, callTimeout, concurrency } = options;
  const places = slots(concurrency);
  const base = `${baseUrl.replace(/\/+$/, '')}/`;
  const maxAnswerBytes = options.maxAnswerBytes ?? 8 * 1024 * 1024;
  const ask = async (url: string, signal: AbortSignal): Promise<E.Either<BodhiFailure, Answer>> => {
    try {
      return E.right(await exchange({ method: 'GET', url, maxAnswerBytes }, signal));
    } catch (error) {
      const reason = `GET ${url}: ${causeOf(error).text}`;
      return E.left({ code: 'bodhi-unavailable', reason });
    }
  };
  return {
    update: (alias) => () =>
      within(callTimeout, async (signal) => {
        const url = `${base}updates/${encodeURIComponent(alias)}`;
        const answer = (await places.use(() => ask(url, signal), signal)) ?? busy;
        return E.chain(read)(E.chain(successful)(answer));
      }),
  };
};
