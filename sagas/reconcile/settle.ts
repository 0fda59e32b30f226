import * as E from 'fp-ts/lib/Either.js';
import type { Marks } from '../../domain/reconcile/events.ts';
import type { Difference, Run } from '../../domain/reconcile/state.ts';
import { countNoted } from '../../domain/reconcile/state.ts';
import type { Question } from '../../domain/reconcile/vocabulary.ts';
import type { Hindrance } from '../act.ts';
import type { Asked } from './ask-all.ts';
import type { Completed } from './completed.ts';
import type { ReconcileDeps } from './deps.ts';
import type { Differing } from './examine-all.ts';
import type { Course, Thing } from './question.ts';
import { recordOf, tell } from './tell.ts';

/** Differences that one run writes down, and in one append. */
const most = 1000;
const atOnce = 100;

type Found = {
  readonly question: Question;
  readonly thing: Thing;
  readonly difference: Difference;
};
type Fault = { readonly question: Question; readonly why: Hindrance };

type Noted = Pick<Run, 'noted'>;

/**
 * Writes differences down: from here on whoever follows these streams looks at them. What the run has
 * on record by now, also from an owner before us.
 */
const note = async (
  deps: ReconcileDeps,
  { run }: Course,
  found: ReadonlyArray<Found>,
): Promise<E.Either<Hindrance, Noted>> => {
  for (let from = 0; from < found.length; from += atOnce) {
    const differences = found.slice(from, from + atOnce).map(({ difference }) => difference);
    const told = await tell(deps, { type: 'Note', run, owner: deps.owner, differences });
    if (E.isLeft(told)) return told;
  }
  const record = await recordOf(deps);
  if (E.isLeft(record)) return record;
  const { running } = record.right;
  return E.right(running?.run === run ? running : { noted: [] });
};

/** Why one thing could not be told, with what it is: the record says of it that it was noticed. */
const untold = ({ subject }: Difference, { code, reason = code }: Hindrance): Hindrance => ({
  ...{ code, reason: `${subject} could not be told to the record: ${reason}` },
});

/** Tells the record what messages would have; what cannot be told now is left to the next run. */
const mend = async (found: ReadonlyArray<Found>): Promise<ReadonlyArray<Fault>> => {
  const faults: Array<Fault> = [];
  for (const { question, thing, difference } of found) {
    if (difference.action !== 'noticed') continue;
    const mended = await thing.mend?.();
    if (mended !== undefined && E.isLeft(mended)) {
      faults.push({ question, why: untold(difference, mended.left) });
    }
  }
  return faults;
};

/** One reason a question, so that many things that fail alike do not fill the record. */
const unreachableOf = (faults: ReadonlyArray<Fault>): Completed['unreachable'] => {
  const reasons = new Map<Question, Hindrance>();
  for (const { question, why } of faults) if (!reasons.has(question)) reasons.set(question, why);
  return [...reasons].map(([question, { code, reason = code }]) => {
    return { question, code, reason: reason.slice(0, 2000) };
  });
};

/**
 * A list is read on from its mark only where everything in it was compared and told. What is merely
 * named holds no mark back: no later run would mend it, and it would be found the same for ever.
 */
const marksAfter = (
  before: Marks,
  asked: ReadonlyArray<Asked>,
  unreachable: Completed['unreachable'],
  postponed: ReadonlyArray<Found>,
): Marks => {
  const isWhole = (question: Question): boolean =>
    ![...unreachable, ...postponed].some((one) => one.question === question);
  return asked
    .filter(({ question }) => isWhole(question))
    .reduce((marks, { answer }) => ({ ...marks, ...answer.mark }), before);
};

/** Writes down what differs, tells what can be told, and sums up the run. */
export const settle = async (
  deps: ReconcileDeps,
  course: Course,
  asked: ReadonlyArray<Asked>,
  differing: ReadonlyArray<Differing>,
): Promise<E.Either<Hindrance, Completed>> => {
  const all = differing.flatMap(({ question, thing, outcome }): ReadonlyArray<Found> =>
    E.isRight(outcome) ? [{ question, thing, difference: outcome.right }] : [],
  );
  // What is merely named, and would be so for ever, must not crowd out what is mended.
  const acted = all.filter(({ difference }) => difference.action !== 'none');
  const named = all.filter(({ difference }) => difference.action === 'none');
  const found = [...acted, ...named].slice(0, most);
  const noted = await note(deps, course, found);
  if (E.isLeft(noted)) return noted;
  const faults: ReadonlyArray<Fault> = [
    ...asked.flatMap(({ question, answer }) =>
      answer.failure === undefined ? [] : [{ question, why: answer.failure }],
    ),
    ...differing.flatMap(({ question, outcome }) =>
      E.isLeft(outcome) ? [{ question, why: outcome.left }] : [],
    ),
    ...(await mend(found)),
  ];
  const unreachable = unreachableOf(faults);
  const left = all.length - found.length;
  return E.right({
    ...{ run: course.run, at: deps.hand.now(), unreachable, left },
    differences: countNoted(noted.right),
    asked: asked.map(({ question, answer }) => ({ question, count: answer.count })),
    missedMessages: asked.reduce((sum, { answer }) => sum + (answer.missed ?? 0), 0),
    newModules: countNoted(noted.right, 'ready-unheard'),
    newImages: countNoted(noted.right, 'image-unheard'),
    marks: marksAfter(course.marks, asked, unreachable, acted.slice(most)),
  });
};
