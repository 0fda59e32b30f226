import type { Completed } from '../../sagas/reconcile/completed.ts';

const some = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

const askedOf = ({ asked }: Completed): string =>
  asked.length === 0
    ? 'nobody was asked'
    : `compared ${asked.map(({ question, count }) => `${question} ${count}`).join(', ')}`;

const unreachableOf = ({ unreachable }: Completed): string =>
  unreachable.length === 0
    ? ''
    : ` Not (wholly) compared: ${unreachable.map(({ question, reason }) => `${question} (${reason})`).join('; ')}.`;

/** One run in one line: what was compared, and what came of it. */
export const summaryOf = (done: Completed): string => {
  const { run, differences, left, missedMessages, newModules, newImages } = done;
  const more = left === 0 ? '' : ` (${left} more are left to the next run)`;
  const counts = [
    `${some(differences, 'difference')}${more}`,
    some(missedMessages, 'missed message'),
    some(newModules, 'new module'),
    some(newImages, 'new image'),
  ];
  return `Reconcile ${run}: ${askedOf(done)}; ${counts.join(', ')}.${unreachableOf(done)}`;
};
