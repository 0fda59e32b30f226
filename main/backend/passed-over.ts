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
  /** Whether what failed is to be tried again; else it is a fault of the one message. */
  readonly isPassing: (failure: Failure) => Promise<boolean>;
};
type Failure = { readonly code: string; readonly reason?: string };

type Change = Parameters<Writer['commit']>[0][number];

const failed = (
  { report }: Deps,
  { stream }: RecordedEvent,
  { code, reason: why = code }: Failure,
  { id, pos }: Pick<Row, 'id' | 'pos'>,
): Change => {
  const reason = `${id} was passed over by an older version, and cannot be noticed by this one: ${why}`;
  report({ level: 'error', saga: 'notice', stream, code, reason });
  return { id, pos, body: { code, reason: why } };
};

const all = { where: [], orderBy: [], offset: 0, limit: 10_000 };

const find = async (
  { log }: Deps,
  id: string,
): Promise<E.Either<Failure, RecordedEvent | undefined>> => {
  const at = id.lastIndexOf('@');
  const found = await log.readStream(id.slice(0, at), Number(id.slice(at + 1)), 1)();
  return E.map((events: ReadonlyArray<RecordedEvent>) => events[0])(found);
};

/**
 * What becomes of its row: none when it is noticed now, another when it never can be; undefined, and
 * as it was, for one that needs a newer version still.
 */
const takeUp = async (
  deps: Deps,
  { id }: Row,
  pos: string,
): Promise<E.Either<Failure, Change | undefined>> => {
  const found = await find(deps, id);
  if (E.isLeft(found)) return found;
  if (found.right === undefined) return E.right(undefined);
  const noticed = await noticeOne(deps.notice, found.right);
  if (E.isLeft(noticed)) {
    if (noticed.left.code === 'unknown-event') return E.right(undefined);
    if (await deps.isPassing(noticed.left)) return noticed;
    return E.right(failed(deps, found.right, noticed.left, { id, pos }));
  }
  const reason = `${id} was passed over by an older version and is noticed now.`;
  const { stream } = found.right;
  deps.report({ level: 'info', saga: 'notice', stream, code: 'recovered', reason });
  return E.right({ id, pos });
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
  const done: Array<Change> = [];
  for (const row of rows.right.filter(({ body }) => body['code'] === 'unknown-event')) {
    const taken = await takeUp(deps, row, pos);
    if (E.isLeft(taken)) return taken;
    if (taken.right !== undefined) done.push(taken.right);
  }
  return done.length === 0 ? E.right(undefined) : writer.commit(done, checkpoint.right)();
};
