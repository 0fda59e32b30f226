import * as E from 'fp-ts/lib/Either.js';
import { defer, from, lastValueFrom } from 'rxjs';
import { mergeMap, toArray } from 'rxjs/operators';

/** Does something for each, so many at a time; all results in their order, or the first failure. */
export const forEach = async <A, B, F>(
  items: ReadonlyArray<A>,
  atOnce: number,
  act: (item: A) => Promise<E.Either<F, B>>,
): Promise<E.Either<F, ReadonlyArray<B>>> => {
  let failure: E.Left<F> | undefined;
  const results = new Map<number, B>();
  const acting = from(items.entries()).pipe(
    mergeMap(
      ([place, item]) =>
        defer(async () => {
          if (failure !== undefined) return;
          const done = await act(item);
          if (E.isLeft(done)) failure ??= done;
          else results.set(place, done.right);
        }),
      atOnce,
    ),
    toArray(),
  );
  await lastValueFrom(acting);
  if (failure !== undefined) return failure;
  const inOrder = [...results].sort(([one], [other]) => one - other);
  return E.right(inOrder.map(([, result]) => result));
};
