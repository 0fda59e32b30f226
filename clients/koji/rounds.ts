import * as E from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import type { Read } from './hub.ts';
import type { ImageAnswer, KojiFailure } from './port.ts';
import { multiCall, shaped, type Result, type SubAnswer, type SubCall } from './read.ts';

type None = Extract<ImageAnswer, { readonly type: 'none' }>;

/** One of several items on its way, or why it went no further. */
export type Step<A> = E.Either<None, A>;

export const none = (code: None['code'], reason: string): E.Either<None, never> =>
  E.left({ type: 'none', code, reason });

/** A failure of one sub-call, which another try would only repeat. */
const settled = (failure: KojiFailure): None => ({
  type: 'none',
  code: failure.code === 'koji-missing' ? 'missing' : 'unreadable',
  reason: failure.reason,
});

/** The answer at a place of an item's answers, held to its shape. */
export const answerAt = <A>(
  answers: ReadonlyArray<SubAnswer>,
  place: number,
  codec: t.Decoder<unknown, A>,
): Step<A> => {
  const answer = answers[place];
  if (answer === undefined) throw new Error(`no sub-call was made for answer ${place}`);
  return E.mapLeft(settled)(E.chain(shaped(codec, 'a sub-call'))(answer));
};

export type Round<A, B> = {
  readonly calls: (item: A) => ReadonlyArray<SubCall>;
  readonly next: (item: A, answers: ReadonlyArray<SubAnswer>) => Step<B>;
  /** Sub-calls of one multiCall. */
  readonly most: number;
};

/** Asks the calls of all items together; those that stopped before are passed on as they are. */
export const round = async <A, B>(
  read: Read,
  items: ReadonlyArray<Step<A>>,
  { calls, next, most }: Round<A, B>,
): Result<ReadonlyArray<Step<B>>> => {
  const asked = items.map((item) => (E.isRight(item) ? calls(item.right) : []));
  const answers = await multiCall(read, asked.flat(), most);
  if (E.isLeft(answers)) return answers;
  let from = 0;
  const stepped = items.map((item, at): Step<B> => {
    const own = answers.right.slice(from, from + (asked[at]?.length ?? 0));
    from += own.length;
    return E.isRight(item) ? next(item.right, own) : item;
  });
  return E.right(stepped);
};
