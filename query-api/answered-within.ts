import * as E from 'fp-ts/lib/Either.js';

type Late = { readonly code: 'late'; readonly reason: string };
type Thrown = { readonly code: 'failed'; readonly reason: string };

const thrown = (error: unknown): E.Either<Thrown, never> =>
  E.left({ code: 'failed', reason: error instanceof Error ? error.message : String(error) });

/**
 * Asks, and waits so many milliseconds; left `late` after that. While an answer is outstanding the
 * question is not asked again: a store that hangs is asked once, not once per scrape.
 */
export const answeredWithin = <F, A>(
  patience: number,
  ask: () => Promise<E.Either<F, A>>,
): (() => Promise<E.Either<F | Late | Thrown, A>>) => {
  type Answer = E.Either<F | Late | Thrown, A>;
  const tooLate: Answer = E.left({
    ...{ code: 'late', reason: `did not answer in ${patience / 1000} s` },
  });
  let underWay: Promise<Answer> | undefined;
  const begin = (): Promise<Answer> => {
    const asked = ask()
      .catch(thrown)
      .finally(() => (underWay = undefined));
    underWay = asked;
    return asked;
  };
  return async () => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Answer>((done) => {
      timer = setTimeout(() => done(tooLate), patience);
    });
    const first = await Promise.race([underWay ?? begin(), late]);
    clearTimeout(timer);
    return first;
  };
};
