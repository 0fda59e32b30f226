import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import { catchUp } from '../../../domain/catch-up/catch-up.ts';
import { coveredTo } from '../../../domain/catch-up/coverage.ts';
import type { CatchUpEvent } from '../../../domain/catch-up/events.ts';
import { specify } from '../../support/specify.ts';
import { advanced, at, begun, claimBy, completed, progress } from './a-catch-up.ts';

const given = specify(catchUp);

const folded = (...events: ReadonlyArray<CatchUpEvent>) =>
  events.reduce(catchUp.evolve, catchUp.initial);

const codeOf = (decided: ReturnType<typeof catchUp.decide>): string =>
  E.isLeft(decided) ? decided.left.code : 'accepted';

test('who claims first begins', (t) => {
  given(t).when(claimBy('a', 5)).then(begun);
});

test('an order says on record who gave it', (t) => {
  given(t)
    .when(claimBy('a', 5, { why: 'order', by: 'ann' }))
    .then({ ...begun, why: 'order', by: 'ann' } as CatchUpEvent);
});

test('while one is at it and alive, nobody else is', (t) => {
  const decided = catchUp.decide(claimBy('b', 6), folded(begun));
  t.is(codeOf(decided), 'under-way');
  t.like(E.isLeft(decided) ? decided.left : {}, { owner: 'a', deadline: at(7) });
});

test('what was not brought to its end in time is taken over, and goes on where it was', (t) => {
  const takenOver: CatchUpEvent = {
    ...{ type: 'CatchUpTakenOver', run: 1, owner: 'b', deadline: at(10) },
  };
  given(t, begun, advanced).when(claimBy('b', 8)).then(takenOver);
  const { running } = folded(begun, advanced, takenOver).byItself;
  t.deepEqual(running?.progress, progress);
  t.is(running?.owner, 'b');
});

test('the owner goes on without a word while its deadline lasts', (t) => {
  given(t, begun).when(claimBy('a', 6)).thenNothing();
});

test('progress keeps a run its owner\u2019s for longer', (t) => {
  t.is(codeOf(catchUp.decide(claimBy('b', 7), folded(begun, advanced))), 'under-way');
});

test('one that was overtaken hears of it and says no more', (t) => {
  const state = folded(begun, { type: 'CatchUpTakenOver', run: 1, owner: 'b', deadline: at(10) });
  const advance = { type: 'Advance', run: 1, owner: 'a', deadline: at(12), progress } as const;
  const complete = { type: 'Complete', run: 1, owner: 'a', messages: 1, missed: 1 } as const;
  t.is(codeOf(catchUp.decide(advance, state)), 'not-the-owner');
  t.is(codeOf(catchUp.decide(complete, state)), 'not-the-owner');
});

test('how far it is goes on record once', (t) => {
  const advance = { type: 'Advance', run: 1, owner: 'a', deadline: at(8), progress } as const;
  given(t, begun).when(advance).then(advanced);
  given(t, begun, advanced).when(advance).thenNothing();
});

test('a completed run tells what had been missed and what was seen before', (t) => {
  given(t, begun, advanced)
    .when({ type: 'Complete', run: 1, owner: 'a', messages: 400, missed: 5 })
    .then(completed);
});

test('what is complete is covered up to the end of its window', (t) => {
  const state = folded(begun, advanced, completed);
  t.is(state.covered.all, at(5));
  t.is(state.byItself.running, null);
  t.deepEqual(state.byItself.last, {
    ...{ run: 1, from: at(0), to: at(5), topics: [], messages: 400, missed: 5 },
  });
});

test('a window that was reckoned from what holds no more is refused', (t) => {
  const state = folded(begun, completed);
  t.is(codeOf(catchUp.decide(claimBy('b', 9), state)), 'outdated');
  const anew = catchUp.decide(claimBy('b', 9, { coveredTo: at(5) }), state);
  t.like(E.isRight(anew) ? anew.right[0] : {}, { type: 'CatchUpBegun', run: 2 });
});

