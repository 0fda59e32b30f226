import type { Archive, Filed } from './archive.ts';
import type { Question } from './question.ts';

type Page = {
  readonly total: number;
  readonly pages: number;
  readonly found: ReadonlyArray<Filed>;
};

const isAmong = (wanted: ReadonlyArray<string>, ...values: ReadonlyArray<string>): boolean =>
  wanted.length === 0 || values.some((value) => wanted.includes(value));

const isNone = (refused: ReadonlyArray<string>, ...values: ReadonlyArray<string>): boolean =>
  !values.some((value) => refused.includes(value));

const isInTime = ({ time }: Filed, { start, end }: Question): boolean =>
  time >= (start ?? 0) && time <= (end ?? Number.POSITIVE_INFINITY);

const isWanted = (filed: Filed, question: Question): boolean =>
  isAmong(question.topics, filed.topic) &&
  isAmong(question.categories, filed.category) &&
  isAmong(question.users, ...filed.users) &&
  isAmong(question.packages, ...filed.packages);

const isNotRefused = (filed: Filed, question: Question): boolean =>
  isNone(question.not_topics, filed.topic) &&
  isNone(question.not_categories, filed.category) &&
  isNone(question.not_users, ...filed.users) &&
  isNone(question.not_packages, ...filed.packages);

/** One page of what fits. */
export const search = (archive: Archive, question: Question): Page => {
  const { contains, page, rows_per_page: rows, order } = question;
  const fitting = archive
    .all()
    .filter((one) => isInTime(one, question) && isWanted(one, question))
    .filter((one) => isNotRefused(one, question));
  const holding =
    contains.length === 0
      ? fitting
      : fitting.filter((one) => {
          const text = JSON.stringify(archive.message(one).body);
          return contains.some((words) => text.includes(words));
        });
  const ordered = order === 'asc' ? holding : holding.toReversed();
  return {
    total: holding.length,
    pages: Math.ceil(holding.length / rows),
    found: ordered.slice((page - 1) * rows, page * rows),
  };
};
