import test from 'ava';
import { silentSince } from '../../../domain/silence/silence.ts';

const minute = 60_000;
const silentAfter = 15 * minute;

test('a source is silent from its newest message on, once that is old enough', (t) => {
  const heard = { lastMessageAt: 100 * minute, listeningSince: 0 };
  t.is(silentSince(heard, silentAfter, 115 * minute - 1), undefined);
  t.is(silentSince(heard, silentAfter, 115 * minute), 100 * minute);
});

test('a source that never said anything is silent from when it was listened to', (t) => {
  const heard = { lastMessageAt: undefined, listeningSince: 10 * minute };
  t.is(silentSince(heard, silentAfter, 25 * minute - 1), undefined);
  t.is(silentSince(heard, silentAfter, 25 * minute), 10 * minute);
});

test('a source is not blamed for the time when nobody listened', (t) => {
  const heard = { lastMessageAt: 0, listeningSince: 1000 * minute };
  t.is(silentSince(heard, silentAfter, 1001 * minute), undefined);
  t.is(silentSince(heard, silentAfter, 1015 * minute), 1000 * minute);
});

test('a clock that was set back makes no source silent', (t) => {
  const heard = { lastMessageAt: 500 * minute, listeningSince: 499 * minute };
  t.is(silentSince(heard, silentAfter, 10 * minute), undefined);
});
