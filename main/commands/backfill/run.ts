import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { markAfter } from '../../../domain/backfill/mark.ts';
import type { Hand } from '../../../event-log/carry-out.ts';
import type { EventLog, LogFailure } from '../../../event-log/event-log.ts';
import type { Hindrance } from '../../../sagas/act.ts';
import type { Course, Walked } from '../../backend/backfill.ts';
import { perPage } from '../../backend/backfill.ts';
import { exit } from '../exit-codes.ts';
import { farOn } from '../progress.ts';
import { openNotebook } from './notebook.ts';
import type { Patiently } from './patience.ts';
import { patiently } from './patience.ts';

/** What every backfill works with. `clock`: milliseconds that never go back. */
export type Deps = Omit<Hand, 'log'> & {
  readonly openLog: () => TaskEither<LogFailure, EventLog>;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly isTerminal: boolean;
  readonly clock: () => number;
  readonly signal?: AbortSignal;
  /** Milliseconds before asking again after each failure in a row; then it is given up. */
  readonly patience?: ReadonlyArray<number>;
};

/** One kind of backfill: what it walks along, where it notes how far it is, what it says at the end. */
export type Kind<Progress extends Walked> = {
  /** Of what there are so many: `module builds`. */
  readonly what: string;
  readonly stream: string;
  readonly walk: (
    hand: Hand,
    patiently: Patiently,
    report: (progress: Progress) => unknown,
    course: Course,
  ) => Promise<E.Either<Hindrance, Progress>>;
  readonly json: (progress: Progress, complete: boolean) => unknown;
  readonly summary: (progress: Progress) => string;
  readonly unreadable: (progress: Progress) => ReadonlyArray<string>;
};

type Outcome<Progress> = { readonly progress: Progress; readonly isOver: boolean };

/** A signal of our own that follows another one for as long as `release` was not called. */
const following = (other: AbortSignal | undefined) => {
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  other?.addEventListener('abort', stop, { once: true });
  if (other?.aborted === true) stop();
  const release = (): void => other?.removeEventListener('abort', stop);
  return { signal: stopping.signal, stop, release };
};

const run = async <Progress extends Walked>(
  deps: Deps,
  hand: Hand,
  { what, stream, walk }: Kind<Progress>,
): Promise<E.Either<Hindrance, Outcome<Progress>>> => {
  const notebook = await openNotebook(hand, stream);
  if (E.isLeft(notebook)) return notebook;
  const { last, note } = notebook.right;
  const from = markAfter(last, perPage);
  if (from !== undefined) deps.stderr(`Going on after page ${from.page}.\n`);
  const show = farOn({ ...deps, write: deps.stderr });
  const stopping = following(deps.signal);
  let fault: E.Either<Hindrance, void> = E.right(undefined);
  const report = async (walked: Progress): Promise<void> => {
    const { page, done, before, recorded, lastId, total } = walked;
    show.show({ done, total, what, before });
    fault = await note({ type: 'BackfillAdvanced', page, lastId, perPage, done, recorded });
    if (E.isLeft(fault)) stopping.stop();
  };
  const course = { signal: stopping.signal, ...(from === undefined ? {} : { from }) };
  const made = await walk(hand, patiently(deps), report, course);
  stopping.release();
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

const tell = <Progress extends Walked>(
  { stdout, stderr }: Deps,
  kind: Kind<Progress>,
  { progress, isOver }: Outcome<Progress>,
  isJson: boolean,
): void => {
  if (isJson) {
    stdout(`${JSON.stringify(kind.json(progress, isOver))}\n`);
    return;
  }
  for (const reason of kind.unreadable(progress)) stderr(`Could not be read: ${reason}\n`);
  stdout(`${kind.summary(progress)}\n`);
};

/**
 * Runs a backfill to its end or until the signal. Exit 0 done, 2 another one is under way, 4 the
 * build system or the log cannot be reached, 130 interrupted.
 */
export const runBackfill = async <Progress extends Walked>(
  deps: Deps,
  kind: Kind<Progress>,
  isJson: boolean,
): Promise<number> => {
  const log = await deps.openLog()();
  if (E.isLeft(log)) {
    deps.stderr(`freshmaker backfill: the log cannot be opened: ${log.left.reason}\n`);
    return exit.unreachable;
  }
  const { newId, now, actor, codeVersion } = deps;
  try {
    const made = await run(deps, { log: log.right, newId, now, actor, codeVersion }, kind);
    if (E.isLeft(made)) {
      const { code, reason = code } = made.left;
      const onward =
        code === 'conflict' ? '' : ' What was read is on record: run it again to go on.';
      deps.stderr(`freshmaker backfill: ${reason}.${onward}\n`);
      return code === 'conflict' ? exit.usage : exit.unreachable;
    }
    tell(deps, kind, made.right, isJson);
    if (made.right.isOver) return exit.done;
    deps.stderr('Interrupted; run it again to go on.\n');
    return exit.interrupted;
  } finally {
    await log.right.close();
  }
};
