import test from 'ava';
import type { ArtifactEvent } from '../../../domain/artifact/events.ts';
import { todo } from '../../../domain/artifact/todo.ts';
import {
  blocked,
  building,
  built,
  calling,
  canceled,
  clock,
  committed,
  failed,
  fulfilled,
  intended,
  moved,
  observed,
  planned,
  retried,
  running,
  started,
  state,
  submitted,
  succeeded,
  taken,
  takenOver,
  withdrawn,
} from './an-artifact.ts';

const todos = (...history: ReadonlyArray<ArtifactEvent>) =>
  todo(state(...history)).map(({ type, due }) => [type, due]);
const waits = { waitsFor: ['module:top:1'] };
const window = clock('10:01');

test('there is nothing to do for an artifact nobody claims, or that was built', (t) => {
  t.deepEqual(todos(), []);
  t.deepEqual(todos(...built), []);
  t.deepEqual(todos(...running, failed()), []);
});

test('a planned build is to start when its quiet window is over', (t) => {
  t.deepEqual(todos(planned(), taken(1)), [['start', window]]);
});

test('parents are to be asked, and nothing starts, while every claim waits', (t) => {
  t.deepEqual(todos(planned(), taken(1, 1, waits)), [['ask-parents', null]]);
  t.deepEqual(todos(planned(), taken(1, 1, waits), blocked(1, 'module:top:1')), [
    ['ask-parents', null],
  ]);
});

test('a build is to start once one of its claims is ready', (t) => {
  t.deepEqual(todos(planned(), taken(1, 1, waits), fulfilled(1, 'module:top:1')), [
    ['start', window],
  ]);
  t.deepEqual(todos(planned(), taken(1), taken(2, 1, waits)), [
    ['ask-parents', null],
    ['start', window],
  ]);
});

test('a planned build without any claim is to be ended', (t) => {
  t.deepEqual(todos(planned(), taken(1), withdrawn(1, 'not-allowed')), [['start', window]]);
  t.deepEqual(todos(planned(), taken(1, 1, waits), withdrawn(1, 'parent-withdrawn')), [
    ['start', window],
  ]);
});

test('step by step, a running build has one thing to do', (t) => {
  t.deepEqual(todos(...running), [['prepare-commit', null]]);
  t.deepEqual(todos(...committed), [['intend', null]]);
  t.deepEqual(todos(...calling), [['settle', null]]);
  t.deepEqual(todos(...building), [['follow', null]]);
  t.deepEqual(todos(...building, observed(701, 3)), [['follow', null]]);
  t.deepEqual(todos(...building, observed(701, 5)), [['conclude', null]]);
});

test('a build of several rows is followed until all of them are ready', (t) => {
  const two = [...calling, submitted([701, 702]), observed(701, 5)];
  t.deepEqual(todos(...two), [['follow', null]]);
  t.deepEqual(todos(...two, observed(702, 5)), [['conclude', null]]);
});

test('another attempt begins when its time has come', (t) => {
  t.deepEqual(todos(...calling, retried(2)), [['prepare-commit', clock('10:10')]]);
});

test('while a build runs the next one does not start, but its parents are asked', (t) => {
  t.deepEqual(todos(...building, planned(2), taken(2, 2)), [['follow', null]]);
  t.deepEqual(todos(...building, planned(2), taken(2, 2, waits)), [
    ['follow', null],
    ['ask-parents', null],
  ]);
});

test('the end of a build leaves the next one planned', (t) => {
  const next = [planned(2), taken(2, 2)];
  t.deepEqual(todos(...building, ...next, succeeded()), [['start', window]]);
  t.deepEqual(todos(...building, ...next, failed()), [['start', window]]);
});

test('a planned build that is cancelled is planned no more', (t) => {
  t.deepEqual(todos(planned(), taken(1), withdrawn(1, 'not-allowed'), canceled()), []);
  const beside = [
    ...building,
    planned(2),
    taken(2, 2),
    withdrawn(2, 'not-allowed', 2),
    canceled(2),
  ];
  t.deepEqual(todos(...beside), [['follow', null]]);
});

test('a call that was taken over keeps its key', (t) => {
  const [next] = todo(state(...calling, takenOver('other')));
  t.deepEqual(next?.type === 'settle' ? next.intent : next, {
    ...{ key: 'k', owner: 'other', callTimeout: 2000 },
  });
});

test('what does not fit what was told before changes nothing', (t) => {
  for (const stray of [moved(9, 1, 2), withdrawn(9, 'x'), fulfilled(9, 'module:top:1')]) {
    t.deepEqual(state(...running, stray), state(...running));
  }
  for (const stray of [intended('me', 9), submitted([], 9), retried(2, 9)]) {
    t.deepEqual(state(...running, stray), state(...running));
    t.deepEqual(state(stray), state());
  }
});

test('only claims of the planned build are asked about, moved ones among them', (t) => {
  const left = [planned(2), moved(2, 1, 2)];
  const history = [planned(), taken(1), taken(2, 1, waits), started(1, ['t1']), ...left];
  const asked = todo(state(...history)).flatMap((next) =>
    next.type === 'ask-parents' ? next.claims.map(({ cause }) => cause.trigger) : [],
  );
  t.deepEqual(asked, ['t2']);
});
