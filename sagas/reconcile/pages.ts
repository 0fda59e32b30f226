import * as E from 'fp-ts/lib/Either.js';
import type { Hindrance } from '../act.ts';

/** A page of a list, and whether there are more. */
export type Listed<Item> = { readonly items: ReadonlyArray<Item>; readonly isLast: boolean };

/** Everything read of a list; `failure` where it could not be read to its end. */
export type AllPages<Item> = {
  readonly items: ReadonlyArray<Item>;
  readonly failure?: Hindrance;
};

/** Pages of one list in one run. More is not compared but told, with what helps. */
const mostPages = 200;

const tooMany: Hindrance = {
  code: 'too-many',
  reason: `There are over ${mostPages} pages since the last time. Those were compared; what stands after them was not, and is not by the next run either: freshmaker backfill learns contents, and a lost message is acted on by freshmaker replay --act.`,
};
const interrupted: Hindrance = { code: 'interrupted', reason: 'The run was stopped.' };

/** Reads a list page by page (0, 1, 2 …) to its end; what was read before a failure counts. */
export const allPages = async <Item>(
  signal: AbortSignal,
  read: (page: number) => Promise<E.Either<Hindrance, Listed<Item>>>,
): Promise<AllPages<Item>> => {
  const items: Array<Item> = [];
  for (let page = 0; page < mostPages; page += 1) {
    if (signal.aborted) return { items, failure: interrupted };
    const listed = await read(page);
    if (E.isLeft(listed)) return { items, failure: listed.left };
    items.push(...listed.right.items);
    if (listed.right.isLast) return { items };
  }
  return { items, failure: tooMany };
};
