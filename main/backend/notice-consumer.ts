import { setTimeout as pause } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { EventLog, Filter, Page } from '../../event-log/event-log.ts';
import { follow } from '../../event-log/follow.ts';
import { keepLease } from '../../projectors/keep-lease.ts';
import type { Model, ReadModels, Writer } from '../../projectors/read-models.ts';
import { checkpointAfter, resume } from '../../projectors/resume.ts';
import type { NoticeDeps } from '../../sagas/notice/deps.ts';
import type { Report } from '../../sagas/worker.ts';
import { noticeOne } from './notice-one.ts';
import { takeUpPassedOver } from './passed-over.ts';

/**
 * How far messages were noticed. Its only rows are the messages that could not be: by
 * `stream@revision`, with `code` and `reason`. A raised version notices all messages once more.
 */
export const noticedMessagesModel: Model = {
  ...{ name: 'noticed_messages', version: 1, fields: {} },
  fieldsOf: () => ({}),
};

/** The events that are noticed. */
export const noticeFilter: Filter = {
  categories: ['message', 'dry_message'],
  types: ['MessageUnderstood'],
};

type Failure = { readonly code: string; readonly reason?: string };
type Done = E.Either<Failure, void>;
type Skipped = Parameters<Writer['commit']>[0][number];

/** Failures of the moment, of the log or of the read models as a whole; any other is a fault of the one message. */
const passing: ReadonlySet<string> = new Set([
  ...['unavailable', 'locked', 'outcome-unknown', 'conflict', 'no-policy', 'disk-full', 'closed'],
  ...['access-denied', 'store-unavailable', 'store-locked', 'fenced', 'foreign-checkpoint'],
]);

type ConsumerDeps = {
  readonly log: EventLog;
  readonly logId: string;
  readonly readModels: ReadModels;
  readonly owner: string;
  readonly notice: NoticeDeps;
  readonly report: Report;
  /** Called at every turn of the loop, also while it stands by. */
  readonly beat?: () => void;
};

/** Whether what failed is to be tried again: without a readable policy no message can be noticed. */
const isPassing = async ({ notice }: ConsumerDeps, { code }: Failure): Promise<boolean> =>
  passing.has(code) || E.isLeft(await notice.policy());

/** Notices the messages of a page; right with those that never can be, which were reported. */
const noticePage = async (
  deps: ConsumerDeps,
  page: Page,
): Promise<E.Either<Failure, ReadonlyArray<Skipped>>> => {
  const skipped: Array<Skipped> = [];
  for (const recorded of page.events) {
    deps.beat?.();
    const noticed = await noticeOne(deps.notice, recorded);
    if (E.isRight(noticed)) continue;
    if (await isPassing(deps, noticed.left)) return noticed;
    const { code, reason: why = code } = noticed.left;
    const { stream, position: pos } = recorded;
    const id = `${stream}@${recorded.revision}`;
    const reason = `${id} cannot be noticed and is passed over: ${why}`;
    deps.report({ level: 'error', saga: 'notice', stream, code, reason });
    skipped.push({ id, pos, body: { code, reason: why } });
  }
  return E.right(skipped);
};

const once = async (deps: ConsumerDeps, signal: AbortSignal): Promise<Done> => {
  const { log, logId, readModels, owner } = deps;
  const taken = await readModels.writer(noticedMessagesModel, owner)();
  if (E.isLeft(taken) || taken.right === undefined) return E.map(() => undefined)(taken);
  const { writer, stop } = keepLease(taken.right);
  const handle =
    (page: Page): TaskEither<Failure, void> =>
    async () => {
      const noticed = await noticePage(deps, page);
      if (E.isLeft(noticed)) return noticed;
      const checkpoint = await checkpointAfter(log, logId, page)();
      if (E.isLeft(checkpoint)) return checkpoint;
      if (checkpoint.right === undefined) return E.right(undefined);
      return writer.commit(noticed.right, checkpoint.right)();
    };
  const follower = follow(log)<Failure>({
    filter: noticeFilter,
    load: () => resume(log, logId, writer),
    handle,
    atEnd: () => writer.activate(),
    pageSize: 200,
    ...(deps.beat === undefined ? {} : { beat: deps.beat }),
  });
  const reader = readModels.reader(noticedMessagesModel);
  const work = async (): Promise<Done> => {
    const takenUp = await takeUpPassedOver(
      { ...deps, isPassing: (failure) => isPassing(deps, failure) },
      reader,
      writer,
    );
    return E.isLeft(takenUp) ? takenUp : follower(signal);
  };
  const ended = await work().finally(stop);
  const released = await writer.release()();
  return E.isLeft(ended) ? ended : released;
};

/**
 * Takes every understood message to the streams it concerns, in log order, one process at a time.
 * What fails is reported and tried again from the last page kept; doing a page twice is harmless.
 * A message that can never be noticed is reported, kept as a row, and passed over; where a newer
 * version is needed, the first process of one to take over notices it. Left only where the checkpoint
 * is of another log.
 */
export const consumeMessages = async (deps: ConsumerDeps, signal: AbortSignal): Promise<Done> => {
  const isOver = (): boolean => signal.aborted;
  while (!isOver()) {
    deps.beat?.();
    const ended = await once(deps, signal);
    if (E.isLeft(ended) && !isOver()) {
      const { code, reason = code } = ended.left;
      const isForeign = code === 'foreign-checkpoint';
      const level = code === 'fenced' ? 'info' : isForeign ? 'error' : 'warn';
      deps.report({ level, saga: 'notice', stream: '', code, reason });
      if (isForeign) return ended;
    }
    await pause(1000, undefined, { signal }).catch(() => undefined);
  }
  return E.right(undefined);
};
