import * as E from 'fp-ts/lib/Either.js';
import type { Hindrance } from '../act.ts';
import type { IndexFailure } from '../open-work.ts';

const behind: Hindrance = { code: 'index-behind', reason: 'An index is catching up.' };

/** An answer counts only when the index has seen everything up to `needed`. */
export const upTo = <A extends { readonly asOf: string }>(
  needed: string,
  answer: E.Either<IndexFailure, A>,
): E.Either<Hindrance, A> =>
  E.isRight(answer) && answer.right.asOf < needed ? E.left(behind) : answer;

/** The position that all of these answers had seen. */
export const oldest = (positions: ReadonlyArray<string>, otherwise: string): string =>
  positions.reduce((least, each) => (each < least ? each : least), positions[0] ?? otherwise);
