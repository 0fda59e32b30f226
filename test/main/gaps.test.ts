import test from 'ava';
import { gapsAfter, isBehind } from '../../main/backend/gaps.ts';

const after = 300_000;
const began = Date.parse('2026-11-22T12:00:00.000Z');

test('a source that speaks after a silence longer than that has a gap, once', (t) => {
  const gaps = gapsAfter(began, after);
  t.false(gaps.spoke('amqp', began + 1000));
  t.false(gaps.spoke('amqp', began + 1000 + after));
  t.true(gaps.spoke('amqp', began + 2001 + 2 * after));
  t.false(gaps.spoke('amqp', began + 2002 + 2 * after));
});

test('the silence of one source is not broken by another', (t) => {
  const gaps = gapsAfter(began, after);
  t.false(gaps.spoke('feed', began + after));
  t.true(gaps.spoke('amqp', began + after + 1));
});

test('a source that first speaks late was silent since listening began', (t) => {
  t.true(gapsAfter(began, after).spoke('amqp', began + after + 1));
  t.false(gapsAfter(began, after).spoke('amqp', began + after));
});

test('a clock that went back does not make a gap', (t) => {
  const gaps = gapsAfter(began, after);
  t.false(gaps.spoke('amqp', began + after));
  t.false(gaps.spoke('amqp', began - after));
  t.false(gaps.spoke('amqp', began + after + 1));
});

test('a start is behind where the newest message of any live source is older than that', (t) => {
  t.false(isBehind([began - after, began - 1], began, after));
  t.true(isBehind([began - after - 1, began - 1], began, after));
});

test('a start is behind where nothing is known of a source, or there is none', (t) => {
  t.true(isBehind([], began, after));
  t.true(isBehind([began - 1, undefined], began, after));
});

test('a message that came since the start proves nothing of those before', (t) => {
  t.true(isBehind([began], began, after));
  t.true(isBehind([began + 1], began, after));
});
