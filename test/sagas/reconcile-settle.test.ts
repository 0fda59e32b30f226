import { randomUUID } from 'node:crypto';
import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import type { Question } from '../../domain/reconcile/vocabulary.ts';
import type { Differing } from '../../sagas/reconcile/examine-all.ts';
import type { ReconcileDeps } from '../../sagas/reconcile/deps.ts';
import { claim } from '../../sagas/reconcile/claim.ts';
import { difference } from '../../sagas/reconcile/question.ts';
import { settle } from '../../sagas/reconcile/settle.ts';
import { aLog, anIngest } from '../support/ingest-world.ts';
import { must } from '../support/service.ts';

const many = (
  question: Question,
  action: 'look' | 'none',
  count: number,
): ReadonlyArray<Differing> =>
  Array.from({ length: count }, (_, externalId) => ({
    question,
    thing: { examine: () => Promise.resolve(E.right(undefined)) },
    outcome: E.right(
      difference({
        ...{ system: 'koji', code: 'unknown-to-us', subject: 's', action, externalId },
        stream: question,
      }),
    ),
  }));

test('more differences than a run writes down hold back only the list they would be mended of', async (t) => {
  const hand = { ...anIngest(await aLog(t)), newId: randomUUID };
  const deps = {
    ...{ hand, cache: new Map(), realm: 'real', owner: 'me', patience: 60_000 },
    ...{ monotonic: () => 0, logBegan: hand.now() },
  } as unknown as ReconcileDeps;
  const claimed = must(await claim(deps, { seen: null }, { why: 'order' }));
  if (claimed.type !== 'ours') return t.fail();
  const { run, begunAt } = claimed.run;
  const course = { run, begunAt, marks: claimed.marks, signal: new AbortController().signal };
  const answer = { count: 1, things: [] };
  const asked = [
    { question: 'own-tasks', answer: { ...answer, mark: { ownTasks: 'T' } } },
    { question: 'finished-images', answer: { ...answer, mark: { finishedImages: 'T' } } },
  ] as const;

  const named = must(await settle(deps, course, asked, many('own-tasks', 'none', 1005)));
  t.like(named, { left: 5, marks: { ownTasks: 'T', finishedImages: 'T' } });

  const both = [...many('own-tasks', 'none', 1005), ...many('finished-images', 'look', 1001)];
  const mended = must(await settle(deps, course, asked, both));
  t.like(mended, { left: 1006, marks: { ownTasks: 'T', finishedImages: null } });
});
