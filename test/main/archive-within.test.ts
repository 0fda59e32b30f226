import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import { archiveWithin } from '../../main/backend/archive-within.ts';
import type { CatchUp } from '../../sagas/reconcile/deps.ts';

/** Is never done; ends when it is told to. */
const endless: CatchUp = (_, signal) =>
  new Promise((resolve) => {
    const end = (): void => resolve(E.left({ code: 'interrupted', reason: 'it was interrupted' }));
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });

test('an archive that takes too long is left until the next time, and said so', async (t) => {
  const asked = await archiveWithin(endless, 20)('reconcile', new AbortController().signal);
  t.like(asked, { left: { code: 'archive-unfinished' } });
});

test('a stop is a stop, however long it took', async (t) => {
  const asked = await archiveWithin(endless, 600_000)('reconcile', AbortSignal.abort());
  t.like(asked, { left: { code: 'interrupted' } });
});

test('what the archive answers in time is its answer', async (t) => {
  const answer = E.right({ messages: 3, missed: 1 });
  const quick: CatchUp = () => Promise.resolve(answer);
  t.deepEqual(
    await archiveWithin(quick, 600_000)('reconcile', new AbortController().signal),
    answer,
  );
});
