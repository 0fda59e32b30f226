import * as E from 'fp-ts/lib/Either.js';
import { problem, type Answer } from '../http/reply.ts';

export type Page<T> = {
  readonly items: ReadonlyArray<T>;
  readonly meta: Readonly<Record<string, number | string | null>>;
};

const whole = (text: string | null, otherwise: number): number => {
  const number = Number(text);
  return text === null || !Number.isInteger(number) || number < 1 ? otherwise : number;
};

/** One page, with links as MBS makes them; a page past the end is empty. */
export const paged = <T>(items: ReadonlyArray<T>, url: URL): Page<T> => {
  const page = whole(url.searchParams.get('page'), 1);
  const perPage = whole(url.searchParams.get('per_page'), 10);
  const pages = Math.ceil(items.length / perPage);
  const rest = [...url.searchParams].filter(([key]) => key !== 'page' && key !== 'per_page');
  const link = (to: number): string => {
    const query = new URLSearchParams([
      ['page', String(to)],
      ['per_page', String(perPage)],
      ...rest,
    ]);
    return `${url.origin}${url.pathname}?${query.toString()}`;
  };
  return {
    items: items.slice((page - 1) * perPage, page * perPage),
    meta: {
      ...{ page, pages, per_page: perPage, total: items.length },
      first: link(1),
      last: link(pages),
      next: page < pages ? link(page + 1) : null,
      prev: page > 1 ? link(page - 1) : null,
    },
  };
};

const compare = (a: unknown, b: unknown): number => {
  if (a === b) return 0;
  if (a === null || a === undefined) return -1;
  if (b === null || b === undefined) return 1;
  return a < b ? -1 : 1;
};

/** Ordered by `order_by` (ascending), `order_desc_by`, or newest id first. */
export const ordered = <T extends { readonly id: number }>(
  items: ReadonlyArray<T>,
  query: URLSearchParams,
  sortable: ReadonlyArray<string>,
): E.Either<Answer, ReadonlyArray<T>> => {
  const up = query.getAll('order_by');
  const keys = up.length > 0 ? up : query.getAll('order_desc_by');
  const unknown = keys.find((key) => !sortable.includes(key));
  if (unknown !== undefined) {
    return E.left(problem(400, `An invalid ordering key of "${unknown}" was supplied`));
  }
  const sign = up.length > 0 ? 1 : -1;
  const by = keys.length > 0 ? keys : ['id'];
  const order = (a: T, b: T): number => {
    const first = by.map((key) => compare(a[key as keyof T], b[key as keyof T]));
    return sign * (first.find((result) => result !== 0) ?? 0);
  };
  return E.right(items.toSorted(order));
};
