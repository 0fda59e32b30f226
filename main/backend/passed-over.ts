import * as E from 'fp-ts/lib/Either.js';
import type { EventLog, RecordedEvent } from '../../event-log/event-log.ts';
import type { Reader, Row, Writer } from '../../projectors/read-models.ts';
import type { NoticeDeps } from '../../sagas/notice/deps.ts';
import type { Report } from '../../sagas/worker.ts';
import { noticeOne } from './notice-one.ts';

type Deps = {
  readonly log: EventLog;
  readonly notice: NoticeDeps;
  readonly report: Report;
};
type Failure = { readonly code: string; readonly reason?: string };

const all = { where: [], orderBy: [], offset: 0, limit: 10_000 };

const find = async (
  { log }: Deps,
  id: string,
): Promise<E.Either<Failure, RecordedEvent | undefined>> => {
  const at = id.lastIndexOf('@');
  const found = await log.readStream(id.slice(0, at), Number(id.slice(at + 1)), 1)();
  return E.map((events: ReadonlyArray<RecordedEvent>) => events[0])(found);
};

/** True when it is noticed now; one that needs a newer version still stays where it is. */
const takeUp = async (deps: Deps, { id }: Row): Promise<E.Either<Failure, boolean>> => {
  const found = await find(deps, id);
  if (E.isLeft(found)) return found;
  if (found.right === undefined) return E.right(false);
  const noticed = await noticeOne(deps.notice, found.right);
  if (E.isLeft(noticed)) return noticed.left.code === 'unknown-event' ? E.right(false) : noticed;
  const reason = `${id} was passed over by an older version and is noticed now.`;
  const { stream } = found.right;
  deps.report({ level: 'info', saga: 'notice', stream, code: 'recovered', reason });
  return E.right(true);
};

/**
 * Notices the messages that were passed over because a newer version wrote them, as far as this
 * version knows them. Once per taking over; noticing twice changes nothing.
 */
export const takeUpPassedOver = async (
  deps: Deps,
  reader: Reader,
  writer: Writer,
): Promise<E.Either<Failure, void>> => {
  const checkpoint = await writer.checkpoint()();
  if (E.isLeft(checkpoint)) return checkpoint;
  if (checkpoint.right === undefined) return E.right(undefined);
  const rows = await reader.find(all)();
  if (E.isLeft(rows)) return rows;
  const { position: pos } = checkpoint.right;
  const done: Array<{ readonly id: string; readonly pos: string }> = [];
  for (const row of rows.right.filter(({ body }) => body['code'] === 'unknown-event')) {
    const taken = await takeUp(deps, row);
    if (E.isLeft(taken)) return taken;
    if (taken.right) done.push({ id: row.id, pos });
  }
  return done.length === 0 ? E.right(undefined) : writer.commit(done, checkpoint.right)();
};
