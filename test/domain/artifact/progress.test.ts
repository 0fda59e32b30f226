import test from 'ava';
import { artifact } from '../../../domain/artifact/artifact.ts';
import { specify } from '../../support/specify.ts';
import {
  building,
  built,
  calling,
  clock,
  failed,
  observe,
  observed,
  planned,
  retried,
  state,
  submitted,
  succeeded,
  taken,
} from './an-artifact.ts';

const given = specify(artifact);
const twoRows = [...calling, submitted([701, 702])] as const;
const conclude = { type: 'ConcludeSuccess', build: 1, at: clock('10:30') } as const;

for (const seen of [0, 1, 2, 3, 5]) {
  test(`state ${seen} of a row of ours is noted once`, (t) => {
    given(t, ...building)
      .when(observe(701, seen))
      .then(observed(701, seen));
    given(t, ...building, observed(701, seen))
      .when(observe(701, seen, { via: 'message' }))
      .thenNothing();
  });
}

const pairs = (least: number, most: number): ReadonlyArray<readonly [number, number]> => {
  const all = Array.from({ length: most - least + 1 }, (_, i) => least + i);
  return all.flatMap((known) =>
    all.filter((seen) => seen < known && known !== 4).map((seen) => [known, seen] as const),
  );
};

test('a row never goes back, in whatever order one is told of it', (t) => {
  for (const [known, seen] of [...pairs(0, 5), [4, 5], [5, 4], [4, 2]] as const) {
    given(t, ...twoRows, observed(701, known))
      .when(observe(701, seen))
      .thenNothing();
  }
});

test('a row that is not of this attempt is not ours to note', (t) => {
  given(t, ...building)
    .when(observe(999, 5))
    .thenNothing();
  given(t, ...calling)
    .when(observe(701, 5))
    .thenNothing();
  given(t, ...building, observed(701, 4), retried(2))
    .when(observe(701, 5))
    .thenNothing();
});

test('a row of a build that has ended, or was never begun, changes nothing', (t) => {
  given(t, ...built)
    .when(observe(701, 4))
    .thenNothing();
  given(t).when(observe(701, 4)).thenNothing();
  given(t, planned(), taken(1)).when(observe(701, 4)).thenNothing();
});

test('a failed row ends the build in the words of the build system', (t) => {
  const reason = 'Component build failed';
  given(t, ...building)
    .when(observe(701, 4, { stateReason: reason }))
    .then(observed(701, 4, reason), { ...failed(), reason });
});

test('a row that failed without a word says so', (t) => {
  given(t, ...building)
    .when(observe(701, 4))
    .then(observed(701, 4), { ...failed(), reason: 'The build system gives no reason.' });
});

test('a failed build is tried again where policy allows', (t) => {
  const again = { ...retried(2), code: 'build-failed', reason: 'Bad luck' } as const;
  given(t, ...building)
    .when(observe(701, 4, { stateReason: 'Bad luck', retries: 1 }))
    .then(observed(701, 4, 'Bad luck'), again);
});

test('a build that failed as often as policy allows has failed', (t) => {
  const second = [observed(701, 4), retried(2), { ...submitted([702]), attempt: 2 }] as const;
  given(t, ...building, ...second)
    .when(observe(702, 4, { stateReason: 'No.', retries: 1 }))
    .then({ ...observed(702, 4, 'No.'), attempt: 2 }, failed());
});

test('tries at submitting use up none of the tries at building', (t) => {
  const before = [...calling, retried(2)] as const;
  given(t, ...before, { ...submitted(), attempt: 2 })
    .when(observe(701, 4, { stateReason: 'No.', retries: 1 }))
    .then(
      { ...observed(701, 4, 'No.'), attempt: 2 },
      { ...retried(3), code: 'build-failed', reason: 'No.' },
    );
});

test('of several rows all must be over before a failed one fails the build', (t) => {
  given(t, ...twoRows)
    .when(observe(701, 4, { stateReason: 'No.' }))
    .then(observed(701, 4, 'No.'));
  given(t, ...twoRows, observed(701, 4, 'No.'))
    .when(observe(702, 3))
    .then(observed(702, 3));
  given(t, ...twoRows, observed(701, 4, 'No.'), observed(702, 3))
    .when(observe(702, 5))
    .then(observed(702, 5), failed());
});

test('a build succeeds when all its rows are ready, once', (t) => {
  given(t, ...building, observed(701, 5))
    .when(conclude)
    .then(succeeded());
  given(t, ...built)
    .when(conclude)
    .thenNothing();
});

test('no success is reported that was not observed', (t) => {
  for (const history of [building, calling, [...building, observed(701, 3)], []]) {
    given(t, ...history)
      .when(conclude)
      .thenNothing();
  }
  given(t, ...twoRows, observed(701, 5))
    .when(conclude)
    .thenNothing();
  given(t, ...building, observed(701, 5))
    .when({ ...conclude, build: 2 })
    .thenNothing();
});

test('ids and commits that were ours at any time are known as ours', (t) => {
  const { ownIds, ownCommits } = state(
    ...[...building, observed(701, 4), retried(2)],
    ...[{ ...submitted([702, 703]), attempt: 2 }, failed()],
  );
  t.deepEqual([ownIds, ownCommits], [[701, 702, 703], { c1: 1 }]);
});