test('a run that was given up covers nothing, and the next begins anew', (t) => {
  const abandon = { type: 'Abandon', run: 1, owner: 'a', code: 'c', reason: 'r' } as const;
  const abandoned: CatchUpEvent = { type: 'CatchUpAbandoned', run: 1, code: 'c', reason: 'r' };
  given(t, begun, advanced).when(abandon).then(abandoned);
  t.is(folded(begun, advanced, abandoned).covered.all, null);
  given(t, begun, advanced, abandoned)
    .when(claimBy('b', 5))
    .then({ ...begun, run: 2, owner: 'b' } as CatchUpEvent);
});

const ordered = (run: number, from: string, to: string): ReadonlyArray<CatchUpEvent> => [
  { ...begun, run, why: 'order', by: 'ann', from, to } as CatchUpEvent,
  { ...completed, run },
];

test('an order counts as covered only where it leaves no hole', (t) => {
  const before = [begun, completed];
  t.is(folded(...before, ...ordered(2, at(4), at(9))).covered.all, at(9));
  t.is(folded(...before, ...ordered(2, at(6), at(9))).covered.all, at(5));
  t.is(folded(...before, ...ordered(2, at(1), at(3))).covered.all, at(5));
  t.is(folded(...ordered(1, at(0), at(9))).covered.all, null);
});

const asking = (topics: ReadonlyArray<string>) => ({ ...begun, topics }) as CatchUpEvent;

test('what was fetched of some topics covers those, and no others', (t) => {
  const { covered } = folded(asking(['x', 'y']), completed);
  t.is(coveredTo(covered, ['x']), at(5));
  t.is(coveredTo(covered, ['y', 'x']), at(5));
  t.is(coveredTo(covered, ['x', 'z']), null);
  t.is(coveredTo(covered, []), null);
});

test('of several topics the one that is covered least counts', (t) => {
  const later = { ...asking(['x']), run: 2, from: at(5), to: at(9) } as CatchUpEvent;
  const events = [asking(['x', 'y']), completed, later, { ...completed, run: 2 }];
  const { covered } = folded(...events);
  t.is(coveredTo(covered, ['x']), at(9));
  t.is(coveredTo(covered, ['x', 'y']), at(5));
});

test('a claim for topics that were never asked for begins with those, from nothing', (t) => {
  const state = folded(asking(['x']), completed);
  const stale = claimBy('b', 9, { topics: ['x', 'z'], coveredTo: at(5) });
  t.is(codeOf(catchUp.decide(stale, state)), 'outdated');
  const anew = catchUp.decide(claimBy('b', 9, { topics: ['x', 'z'] }), state);
  t.like(E.isRight(anew) ? anew.right[0] : {}, { type: 'CatchUpBegun', topics: ['x', 'z'] });
});

test('an order of all topics counts only where it leaves no hole behind any', (t) => {
  const all = [begun, completed];
  const later = { ...asking(['x']), run: 2, from: at(5), to: at(8) } as CatchUpEvent;
  const some = [...all, later, { ...completed, run: 2 }];
  t.is(folded(...some, ...ordered(3, at(4), at(7))).covered.all, at(5));
  t.is(folded(...some, ...ordered(3, at(4), at(9))).covered.all, at(9));
  t.is(folded(...some, ...ordered(3, at(6), at(9))).covered.all, at(5));
});

const order = { ...begun, why: 'order', by: 'ann' } as CatchUpEvent;

test('an order that was left half-way holds up nothing, and only an order goes on with it', (t) => {
  const second = { ...begun, run: 2, owner: 'b' } as CatchUpEvent;
  given(t, order, advanced).when(claimBy('b', 5)).then(second);
  const state = folded(order, advanced, second);
  t.like(state.ordered.running, { run: 1, progress });
  const again = catchUp.decide(claimBy('c', 9, { why: 'order', by: 'bob' }), state);
  t.like(E.isRight(again) ? again.right[0] : {}, { type: 'CatchUpTakenOver', run: 1 });
});

test('an order is cancelled once nobody is at it', (t) => {
  const cancel = (minute: number) => ({ type: 'Cancel', by: 'ann', now: at(minute) }) as const;
  given(t).when(cancel(9)).thenNothing();
  given(t, begun).when(cancel(9)).thenNothing();
  t.is(codeOf(catchUp.decide(cancel(6), folded(order))), 'under-way');
  const decided = catchUp.decide(cancel(7), folded(order));
  t.like(E.isRight(decided) ? decided.right[0] : {}, { type: 'CatchUpAbandoned', run: 1 });
});
