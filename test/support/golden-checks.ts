import { isDeepStrictEqual } from 'node:util';

/** One assertion of a recorded exchange: `[op, path, value]`, or `['status', value]`. */
export type Check = readonly [string, ...ReadonlyArray<unknown>];

const step = (values: ReadonlyArray<unknown>, key: string): ReadonlyArray<unknown> =>
  values.flatMap((value): ReadonlyArray<unknown> => {
    if (key === '*') return Array.isArray(value) ? (value as ReadonlyArray<unknown>) : [];
    if (typeof value !== 'object' || value === null || !(key in value)) return [];
    return [(value as Readonly<Record<string, unknown>>)[key]];
  });

/** The values a path such as `items[*].id` reaches. */
export const reached = (body: unknown, path: unknown): ReadonlyArray<unknown> =>
  (typeof path === 'string' ? path : '')
    .split(/[.[\]]+/)
    .filter(Boolean)
    .reduce(step, [body]);

type Counted = { readonly where: readonly [string, unknown]; readonly n: number };

const listed = (value: unknown): ReadonlyArray<unknown> =>
  Array.isArray(value) ? (value as ReadonlyArray<unknown>) : [];

const same = isDeepStrictEqual;

const countIs = (found: ReadonlyArray<unknown>, { where: [key, value], n }: Counted): boolean =>
  listed(found[0]).filter((item) => same(reached(item, key)[0], value)).length === n;

const tests: Readonly<Record<string, (found: ReadonlyArray<unknown>, value: unknown) => boolean>> =
  {
    eq: ([one], value) => same(one, value),
    body: ([one], value) => same(one, value),
    all: (found, value) => same(found, value),
    len: ([one], value) => Array.isArray(one) && one.length === value,
    absent: (found) => found.length === 0,
    starts: ([one], value) => typeof one === 'string' && one.startsWith(String(value)),
    contains: ([one], value) => typeof one === 'string' && one.includes(String(value)),
    superset: (found, value) => listed(value).every((one) => found.some((each) => same(each, one))),
    count: (found, value) => countIs(found, value as Counted),
  };

/** Whether an answer passes one check; a check nobody knows is a failure. */
export const passes = (status: number, body: unknown, [op, ...rest]: Check): boolean => {
  if (op === 'status') return status === rest[0];
  return tests[op]?.(reached(body, rest[0]), rest[1]) ?? false;
};
