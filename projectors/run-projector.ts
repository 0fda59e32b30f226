import { setTimeout as pause } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { UnknownEvent } from '../domain/read-event.ts';
import type { EventLog, LogFailure, Page } from '../event-log/event-log.ts';
import { follow } from '../event-log/follow.ts';
import type { RowFailed } from './fold-page.ts';
import { foldPage, touchesOf } from './fold-page.ts';
import { inHalves } from './in-halves.ts';
import { keepLease } from './keep-lease.ts';
import type { PageSize } from './page-size.ts';
import { pageSizeUpTo } from './page-size.ts';
import type { Projector, Recorded } from './projector.ts';
import { filterOf } from './projector.ts';
import type { ReadModels, StoreFailure, Writer } from './read-models.ts';
import { readRecorded } from './recorded.ts';
import { checkpointAfter, resume } from './resume.ts';

export type ProjectorFailure = StoreFailure | LogFailure | UnknownEvent | RowFailed;

/** Rows of a model were committed together with the position up to which they tell the log. */
export type Committed = {
  readonly model: string;
  readonly position: string;
  readonly ids: ReadonlyArray<string>;
};

export type ProjectorReport = (entry: {
  readonly level: 'info' | 'warn' | 'error';
  readonly model: string;
  readonly code: string;
  readonly reason: string;
}) => void;

export type ProjectorDeps = {
  readonly log: EventLog;
  readonly readModels: ReadModels;
  /** One per start of a process. */
  readonly owner: string;
  /** The identity of the log. */
  readonly logId: string;
  readonly report?: ProjectorReport;
  /** Called at every turn of the loop, also while it stands by. */
  readonly beat?: () => void;
  /** Called right after a commit, in this process only. */
  readonly onCommitted?: (committed: Committed) => void;
};

/** How soon one who stands by, or was stopped by a passing failure, tries again: milliseconds. */
const again = 1000;

const passing = new Set(['unavailable', 'locked', 'store-unavailable', 'store-locked', 'fenced']);

const wait = (signal: AbortSignal): Promise<void> =>
  pause(again, undefined, { signal }).catch(() => undefined);

const readAll = (page: Page): E.Either<UnknownEvent, ReadonlyArray<Recorded>> => {
  const events: Array<Recorded> = [];
  for (const recorded of page.events) {
    const read = readRecorded(recorded);
    if (E.isLeft(read)) return read;
    events.push(read.right);
  }
  return E.right(events);
};

const tellPage =
  (deps: ProjectorDeps, projector: Projector, writer: Writer, size: PageSize) =>
  (page: Page): TaskEither<ProjectorFailure, void> =>
  async () => {
    const events = readAll(page);
    if (E.isLeft(events)) return events;
    const touches = touchesOf(projector, events.right);
    const ids = [...new Set(touches.flatMap((touch) => touch.ids))];
    const loaded = ids.length === 0 ? E.right(new Map()) : await writer.load(ids)();
    if (E.isLeft(loaded)) return loaded;
    const changes = foldPage(projector, loaded.right, touches);
    if (E.isLeft(changes)) return changes;
    const checkpoint = await checkpointAfter(deps.log, deps.logId, page)();
    if (E.isLeft(checkpoint)) return checkpoint;
    if (checkpoint.right === undefined) return E.right(undefined);
    const committed = await writer.commit(changes.right, checkpoint.right)();
    if (E.isLeft(committed)) return committed;
    size.done();
    const { position } = checkpoint.right;
    deps.onCommitted?.({ model: projector.model.name, position, ids });
    return E.right(undefined);
  };

const tell = (
  deps: ProjectorDeps,
  projector: Projector,
  writer: Writer,
  size: PageSize,
): ((signal: AbortSignal) => Promise<E.Either<ProjectorFailure, void>>) =>
  follow(deps.log)<ProjectorFailure>({
    filter: filterOf(projector),
    pageSize: size.now,
    ...(deps.beat === undefined ? {} : { beat: deps.beat }),
    load: () => resume(deps.log, deps.logId, writer),
    handle: inHalves(tellPage(deps, projector, writer, size)),
    atEnd: () => writer.activate(),
  });

const onceAsWriter = async (
  deps: ProjectorDeps,
  projector: Projector,
  size: PageSize,
  signal: AbortSignal,
): Promise<E.Either<ProjectorFailure, void>> => {
  const taken = await deps.readModels.writer(projector.model, deps.owner)();
  if (E.isLeft(taken)) return taken;
  if (taken.right === undefined) return E.right(undefined);
  const { writer, stop } = keepLease(taken.right);
  const ended = await tell(deps, projector, writer, size)(signal).finally(stop);
  // It may have been too slow for its lease, and then would be again.
  if (E.isLeft(ended) && ended.left.code === 'fenced') size.halve();
  const released = await writer.release()();
  return E.isLeft(ended) ? ended : released;
};

/**
 * Keeps one model told from the log, until the signal: stands by while another process writes it,
 * catches up, then follows. Passing failures are reported and tried again; any other ends this
 * projector alone with a left, having been reported too.
 */
export const runProjector =
  (deps: ProjectorDeps) =>
  (projector: Projector) =>
  async (signal: AbortSignal): Promise<E.Either<ProjectorFailure, void>> => {
    const isOver = (): boolean => signal.aborted;
    const size = pageSizeUpTo(projector.pageSize ?? 1000);
    while (!isOver()) {
      deps.beat?.();
      const ended = await onceAsWriter(deps, projector, size, signal);
      if (isOver()) break;
      if (E.isLeft(ended)) {
        const { code, reason } = ended.left;
        const isPassing = passing.has(code);
        const level = code === 'fenced' ? 'info' : isPassing ? 'warn' : 'error';
        deps.report?.({ level, model: projector.model.name, code, reason });
        if (!isPassing) return ended;
      }
      await wait(signal);
    }
    return E.right(undefined);
  };
