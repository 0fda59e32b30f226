import * as E from 'fp-ts/lib/Either.js';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AppendFailure, Appended } from '../event-log.ts';
import { codeOf, explain } from './failures.ts';
import { patiently, type Patience } from './patience.ts';
import type { Database } from './sqlite.ts';
import { type Append, type Outcome, preparedWrite } from './write.ts';

type Answer = E.Either<AppendFailure, Appended>;
type Waiting = {
  readonly append: Append;
  readonly settle: (answer: Answer) => void;
  readonly crash: (bug: unknown) => void;
};

export type Writer = {
  readonly append: (append: Append) => Promise<Answer>;
  /** Settles when everything handed in so far is answered. */
  readonly drained: () => Promise<void>;
};

/** Appends in one transaction: more would keep the others waiting for their answer. */
const largestGroup = 512;

/** A commit that failed at the disk may still be found in the WAL after a restart. */
const failedCommit = (file: string, error: unknown): AppendFailure => {
  const failure = explain(file, error);
  return codeOf(error).startsWith('SQLITE_IOERR')
    ? { code: 'outcome-unknown', reason: failure.reason }
    : failure;
};

/**
 * Group commit: what is handed in while the loop turns once shares one transaction and one sync to
 * disk. `written` is told after each commit.
 */
export const openWriter = (db: Database, patience: Patience, written: () => void): Writer => {
  const write = preparedWrite(db);
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const waiting: Array<Waiting> = [];
  let running: Promise<void> | undefined;

  const undo = (): void => {
    if (db.inTransaction()) db.exec('ROLLBACK');
  };

  const transact = (
    group: ReadonlyArray<Waiting>,
  ): E.Either<AppendFailure, ReadonlyArray<Outcome>> => {
    let step: (file: string, error: unknown) => AppendFailure = explain;
    begin.run([]);
    try {
      const outcomes = group.map(({ append }) => write(append));
      step = failedCommit;
      commit.run([]);
      return E.right(outcomes);
    } catch (error) {
      undo();
      return E.left(step(patience.file, error));
    }
  };

  const turn = async (group: ReadonlyArray<Waiting>): Promise<void> => {
    const attempt = await patiently(patience, () => transact(group));
    const result = E.flattenW(attempt);
    if (E.isLeft(result)) {
      for (const { settle } of group) settle(result);
      return;
    }
    written();
    result.right.forEach((outcome, index) => group[index]?.settle(outcome));
  };

  const run = async (): Promise<void> => {
    do {
      await nextTurn();
      const group = waiting.splice(0, largestGroup);
      await turn(group).catch((bug: unknown) => {
        group.forEach(({ crash }) => {
          crash(bug);
        });
      });
    } while (waiting.length > 0);
    running = undefined;
  };

  return {
    append: (append) =>
      new Promise((settle, crash) => {
        waiting.push({ append, settle, crash });
        running ??= run();
      }),
    drained: async () => {
      await running;
    },
  };
};
