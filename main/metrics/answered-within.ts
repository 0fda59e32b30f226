import * as E from 'fp-ts/lib/Either.js';

type Late = { readonly code: 'late' };

/**
 * Asks, and waits so many milliseconds; left `late` after that. While an answer is outstanding the
 * question is not asked again: a store that hangs is asked once, not once per scrape.
 */
export const answeredWithin = <A>(
  patience: number,
  ask: () => Promise<E.Either<unknown, A>>,
): (() => Promise<E.Either<unknown, A>>) => {
  let underWay: Promise<E.Either<unknown, A>> | undefined;
  const begin = (): Promise<E.Either<unknown, A>> => {
    const asked = ask()
      .catch((error: unknown) => E.left(error))
      .finally(() => (underWay = undefined));
    underWay = asked;
    return asked;
  };
  return async () => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<E.Either<Late, never>>((done) => {
      timer = setTimeout(() => done(E.left({ code: 'late' })), patience);
    });
    const first = await Promise.race([underWay ?? begin(), late]);
    clearTimeout(timer);
    return first;
  };
};
