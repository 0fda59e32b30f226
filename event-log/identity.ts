import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { decode } from '../domain/codec.ts';
import { LogCreated, logStream } from '../domain/log/events.ts';
import { appendSurely } from './append-surely.ts';
import type { Hand } from './carry-out.ts';
import type { AppendFailure, EventLog, LogFailure, RecordedEvent } from './event-log.ts';
import { seal } from './seal.ts';

const logIdOf = ({ type, data }: RecordedEvent): E.Either<LogFailure, string> => {
  const created = decode(LogCreated)({ ...data, type });
  if (E.isRight(created)) return E.right(created.right.logId);
  const why = created.left.reasons.join('; ');
  const reason = `the stream ${logStream} does not begin with the identity of the log (${why}); this is no log of ours`;
  return E.left({ code: 'corrupt', reason });
};

const asLogFailure = (failure: AppendFailure): LogFailure => {
  if (!('reason' in failure)) {
    const reason = `the log could not be given its identity: ${failure.code}`;
    return { code: 'unavailable', reason };
  }
  const { code, reason } = failure;
  return code === 'outcome-unknown' || code === 'bad-append'
    ? { code: 'unavailable', reason }
    : { code, reason };
};

/**
 * The id of this log, given to it by its first event. Of processes that start at once one gives it
 * and all get the same.
 */
export const ensureIdentity =
  (log: EventLog, deps: Omit<Hand, 'log'>): TaskEither<LogFailure, string> =>
  async () => {
    const { newId, now, actor, codeVersion } = deps;
    const found = async (): Promise<E.Either<LogFailure, RecordedEvent | undefined>> =>
      E.map((events: ReadonlyArray<RecordedEvent>) => events[0])(
        await log.readStream(logStream, 0, 1)(),
      );

    const before = await found();
    if (E.isLeft(before)) return before;
    if (before.right !== undefined) return logIdOf(before.right);

    const id = newId();
    const logId = newId();
    const metadata = { correlationId: id, actor, recordedAt: now(), schema: 1, codeVersion };
    const events = seal(logStream, undefined, [
      { id, type: 'LogCreated', data: { logId }, metadata },
    ]);
    const appended = await appendSurely(log, logStream, 'no-stream', events)();
    if (E.isRight(appended)) return E.right(logId);
    if (appended.left.code !== 'conflict') return E.left(asLogFailure(appended.left));

    const winner = await found();
    if (E.isLeft(winner)) return winner;
    return winner.right === undefined ? E.left(asLogFailure(appended.left)) : logIdOf(winner.right);
  };
