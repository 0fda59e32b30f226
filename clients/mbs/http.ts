import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Answer } from './answer.ts';
import { readRpmBuilds } from './components.ts';
import type { Mbs, MbsFailure, ModuleBuild } from './port.ts';
import * as request from './request.ts';
import { readReadyRows } from './ready-rows.ts';
import { readContents, readContentsPage, readRow, readRows, readSubmitted } from './response.ts';
import { slots } from '../transport/slots.ts';
import type { TokenSource } from '../transport/token.ts';
import { within } from '../transport/within.ts';
import { ask, successful, type Wire } from './wire.ts';

export type MbsOptions = {
  /** `https://…/module-build-service/`. */
  readonly baseUrl: string;
  /** Bearer token of a submission: itself, or how to get a fresh one. */
  readonly token?: TokenSource;
  /** Milliseconds. MBS may work over a minute on a submission; 180000 is a good value. */
  readonly submitTimeout: number;
  /** Milliseconds, for each page read. */
  readonly readTimeout: number;
  /** Submissions at a time, and as many reads. */
  readonly concurrency: number;
  /** An answer longer than this is not read; 32 MiB when not given. */
  readonly maxAnswerBytes?: number;
};

type Result<A> = Promise<E.Either<MbsFailure, A>>;
type Reading = <A>(
  asked: request.MbsRequest,
  meaning: (answer: Answer) => E.Either<MbsFailure, A>,
) => Result<A>;

const mostPages = 1000;

/** All rows of the stream, filtered here once more: MBS ignores a filter it does not know. */
const rowsOfCommit = async (
  reading: Reading,
  of: { readonly name: string; readonly stream: string; readonly commit: string },
): Result<ReadonlyArray<ModuleBuild>> => {
  const found = new Map<number, ModuleBuild>();
  const commit = of.commit.toLowerCase();
  for (let page = 1; page <= mostPages; page += 1) {
    const rows = await reading(request.rowsOfStream(of.name, of.stream, page), readRows);
    if (E.isLeft(rows)) return rows;
    for (const row of rows.right.rows) {
      const isAskedFor = row.name === of.name && row.stream === of.stream && row.commit === commit;
      if (isAskedFor) found.set(row.id, row);
    }
    if (page >= rows.right.pages) {
      return E.right([...found.values()].sort((a, b) => a.id - b.id));
    }
  }
  const reason = `MBS names over ${mostPages} pages of builds of ${of.name}:${of.stream}`;
  return E.left({ code: 'mbs-unreadable', reason });
};

const commitOf = (scmurl: string): string => scmurl.split('#').at(-1) ?? '';

/** MBS took it, and what became of it could not be made out: asking for the commit will tell. */
const unclear = (failure: MbsFailure): MbsFailure => ({
  code: 'mbs-unknown-outcome',
  reason: `MBS accepted the submission, but not all of its rows are known: ${failure.reason}`,
});

/** API v1 names one row of several, so its siblings are looked up. */
const submitToVersion1 = async (
  send: (asked: request.MbsRequest) => Result<Answer>,
  reading: Reading,
  order: { readonly scmurl: string; readonly branch: string },
): Result<ReadonlyArray<ModuleBuild>> => {
  const answer = E.chain(successful('submission'))(await send(request.submission(1, order)));
  if (E.isLeft(answer)) return answer;
  const row = readRow(answer.right);
  if (E.isLeft(row)) return E.left(unclear(row.left));
  const { name, stream } = row.right;
  const rows = await rowsOfCommit(reading, { name, stream, commit: commitOf(order.scmurl) });
  if (E.isLeft(rows)) return E.left(unclear(rows.left));
  return rows.right.length === 0 ? E.right([row.right]) : rows;
};

const submit = async (
  send: (asked: request.MbsRequest) => Result<Answer>,
  reading: Reading,
  order: { readonly scmurl: string; readonly branch: string },
): Result<ReadonlyArray<ModuleBuild>> => {
  const answer = await send(request.submission(2, order));
  if (E.isRight(answer) && answer.right.status === 404) {
    return submitToVersion1(send, reading, order);
  }
  const accepted = E.chain(successful('submission'))(answer);
  if (E.isLeft(accepted)) return accepted;
  return E.mapLeft(unclear)(readSubmitted(accepted.right));
};

const busy: E.Either<MbsFailure, never> = E.left({
  code: 'mbs-unavailable',
  reason: 'all submissions to MBS that may run at a time are taken: nothing was sent',
});

/**
 * MBS over HTTP. A submission answers within `submitTimeout`, waiting for its turn included; what
 * was never sent is `mbs-unavailable`, what may have arrived is `mbs-unknown-outcome`.
 */
export const mbsOverHttp = (options: MbsOptions): Mbs => {
  const wire: Wire = {
    base: request.baseOf(options.baseUrl),
    maxAnswerBytes: options.maxAnswerBytes ?? 32 * 1024 * 1024,
    token: options.token,
  };
  const [submissions, reads] = [slots(options.concurrency), slots(options.concurrency)];
  const readingUntil =
    (outer?: AbortSignal): Reading =>
    async (asked, meaning) => {
      const run = () =>
        within(options.readTimeout, (signal) => ask(wire)('reading', asked, signal), outer);
      const answer = await reads.use(run, outer);
      const answered = answer ?? busy;
      return E.chain(meaning)(E.chain(successful('reading'))(answered));
    };
  const reading = readingUntil();
  const task =
    <A>(run: () => Result<A>): TaskEither<MbsFailure, A> =>
    () =>
      run();
  return {
    submitTimeout: options.submitTimeout,
    submit: (order) =>
      task(() =>
        within(options.submitTimeout, async (signal) => {
          const send = (asked: request.MbsRequest): Result<Answer> =>
            ask(wire)('submission', asked, signal);
          const run = () => submit(send, readingUntil(signal), order);
          return (await submissions.use(run, signal)) ?? busy;
        }),
      ),
    ofCommit: (name, stream, commit) => task(() => rowsOfCommit(reading, { name, stream, commit })),
    get: (id) => task(() => reading(request.oneRow(id), readRow)),
    contents: (id) => task(() => reading(request.oneRowWithContents(id), readContents)),
    rpmBuilds: (name, stream, version, context) =>
      task(() =>
        reading(request.rowsOfVersion(name, version, context), readRpmBuilds(name, stream)),
      ),
    readySince: (since, page) =>
      task(() => reading(request.readyRowsSince(since, page), readReadyRows(since))),
    readyPage: (page, perPage) =>
      task(() => reading(request.readyRows(page, perPage), readContentsPage)),
  };
};
