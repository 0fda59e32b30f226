import { wholeNumber } from './filters.ts';

/** The largest page we give out; more is cut down to it. */
export const mostPerPage = 1000;

export type Paging = { readonly page: number; readonly perPage: number };
export type PagingQuery = { readonly page?: string; readonly per_page?: string };

const perPageOf = (asked: number | undefined): number => {
  if (asked === undefined) return 10;
  if (asked < 0) return 20;
  return Math.min(asked, mostPerPage);
};

/** Which page is meant, by the original's rules: what makes no sense falls back to the first page of 10. */
export const pagingOf = (query: PagingQuery): Paging => {
  const page = wholeNumber(query.page ?? '') ?? 1;
  return { page: Math.max(page, 1), perPage: perPageOf(wholeNumber(query.per_page ?? '')) };
};

/** Where the page begins, kept within what a store can count. */
export const offsetOf = ({ page, perPage }: Paging): number =>
  Math.min((page - 1) * perPage, Number.MAX_SAFE_INTEGER);

export type Meta = {
  readonly first: string;
  readonly last: string;
  readonly next: string | null;
  readonly page: number;
  readonly pages: number;
  readonly per_page: number;
  readonly prev: string | null;
  readonly total: number;
};

const isOurs = (name: string): boolean =>
  name === 'page' || name === 'per_page' || name === 'endpoint' || name.startsWith('_');

/** Parameters of ours alone, written plainly: most query strings are such. */
const onlyOurs = /^(?:(?:page|per_page|endpoint|_\w*)=[^&]*(?:&|$))*$/;

/** The other parameters of a query string, every one of them, in the order given. */
export const otherParameters = (queryString: string): string => {
  if (onlyOurs.test(queryString)) return '';
  const kept = [...new URLSearchParams(queryString)].filter(([name]) => !isOurs(name));
  return new URLSearchParams(kept).toString();
};

/** The facts of a page and absolute links around it; `list` is the list's address up to its final slash. */
export const metaOf = (list: string, others: string, paging: Paging, total: number): Meta => {
  const { page, perPage } = paging;
  const pages = perPage === 0 ? 0 : Math.ceil(total / perPage);
  const tail = others === '' ? '' : `&${others}`;
  const link = (to: number): string => `${list}?page=${to}&per_page=${perPage}${tail}`;
  return {
    first: link(1),
    last: link(pages),
    next: page < pages ? link(page + 1) : null,
    page,
    pages,
    per_page: perPage,
    prev: page > 1 ? link(page - 1) : null,
    total,
  };
};

const link = { type: 'string', format: 'uri-reference' } as const;
const linkOrNull = { type: ['string', 'null'], format: 'uri-reference' } as const;
const count = { type: 'integer', minimum: 0 } as const;

export const metaSchema = {
  $id: 'Meta',
  type: 'object',
  description: 'Where this page stands in the whole list; links repeat every filter given.',
  properties: {
    first: link,
    last: link,
    next: linkOrNull,
    page: count,
    pages: count,
    per_page: count,
    prev: linkOrNull,
    total: { ...count, description: 'Rows in the whole list.' },
  },
  required: ['first', 'last', 'next', 'page', 'pages', 'per_page', 'prev', 'total'],
  additionalProperties: false,
} as const;

/** `page` and `per_page`: numbers by rights, but any text is taken and read as the default. */
export const pagingParameters = {
  page: {
    anyOf: [{ type: 'string' }, { type: 'integer', minimum: 1 }],
    description: 'The page wanted, from 1 (default 1; what is no number above 0 counts as 1).',
    examples: ['2'],
  },
  per_page: {
    anyOf: [{ type: 'string' }, { type: 'integer', minimum: 0, maximum: mostPerPage }],
    description: `Rows a page (default 10, what is no number counts as 10, a negative one as 20, at most ${mostPerPage}).`,
    examples: ['20'],
  },
} as const;
