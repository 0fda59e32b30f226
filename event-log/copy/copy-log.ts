import * as E from 'fp-ts/lib/Either.js';
import { appendSurely } from '../append-surely.ts';
import type { AppendFailure, EventLog, LogFailure } from '../event-log.ts';
import type { Run } from './runs.ts';
import { runsOf } from './runs.ts';
import type { Standing } from './standing.ts';

/** Somebody else writes to the target, or it refuses what the source holds. */
export type CopyFailure =
  LogFailure | { readonly code: 'not-taken'; readonly stream: string; readonly reason: string };

export type CopyCourse = {
  /** Up to here in the source, inclusive. */
  readonly upTo: string;
  /** How much is there already. */
  readonly from: Standing;
  /** Ends it cleanly between two appends. */
  readonly signal?: AbortSignal;
  readonly progress?: (events: number) => void;
};

const pageSize = 1000;

const refusalOf = (stream: string, failure: AppendFailure): string | undefined => {
  if (failure.code === 'conflict') {
    return `the target's stream ${stream} is not where it was left: another process writes to the target; stop it`;
  }
  if (failure.code === 'too-large') {
    return `an event of ${stream} has ${failure.bytes} bytes, and the target takes ${failure.limit}`;
  }
  return failure.code === 'bad-append' ? failure.reason : undefined;
};

const failureOf = (stream: string, failure: AppendFailure): CopyFailure => {
  const reason = refusalOf(stream, failure);
  if (reason !== undefined) return { code: 'not-taken', stream, reason };
  return failure.code === 'outcome-unknown'
    ? { code: 'unavailable', reason: failure.reason }
    : (failure as LogFailure);
};

const put = async (target: EventLog, run: Run): Promise<E.Either<CopyFailure, void>> => {
  const [first] = run;
  if (first === undefined) return E.right(undefined);
  const { stream, revision } = first;
  const events = run.map(({ id, type, data, metadata }) => ({ id, type, data, metadata }));
  const expected = revision === 0 ? 'no-stream' : revision - 1;
  const appended = await appendSurely(target, stream, expected, events)();
  return E.isLeft(appended) ? E.left(failureOf(stream, appended.left)) : E.right(undefined);
};

/** Appends runs until the signal; says how much is there then. */
const putAll = async (
  target: EventLog,
  runs: ReadonlyArray<Run>,
  { from, signal, progress = () => undefined }: Omit<CopyCourse, 'upTo'>,
): Promise<E.Either<CopyFailure, Standing>> => {
  let { events, after } = from;
  for (const run of runs) {
    if (signal?.aborted === true) break;
    const done = await put(target, run);
    if (E.isLeft(done)) return done;
    events += run.length;
    after = run.at(-1)?.position ?? after;
    progress(events);
  }
  return E.right({ events, after });
};

/**
 * Appends to a target what it lacks of a source: the same events with their ids, revisions, metadata
 * and hashes, in the order of the source's log, one append after the other. Right with how much the
 * target holds then, which is less than all of it only when the signal has ended the copy.
 */
export const copyLog = async (
  source: Pick<EventLog, 'readAll'>,
  target: EventLog,
  { upTo, ...course }: CopyCourse,
): Promise<E.Either<CopyFailure, Standing>> => {
  let standing = course.from;
  while (standing.after < upTo && course.signal?.aborted !== true) {
    const page = await source.readAll(standing.after, {}, pageSize)();
    if (E.isLeft(page)) return page;
    const due = page.right.events.filter(({ position }) => position <= upTo);
    const done = await putAll(target, runsOf(due), { ...course, from: standing });
    if (E.isLeft(done)) return done;
    standing = done.right;
    if (due.length === 0) break;
  }
  return E.right(standing);
};
