import test from 'ava';
import { composeAnswer } from '../../../domain/compose/answer.ts';
import { compose } from '../../../domain/compose/compose.ts';
import type { ComposeEvent } from '../../../domain/compose/events.ts';
import { composeIdOf, usableAt } from '../../../domain/compose/state.ts';
import { todo } from '../../../domain/compose/todo.ts';
import { specify } from '../../support/specify.ts';
import * as a from './a-compose.ts';

const given = specify(compose);
const fold = (history: ReadonlyArray<ComposeEvent>) =>
  history.reduce(compose.evolve, compose.initial);
const toDo = (history: ReadonlyArray<ComposeEvent>) => todo(fold(history)).map(({ type }) => type);

const underWay = [a.wanted, a.intended(), a.submitted()];

test('a state that was seen is not noted again, nor one that comes late', (t) => {
  given(t, ...underWay)
    .when(a.observe(7, 1))
    .then(a.observed(7, 1));
  const seen = given(t, ...underWay, a.observed(7, 1));
  seen.when(a.observe(7, 1)).thenNothing();
  seen.when(a.observe(7, 0)).thenNothing();
});

test('a compose of somebody else is nothing to us', (t) => {
  given(t, ...underWay)
    .when(a.observe(8, 4))
    .thenNothing();
});

test('a compose is ready only after ODCS called it done', (t) => {
  given(t, ...underWay, a.observed(7, 1))
    .when(a.noteReady())
    .thenNothing();
  given(t, ...underWay, a.observed(7, 2))
    .when(a.noteReady())
    .then(a.ready());
  given(t, ...a.untilReady)
    .when(a.noteReady())
    .thenNothing();
});

test('a compose that failed is asked for anew while policy allows, then given up', (t) => {
  const once = [a.observed(7, 4), a.failed(1, 7, 'compose-failed')];
  given(t, ...underWay)
    .when(a.observe(7, 4))
    .then(...once, a.retry(2));
  const second = [a.retry(2), a.intended({ attempt: 2 }), a.submitted(2, 8)];
  given(t, ...underWay, ...once, ...second)
    .when(a.observe(8, 4))
    .then(a.observed(8, 4), a.failed(2, 8, 'compose-failed'), a.givenUp('compose-failed'));
});

test('a compose removed before it was ready has failed', (t) => {
  given(t, ...underWay, a.observed(7, 2))
    .when(a.observe(7, 3))
    .then(a.observed(7, 3), a.failed(1, 7, 'compose-removed'), a.retry(2));
});

test('a compose removed after it was ready is asked for anew', (t) => {
  given(t, ...a.untilReady)
    .when(a.observe(7, 3))
    .then(a.observed(7, 3), a.expired());
  const history = [...a.untilReady, a.observed(7, 3), a.expired()];
  t.deepEqual(toDo(history), ['intend']);
  given(t, ...history)
    .when(a.intend({ attempt: 2 }))
    .then(a.intended({ attempt: 2 }));
});

test('a compose that is gone again and again is asked for with pauses', (t) => {
  const again = [
    ...[...a.untilReady, a.expired(), a.intended({ attempt: 2 }), a.submitted(2, 8)],
    ...[a.observed(8, 2), a.ready(8)],
  ];
  given(t, ...again)
    .when(a.observe(8, 3))
    .then(a.observed(8, 3), a.expired(8), a.retry(3));
});

test('a life that is over ends a compose that ODCS has not removed yet', (t) => {
  const { composeId, at } = { composeId: 7, at: a.clock('10:00') };
  const command = { type: 'NoteExpired', reason: 'because', retryAt: a.retryAt } as const;
  given(t, ...a.untilReady)
    .when({ ...command, composeId, at })
    .then(a.expired());
  given(t, ...underWay)
    .when({ ...command, composeId, at })
    .thenNothing();
});

test('a released compose is neither followed nor noted', (t) => {
  given(t, ...a.untilReady, a.released)
    .when(a.observe(7, 3))
    .thenNothing();
  t.deepEqual(toDo([...a.untilReady, a.released]), []);
});

test('a call under way when the compose goes is settled first', (t) => {
  const history = [...a.untilReady, a.intended({ attempt: 2, renews: 7 })];
  given(t, ...history)
    .when(a.observe(7, 3))
    .then(a.observed(7, 3), a.expired());
  t.deepEqual(toDo([...history, a.expired()]), ['settle']);
});

test('a call under way when a second compose goes is settled first, too', (t) => {
  const again = [
    ...[...a.untilReady, a.expired(), a.intended({ attempt: 2 }), a.submitted(2, 8)],
    ...[a.observed(8, 2), a.ready(8), a.intended({ attempt: 3, renews: 8 })],
  ];
  given(t, ...again)
    .when(a.observe(8, 3))
    .then(a.observed(8, 3), a.expired(8));
});

test('a renewal that is answered under a new id is not ready before that is done', (t) => {
  const history = [...a.untilReady, a.intended({ attempt: 2, renews: 7 })];
  t.is(composeAnswer(fold(history)).type, 'ready');
  const renewed = [...history, a.submitted(2, 8)];
  t.is(composeAnswer(fold(renewed)).type, 'waiting');
  t.is(composeIdOf(fold(renewed)), 8);
  t.deepEqual(toDo(renewed), ['follow']);
  const answer = composeAnswer(fold([...renewed, a.observed(8, 2), a.ready(8)]));
  t.deepEqual(answer, { type: 'ready', composeId: 8, repofile: 'http://odcs/7.repo' });
});

test('a compose is waited for until it is ready or given up', (t) => {
  t.is(composeAnswer(compose.initial).type, 'waiting');
  t.is(composeAnswer(fold(underWay)).type, 'waiting');
  const history = [...underWay, a.failed(1, 7, 'compose-failed'), a.givenUp('compose-failed', 'x')];
  t.deepEqual(composeAnswer(fold(history)), {
    ...{ type: 'given-up', code: 'compose-failed', reason: 'compose-failed: x' },
  });
});

test('a compose can be used until its life is over', (t) => {
  t.is(usableAt(fold(a.untilReady), a.clock('19:59'))?.composeId, 7);
  t.is(usableAt(fold(a.untilReady), a.clock('20:00')), null);
  t.is(usableAt(fold(underWay), a.clock('10:00')), null);
});

test('what is to be done follows from the record', (t) => {
  t.deepEqual(toDo([]), []);
  t.deepEqual(toDo([a.wanted]), ['intend']);
  t.deepEqual(toDo([a.wanted, a.intended()]), ['settle']);
  t.deepEqual(toDo(underWay), ['follow']);
  t.deepEqual(toDo(a.untilReady), ['keep']);
  t.deepEqual(toDo([...a.untilReady, a.intended({ attempt: 2, renews: 7 })]), ['settle', 'keep']);
});

test('a retry is due when it was scheduled for', (t) => {
  const history = [a.wanted, a.intended(), a.failed(1, null, 'odcs-unavailable'), a.retry(2)];
  t.deepEqual(
    todo(fold(history)).map(({ due }) => due),
    [a.retryAt],
  );
});

test('wanting it again after its release goes on with what is there', (t) => {
  t.deepEqual(toDo([...a.untilReady, a.released, a.wanted]), ['keep']);
  const other = { ...a.want, order: { ...a.order, packages: ['zsh'] } };
  const history = [...a.untilReady, a.released, { ...other, type: 'ComposeWanted' } as const];
  t.deepEqual(toDo(history), ['intend']);
});
