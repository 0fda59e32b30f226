import * as E from 'fp-ts/lib/Either.js';
import type { Found } from './found.ts';
import type { DatagrepperFailure, Question, Search } from './search.ts';

/**
 * One page. Where it is more than we take at once it is asked for in ten pages of a tenth, and so on
 * down to single messages.
 */
export const readPage = async (
  search: Search,
  question: Question,
  signal: AbortSignal,
): Promise<E.Either<DatagrepperFailure, Found>> => {
  const whole = await search(question, signal)();
  const { rows, page } = question;
  if (E.isRight(whole) || whole.left.code !== 'datagrepper-too-large' || rows < 10) return whole;
  const messages: Array<Found['messages'][number]> = [];
  let pages = 0;
  for (let tenth = 1; tenth <= 10; tenth += 1) {
    const at = (page - 1) * 10 + tenth;
    const part = await readPage(search, { ...question, rows: rows / 10, page: at }, signal);
    if (E.isLeft(part)) return part;
    messages.push(...part.right.messages);
    pages = Math.ceil(part.right.pages / 10);
    if (at >= part.right.pages) break;
  }
  return E.right({ pages, messages });
};
