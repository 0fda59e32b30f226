import test from 'ava';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { askFinishedImages } from '../../sagas/reconcile/ask-images.ts';
import type { ReconcileDeps } from '../../sagas/reconcile/deps.ts';

test('image builds are listed from a day before the mark, as they are imported late', async (t) => {
  const asked: Array<string> = [];
  const koji = {
    imageBuildsSince: (since: string) => {
      asked.push(since);
      return TE.right([]);
    },
  };
  const deps = { logBegan: '2026-01-01T00:00:00.000Z', outside: { koji } };
  const marks = { readyModules: null, ownTasks: null, ownComposes: null };
  const { signal } = new AbortController();
  const course = { run: 2, begunAt: '2026-11-22T11:00:00.000Z', signal };
  for (const finishedImages of [null, '2026-11-22T10:00:00.000Z']) {
    await askFinishedImages(deps as unknown as ReconcileDeps, {
      ...course,
      marks: { ...marks, finishedImages },
    });
  }
  t.deepEqual(asked, ['2026-01-01T00:00:00.000Z', '2026-11-21T10:00:00.000Z']);
});
