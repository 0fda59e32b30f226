import test from 'ava';
import { artifact } from '../../../domain/artifact/artifact.ts';
import { todo } from '../../../domain/artifact/todo.ts';
import { specify } from '../../support/specify.ts';
import type { Command } from './an-artifact.ts';
import { clock, fulfilled, moved, planned, start, started, state } from './an-artifact.ts';
import { taken, withdrawn } from './an-artifact.ts';
import { planImage } from './an-image.ts';

const given = specify(artifact);
const compose = 'compose:t1';
const waiting = [planImage(), taken(1, 1, { waitsFor: [compose] })] as const;
const impossible: Command<'NoteParent'> = {
  ...{ type: 'NoteParent', trigger: 't1', parent: compose },
  answer: { type: 'impossible', code: 'compose-failed', explanation: 'So it is.' },
};

test('a claim whose compose cannot be had is withdrawn with the code of that', (t) => {
  given(t, ...waiting)
    .when(impossible)
    .then(withdrawn(1, 'compose-failed'));
  given(t, ...waiting, withdrawn(1, 'compose-failed'))
    .when(impossible)
    .thenNothing();
});

test('a dependent whose only parent is not rebuilt is not built for the sake of a compose', (t) => {
  const parent = 'image:base:f28';
  const cause = { ...taken(1).cause, reason: 'dependency' as const };
  const dependent = taken(1, 1, { waitsFor: [parent, compose], cause });
  const explanation = `${parent}, the last it waited for, is not rebuilt for this trigger.`;
  const givenUp = { ...withdrawn(1, 'parent-withdrawn'), explanation };
  const gone: Command<'NoteParent'> = {
    ...{ type: 'NoteParent', trigger: 't1', parent, answer: { type: 'withdrawn' } },
  };
  given(t, planImage(), dependent).when(gone).then(givenUp);
  given(t, planImage(), dependent, fulfilled(1, compose)).when(gone).then(givenUp);
});

test('a compose that nothing waits for any more cannot withdraw anything', (t) => {
  given(t, ...waiting, fulfilled(1, compose))
    .when(impossible)
    .thenNothing();
});

test('a build with nothing but a claim that was withdrawn is to be ended', (t) => {
  t.deepEqual(
    todo(state(...waiting, withdrawn(1, 'compose-failed'))).map(({ type }) => type),
    ['start'],
  );
});

test('a build stays planned while policy defers all of its claims', (t) => {
  given(t, planned(), taken(1))
    .when(start({ deferred: ['t1'], overdueSince: clock('10:04') }))
    .thenNothing();
});

test('claims that policy defers hold up nobody and move to the next build', (t) => {
  given(t, planned(), taken(1), taken(2))
    .when(start({ deferred: ['t1'], build: 2 }))
    .then(
      started(1, ['t2']),
      planned(2, { at: clock('10:05'), notBefore: clock('10:05') }),
      moved(1, 1, 2),
    );
});

test('a deferred claim that waits for a parent as well is not waited for', (t) => {
  given(t, planned(), taken(1, 1, { waitsFor: ['image:base:f28'] }), taken(2))
    .when(start({ deferred: ['t1'], build: 2 }))
    .then(
      started(1, ['t2']),
      planned(2, { at: clock('10:05'), notBefore: clock('10:05') }),
      moved(1, 1, 2),
    );
});
