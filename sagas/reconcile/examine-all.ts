import * as E from 'fp-ts/lib/Either.js';
import type { Difference } from '../../domain/reconcile/state.ts';
import type { Question } from '../../domain/reconcile/vocabulary.ts';
import type { Hindrance } from '../act.ts';
import { forEach } from '../side-by-side.ts';
import type { Asked } from './ask-all.ts';
import type { ReconcileDeps } from './deps.ts';
import type { Course, Thing } from './question.ts';

/** A thing in which record and service differ, or that could not be held against the record. */
export type Differing = {
  readonly question: Question;
  readonly thing: Thing;
  readonly outcome: E.Either<Hindrance, Difference>;
};

type Examined = Pick<Differing, 'question' | 'thing'>;

const atOnce = 8;

const examine = async (
  { signal }: Course,
  things: ReadonlyArray<Examined>,
): Promise<ReadonlyArray<Differing>> => {
  const differing: Array<Differing> = [];
  await forEach(things, atOnce, async ({ question, thing }) => {
    if (signal.aborted) return E.right(undefined);
    const found = await thing.examine();
    if (E.isLeft(found)) differing.push({ question, thing, outcome: found });
    else if (found.right !== undefined) {
      differing.push({ question, thing, outcome: E.right(found.right) });
    }
    return E.right(undefined);
  });
  return differing;
};

/**
 * Holds every answer against the record, and what differs once more after a while: what is simply
 * under way (a message that is not here yet, a poll that is due) is on record by then.
 */
export const examineAll = async (
  { grace, pause }: ReconcileDeps,
  course: Course,
  asked: ReadonlyArray<Asked>,
): Promise<ReadonlyArray<Differing>> => {
  const things = asked.flatMap(({ question, answer }) =>
    answer.things.map((thing) => ({ question, thing })),
  );
  const first = await examine(course, things);
  if (first.length === 0 || grace === 0) return first;
  await pause(grace, course.signal);
  return examine(course, first);
};
