import { setTimeout as pause } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Mbs } from '../../clients/mbs/port.ts';
import type { BackfillEvent } from '../../domain/backfill/events.ts';
import { modulesBackfillStream } from '../../domain/backfill/events.ts';
import { markAfter } from '../../domain/backfill/mark.ts';
import type { Hand } from '../../event-log/carry-out.ts';
import { appendEvents, decodeRecorded } from '../../event-log/carry-out.ts';
import type { EventLog, LogFailure } from '../../event-log/event-log.ts';
import type { Head } from '../../event-log/seal.ts';
import type { Hindrance } from '../../sagas/act.ts';
import type { Progress } from '../backend/backfill-modules.ts';
import { backfillModules, perPage } from '../backend/backfill-modules.ts';
import { exit } from './exit-codes.ts';
import { farOn } from './progress.ts';

/** What the command works with. `clock`: milliseconds that never go back. */
export type BackfillDeps = Omit<Hand, 'log'> & {
  readonly openLog: () => TaskEither<LogFailure, EventLog>;
  readonly mbs: Pick<Mbs, 'readyPage'>;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly isTerminal: boolean;
  readonly clock: () => number;
  readonly signal?: AbortSignal;
  /** Milliseconds before MBS is asked again after each failure in a row; then it is given up. */
  readonly patience?: ReadonlyArray<number>;
};

type Json = { readonly json?: boolean };

/** Asks again when MBS falls silent in the middle; one that never answered is not waited for. */
const patiently = ({
  mbs,
  stderr,
  signal,
  patience = [1000, 5000, 20_000],
}: BackfillDeps): Pick<Mbs, 'readyPage'> => {
  let hasAnswered = false;
  const readyPage: Mbs['readyPage'] = (page, size) => async () => {
    let answer = await mbs.readyPage(page, size)();
    for (const ms of hasAnswered ? patience : []) {
      if (E.isRight(answer) || signal?.aborted === true) break;
      stderr(`Page ${page}: ${answer.left.reason}. Asking again in ${ms / 1000} s.\n`);
      await pause(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
      answer = await mbs.readyPage(page, size)();
    }
    hasAnswered ||= E.isRight(answer);
    return answer;
  };
  return { readyPage };
};

type Notebook = {
  readonly last: BackfillEvent | undefined;
  readonly note: (event: BackfillEvent) => Promise<E.Either<Hindrance, void>>;
};

const sameTime: Hindrance = {
  code: 'conflict',
  reason: 'another backfill is under way on this log; let it finish, or stop it and start again',
};

const openNotebook = async (hand: Hand): Promise<E.Either<Hindrance, Notebook>> => {
  const found = await hand.log.last(modulesBackfillStream)();
  if (E.isLeft(found)) return found;
  const recorded = found.right;
  const event = recorded === undefined ? E.right(undefined) : decodeRecorded(recorded);
  if (E.isLeft(event)) return event;
  let head: Head | undefined = recorded && {
    revision: recorded.revision,
    hash: recorded.metadata.hash,
  };
  const note: Notebook['note'] = async (next) => {
    const context = { correlationId: 'backfill-modules' };
    const noted = await appendEvents(hand)(modulesBackfillStream, head, context, [next]);
    if (E.isLeft(noted)) return noted.left.code === 'conflict' ? E.left(sameTime) : noted;
    head = noted.right;
    return E.right(undefined);
  };
  return E.right({ last: event.right as BackfillEvent | undefined, note });
};

type Outcome = { readonly progress: Progress; readonly isOver: boolean };

const run = async (deps: BackfillDeps, hand: Hand): Promise<E.Either<Hindrance, Outcome>> => {
  const notebook = await openNotebook(hand);
  if (E.isLeft(notebook)) return notebook;
  const { last, note } = notebook.right;
  const from = markAfter(last, perPage);
  if (from !== undefined) deps.stderr(`Going on after page ${from.page}.\n`);
  const show = farOn({ ...deps, write: deps.stderr });
  const stopping = new AbortController();
  const signals = [stopping.signal, ...(deps.signal === undefined ? [] : [deps.signal])];
  let fault: E.Either<Hindrance, void> = E.right(undefined);
  const report = async ({ page, done, recorded, lastId, total }: Progress): Promise<void> => {
    show.show({ done, total, what: 'module builds' });
    fault = await note({ type: 'BackfillAdvanced', page, lastId, perPage, done, recorded });
    if (E.isLeft(fault)) stopping.abort();
  };
  const course = { signal: AbortSignal.any(signals), ...(from === undefined ? {} : { from }) };
  const made = await backfillModules({ hand, mbs: patiently(deps) }, report, course);
  show.clear();
  if (E.isLeft(made)) return made;
  if (E.isLeft(fault)) return fault;
  const { page, pages, done, recorded } = made.right;
  const isOver = page >= pages;
  const closed = isOver
    ? await note({ type: 'BackfillCompleted', perPage, done, recorded })
    : E.right(undefined);
  return E.map(() => ({ progress: made.right, isOver }))(closed);
};

const tell = (deps: BackfillDeps, { progress, isOver }: Outcome, { json }: Json): void => {
  const { done, recorded, total, unreadable } = progress;
  if (json === true) {
    deps.stdout(`${JSON.stringify({ complete: isOver, done, recorded, total, unreadable })}\n`);
    return;
  }
  for (const reason of unreadable) deps.stderr(`Could not be read: ${reason}\n`);
  const known = done - recorded - unreadable.length;
  deps.stdout(
    `${done} of ${total} module builds looked at: ${recorded} newly on record, ${known} on record before, ${unreadable.length} unreadable.\n`,
  );
};

/**
 * `backfill modules`: records what every ready module build of MBS holds. Goes on where an
 * interrupted run stopped; after a complete one it begins anew and finds what the bus missed.
 * Exit 0 done, 2 another one is under way, 4 MBS or the log cannot be reached, 130 interrupted.
 */
export const backfillCommand = async (deps: BackfillDeps, options: Json): Promise<number> => {
  const log = await deps.openLog()();
  if (E.isLeft(log)) {
    deps.stderr(`freshmaker backfill: the log cannot be opened: ${log.left.reason}\n`);
    return exit.unreachable;
  }
  const { newId, now, actor, codeVersion } = deps;
  try {
    const made = await run(deps, { log: log.right, newId, now, actor, codeVersion });
    if (E.isLeft(made)) {
      const { code, reason = code } = made.left;
      const onward =
        code === 'conflict' ? '' : ' What was read is on record: run it again to go on.';
      deps.stderr(`freshmaker backfill: ${reason}.${onward}\n`);
      return code === 'conflict' ? exit.usage : exit.unreachable;
    }
    tell(deps, made.right, options);
    if (made.right.isOver) return exit.done;
    deps.stderr('Interrupted; run it again to go on.\n');
    return exit.interrupted;
  } finally {
    await log.right.close();
  }
};
