import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Writer } from './read-models.ts';

/** For so long a lease is kept without a call of the owner's; who is stuck for longer loses it. */
const longestSilence = 300_000;

export type KeptWriter = { readonly writer: Writer; readonly stop: () => void };

/**
 * Keeps the lease of a writer while its owner reads and folds, however long a page takes, until
 * `stop`. Not during a commit, which makes its own lease last; nor for an owner that seems stuck.
 */
export const keepLease = (plain: Writer): KeptWriter => {
  let renewing: Promise<unknown> | undefined;
  let isCommitting = false;
  let called = performance.now();
  const noted = <A extends ReadonlyArray<unknown>, F, B>(
    call: (...args: A) => TaskEither<F, B>,
  ) => {
    return (...args: A): TaskEither<F, B> =>
      () => {
        called = performance.now();
        return call(...args)();
      };
  };
  const timer = setInterval(
    () => {
      const isStuck = performance.now() - called > longestSilence;
      if (isCommitting || renewing !== undefined || isStuck) return;
      // What goes wrong here goes wrong for the owner's next call, which tells it.
      renewing = plain
        .checkpoint()()
        .catch(() => undefined);
      void renewing.finally(() => (renewing = undefined));
    },
    Math.max(plain.lease / 3, 1),
  );
  const commit: Writer['commit'] = (rows, checkpoint) => async () => {
    isCommitting = true;
    try {
      // A renewal in between would be a write in the way of the transaction.
      await renewing;
      return await plain.commit(rows, checkpoint)();
    } finally {
      isCommitting = false;
      called = performance.now();
    }
  };
  const { checkpoint, load, activate } = plain;
  const kept = { checkpoint: noted(checkpoint), load: noted(load), activate: noted(activate) };
  return { writer: { ...plain, ...kept, commit }, stop: () => clearInterval(timer) };
};
