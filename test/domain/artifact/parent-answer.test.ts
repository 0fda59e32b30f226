import test from 'ava';
import { parentAnswer } from '../../../domain/artifact/parent-answer.ts';
import type { ArtifactEvent } from '../../../domain/artifact/events.ts';
import {
  aDependency,
  blocked,
  built,
  canceled,
  failed,
  fulfilled,
  planned,
  rehearsed,
  running,
  started,
  state,
  succeeded,
  taken,
  withdrawn,
} from './an-artifact.ts';

const answer = (history: ReadonlyArray<ArtifactEvent>, trigger = { id: 't1', number: 1 }) =>
  parentAnswer(state(...history), trigger);
const success = (build: number) => ({ type: 'succeeded', name: 'nodejs', build }) as const;
const failure = { type: 'blocked', code: 'parent-failed' } as const;

test('a parent the trigger has not reached yet has no answer', (t) => {
  t.is(answer([]), undefined);
  t.is(answer(built, { id: 't2', number: 2 }), undefined);
});

test('a parent that was built for the trigger answers with that build', (t) => {
  t.deepEqual(answer(built), success(1));
});

test('a parent that is planned or being built has no answer yet', (t) => {
  t.is(answer([planned(), taken(1)]), undefined);
  t.is(answer(running), undefined);
});

test('a rehearsed parent answers a rehearsed child', (t) => {
  const history = [planned(1, { rehearsal: true }), taken(1), started(1, ['t1']), rehearsed()];
  t.deepEqual(answer(history), success(1));
});

test('a parent whose build failed blocks its children', (t) => {
  t.deepEqual(answer([...running, failed()]), failure);
});

test('a parent that was cancelled blocks its children', (t) => {
  t.deepEqual(answer([...running, canceled()]), failure);
});

const waiting = [planned(), taken(1, 1, { cause: aDependency(1), waitsFor: ['module:top:1'] })];

test('a parent that is blocked itself blocks its children, until it is freed', (t) => {
  const stuck = [...waiting, blocked(1, 'module:top:1')];
  t.deepEqual(answer(stuck), { type: 'blocked', code: 'parent-blocked' });
  t.is(answer([...stuck, fulfilled(1, 'module:top:1')]), undefined);
});

test('a parent whose claim was withdrawn says so', (t) => {
  t.deepEqual(answer([planned(), taken(1), withdrawn(1, 'not-allowed'), canceled()]), {
    type: 'withdrawn',
  });
});

const next = (afterTrigger: number) => [
  ...[planned(2), taken(2, 2), started(2, ['t2'], afterTrigger), succeeded(2)],
];

test('after a failed build, one that began after the trigger frees the children', (t) => {
  t.deepEqual(answer([...running, failed(), ...next(1)]), success(2));
});

test('a success that began before the trigger frees nobody', (t) => {
  const history = [...next(4), planned(3), taken(5, 3), started(3, ['t5']), failed(3)];
  t.deepEqual(answer(history, { id: 't5', number: 5 }), failure);
});

test('a parent withdrawn for this trigger and built after it answers with that build', (t) => {
  const gone = [planned(), taken(1), withdrawn(1, 'not-allowed'), canceled()];
  t.deepEqual(answer([...gone, ...next(1)]), success(2));
});

test('while its own claim is open, no other build of the parent will do', (t) => {
  t.is(answer([...waiting, ...next(9)]), undefined);
});

test('a build for the trigger is preferred to a later one', (t) => {
  t.deepEqual(answer([...built, ...next(9)]), success(1));
});

test('of several later builds the newest is the answer', (t) => {
  const newest = [planned(3), taken(3, 3), started(3, ['t3'], 3), succeeded(3)];
  t.deepEqual(answer([...running, failed(), ...next(2), ...newest]), success(3));
});
