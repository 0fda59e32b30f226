import test from 'ava';
import { artifact } from '../../../domain/artifact/artifact.ts';
import type { ArtifactCommand, ParentAnswer } from '../../../domain/artifact/commands.ts';
import { specify } from '../../support/specify.ts';
import {
  aCause,
  aDependency,
  blocked,
  built,
  canceled,
  dropped,
  failed,
  fulfilled,
  planned,
  rehearsed,
  running,
  started,
  take,
  taken,
  withdrawn,
} from './an-artifact.ts';

const given = specify(artifact);

test('the first claim asks for a number, and with one it plans a build', (t) => {
  given(t).when(take(1)).thenRejected({ code: 'number-needed' });
  given(t)
    .when(take(1, { build: 1 }))
    .then(planned(), taken(1));
});

test('a claim that comes while a build is planned joins it, and uses up no number', (t) => {
  given(t, planned(), taken(1))
    .when(take(2, { build: 9 }))
    .then(taken(2));
  given(t, planned(), taken(1)).when(take(2)).then(taken(2));
});

test('a claim that comes while a build runs plans the next one', (t) => {
  given(t, ...running)
    .when(take(2))
    .thenRejected({ code: 'number-needed' });
  given(t, ...running)
    .when(take(2, { build: 2 }))
    .then(planned(2), taken(2, 2));
});

test('a claim after a finished build plans another', (t) => {
  given(t, ...built)
    .when(take(2, { build: 2 }))
    .then(planned(2), taken(2, 2));
});

test('a claim keeps what it waits for, and a rehearsed one plans a rehearsal', (t) => {
  const waitsFor = ['module:top:1', 'module:side:1'];
  given(t)
    .when(take(1, { build: 1, waitsFor, rehearsal: true }))
    .then(planned(1, { rehearsal: true }), taken(1, 1, { waitsFor }));
});

const histories = {
  'is open': [planned(), taken(1)],
  'is being built': running,
  'was fulfilled': built,
  'has failed': [...running, failed()],
  'was withdrawn': [planned(), taken(1), withdrawn(1, 'not-allowed'), canceled()],
  'was rehearsed': [planned(1, { rehearsal: true }), taken(1), started(1, ['t1']), rehearsed()],
} as const;
for (const [how, history] of Object.entries(histories)) {
  test(`a trigger whose claim ${how} does not claim the artifact again`, (t) => {
    given(t, ...history)
      .when(take(1, { build: 9 }))
      .thenNothing();
  });
}

const [top, side] = ['module:top:1', 'module:side:1'];
const note = (parent: string, answer: ParentAnswer, trigger = 't1'): ArtifactCommand => ({
  ...{ type: 'NoteParent', trigger, parent, answer },
});
const success: ParentAnswer = { type: 'succeeded', name: 'top', build: 90 };
const noLuck: ParentAnswer = { type: 'blocked', code: 'parent-failed' };
const gone: ParentAnswer = { type: 'withdrawn' };
const answers = { success, failure: noLuck, withdrawal: gone };
const waiting = [planned(), taken(1, 1, { cause: aDependency(1), waitsFor: [top] })] as const;
const onTwo = [planned(), taken(1, 1, { cause: aDependency(1), waitsFor: [top, side] })] as const;

test('a parent that succeeded is waited for no longer, and its build is on record', (t) => {
  given(t, ...waiting)
    .when(note(top, success))
    .then(fulfilled(1, top));
  given(t, ...waiting, fulfilled(1, top))
    .when(note(top, success))
    .thenNothing();
});

test('that a parent is blocked is noted once for each code', (t) => {
  given(t, ...waiting)
    .when(note(top, noLuck))
    .then(blocked(1, top));
  given(t, ...waiting, blocked(1, top))
    .when(note(top, noLuck))
    .thenNothing();
  given(t, ...waiting, blocked(1, top))
    .when(note(top, { type: 'blocked', code: 'parent-blocked' }))
    .then(blocked(1, top, 'parent-blocked'));
});

test('a success of a parent that was blocked frees the claim after all', (t) => {
  given(t, ...waiting, blocked(1, top))
    .when(note(top, success))
    .then(fulfilled(1, top));
});

const explanation = `${top}, the last it waited for, is not rebuilt for this trigger.`;
const withdrawal = { ...withdrawn(1, 'parent-withdrawn'), explanation };

test('a dependent whose only parent gave up is withdrawn with it', (t) => {
  given(t, ...waiting)
    .when(note(top, gone))
    .then(withdrawal);
  given(t, ...waiting, withdrawal)
    .when(note(top, gone))
    .thenNothing();
});

test('a dependent one of whose parents gave up goes on waiting for the others', (t) => {
  given(t, ...onTwo)
    .when(note(side, gone))
    .then(dropped(1, side));
  given(t, ...onTwo, dropped(1, side))
    .when(note(side, gone))
    .thenNothing();
});

test('a dependent whose parents gave up one after the other is withdrawn with the last', (t) => {
  given(t, ...onTwo, dropped(1, side))
    .when(note(top, gone))
    .then(withdrawal);
});

test('a dependent one of whose parents was rebuilt is rebuilt, whoever else gives up', (t) => {
  given(t, ...onTwo, fulfilled(1, side))
    .when(note(top, gone))
    .then(dropped(1, top));
});

test('an artifact that is affected itself is rebuilt though all its parents gave up', (t) => {
  given(t, planned(), taken(1, 1, { cause: aCause(1), waitsFor: [top] }))
    .when(note(top, gone))
    .then(dropped(1, top));
});

test('a blocked parent that gives up in the end blocks nothing any more', (t) => {
  given(t, ...onTwo, blocked(1, side), fulfilled(1, top))
    .when(note(side, gone))
    .then(dropped(1, side));
});

for (const [what, answer] of Object.entries(answers)) {
  test(`the ${what} of a parent nothing waits for changes nothing`, (t) => {
    given(t).when(note(top, answer)).thenNothing();
    given(t, ...waiting)
      .when(note(side, answer))
      .thenNothing();
    given(t, ...waiting)
      .when(note(top, answer, 't2'))
      .thenNothing();
    given(t, ...waiting, withdrawn(1, 'not-allowed'))
      .when(note(top, answer))
      .thenNothing();
    given(t, ...built)
      .when(note(top, answer))
      .thenNothing();
  });
}
