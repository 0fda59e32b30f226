import * as E from 'fp-ts/lib/Either.js';
import type { ReconcileState, Run } from '../../domain/reconcile/state.ts';
import type { Hindrance } from '../act.ts';
import { askAll } from './ask-all.ts';
import type { Completed } from './completed.ts';
import type { ReconcileDeps } from './deps.ts';
import { examineAll } from './examine-all.ts';
import { keepAlive } from './keep-alive.ts';
import type { Course } from './question.ts';
import { settle } from './settle.ts';
import { tell } from './tell.ts';

type Result = Promise<E.Either<Hindrance, Completed>>;

const interrupted: Hindrance = {
  code: 'interrupted',
  reason: 'The process was stopped, or another one took the run over.',
};

const carry = async (deps: ReconcileDeps, course: Course): Result => {
  const asked = await askAll(deps, course);
  const differing = await examineAll(deps, course, asked);
  if (course.signal.aborted) return E.left(interrupted);
  return settle(deps, course, asked, differing);
};

const abandon = async (deps: ReconcileDeps, run: number, why: Hindrance): Result => {
  const { code, reason = code } = why;
  const at = deps.hand.now();
  // Where not even that can be written down, others take the run over when it has been silent.
  await tell(deps, { type: 'Abandon', run, owner: deps.owner, code, reason, at });
  return E.left(why);
};

/**
 * Does a run of ours to its end: asks, compares, waits whether what differs still does, writes it
 * down, tells what can be told. Left when it was abandoned; what was written down stays, and doing a
 * run again is harmless.
 */
export const carryRun = async (
  deps: ReconcileDeps,
  { run, begunAt, patience }: Run,
  marks: ReconcileState['marks'],
  outer: AbortSignal,
): Result => {
  const carried = await keepAlive(deps, { run, patience }, outer, (signal) =>
    carry(deps, { run, begunAt, marks, signal }),
  );
  if (E.isLeft(carried)) return abandon(deps, run, carried.left);
  const told = await tell(deps, { type: 'Complete', owner: deps.owner, ...carried.right });
  return E.isLeft(told) ? abandon(deps, run, told.left) : carried;
};
