import * as E from 'fp-ts/lib/Either.js';

/** What is asked for; times are Unix seconds, both included. */
export type Question = {
  readonly start: number | null;
  readonly end: number | null;
  readonly delta: number | null;
  readonly users: ReadonlyArray<string>;
  readonly packages: ReadonlyArray<string>;
  readonly categories: ReadonlyArray<string>;
  readonly topics: ReadonlyArray<string>;
  readonly contains: ReadonlyArray<string>;
  readonly not_users: ReadonlyArray<string>;
  readonly not_packages: ReadonlyArray<string>;
  readonly not_categories: ReadonlyArray<string>;
  readonly not_topics: ReadonlyArray<string>;
  readonly page: number;
  readonly rows_per_page: number;
  readonly order: 'asc' | 'desc';
};

/** `bad` is told with its reason (400); `broken` is what nobody thought of (500, a page). */
export type Refusal = { readonly kind: 'bad' | 'broken'; readonly reason: string };

const bad = (reason: string): E.Either<Refusal, never> => E.left({ kind: 'bad', reason });
const broken = (reason: string): E.Either<Refusal, never> => E.left({ kind: 'broken', reason });

/** Unix seconds, or a date as text: UTC where it names no zone. */
const timeOf = (text: string): number => {
  const number = Number(text);
  if (text.trim() !== '' && Number.isFinite(number)) return number;
  const hasZone = /(?:Z|[+-]\d{2}:?\d{2})$/iu.test(text);
  return Date.parse(hasZone || !/\d:\d/u.test(text) ? text : `${text}Z`) / 1000;
};

type Range = Pick<Question, 'start' | 'end' | 'delta'>;

/** Start and end win over delta; of the three, two tell the third. */
const rangeOf = ({ start, end, delta }: Range, now: number): Range => {
  if (start !== null && end !== null) return { start, end, delta: end - start };
  if (start !== null && delta !== null) return { start, end: start + delta, delta };
  if (start !== null) return { start, end: now, delta: now - start };
  if (delta !== null) return { start: (end ?? now) - delta, end: end ?? now, delta };
  return end === null ? { start, end, delta } : { start: 0, end, delta };
};

const wholeOf = (query: URLSearchParams, name: string, otherwise: number): number => {
  const text = query.get(name);
  return text === null ? otherwise : /^[+-]?\d+$/u.test(text.trim()) ? Number(text) : Number.NaN;
};

const EIGHT_MONTHS = 4 * 8 * 7 * 86_400;

const lists = (query: URLSearchParams) => ({
  ...{ users: query.getAll('user'), packages: query.getAll('package') },
  ...{ categories: query.getAll('category'), topics: query.getAll('topic') },
  ...{ contains: query.getAll('contains'), not_users: query.getAll('not_user') },
  ...{ not_packages: query.getAll('not_package'), not_topics: query.getAll('not_topic') },
  not_categories: query.getAll('not_category'),
});

type Paging = Pick<Question, 'page' | 'rows_per_page' | 'order'>;

const pagingOf = (query: URLSearchParams): E.Either<Refusal, Paging> => {
  const page = wholeOf(query, 'page', 1);
  const rows = wholeOf(query, 'rows_per_page', 25);
  const order = query.get('order') ?? 'desc';
  if (Number.isNaN(page) || Number.isNaN(rows)) return broken('a number is none');
  if (page < 1) return bad('page must be > 0');
  if (rows > 100) return bad('rows_per_page must be <= 100');
  if (rows < 1) return broken('division by zero');
  if (order !== 'asc' && order !== 'desc') return bad("order must be either 'desc' or 'asc'");
  return E.right({ page, rows_per_page: rows, order });
};

const numberOr = (query: URLSearchParams, name: string): number | null => {
  const text = query.get(name);
  return text === null ? null : name === 'delta' ? Number(text) : timeOf(text);
};

/** Reads the parameters of a search; `now` is Unix seconds. */
export const readQuestion = (query: URLSearchParams, now: number): E.Either<Refusal, Question> => {
  const asked = {
    ...{ start: numberOr(query, 'start'), end: numberOr(query, 'end') },
    delta: numberOr(query, 'delta'),
  };
  if (Object.values(asked).some((value) => Number.isNaN(value))) return broken('a time is none');
  const range = rangeOf(asked, now);
  const filters = lists(query);
  if (filters.contains.length > 0 && (range.start ?? 0) < now - EIGHT_MONTHS) {
    return bad('When using contains, specify a start at most eight months into the past');
  }
  if (filters.contains.length > 0 && filters.categories.length + filters.topics.length === 0) {
    return bad('When using contains, specify either a topic or a category as well');
  }
  return E.map((paging: Paging) => ({ ...range, ...filters, ...paging }))(pagingOf(query));
};
