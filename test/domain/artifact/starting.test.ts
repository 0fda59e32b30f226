import test from 'ava';
import { artifact } from '../../../domain/artifact/artifact.ts';
import { specify } from '../../support/specify.ts';
import {
  blocked,
  built,
  canceled,
  clock,
  moved,
  planned,
  rehearsed,
  running,
  start,
  started,
  taken,
  withdrawn,
} from './an-artifact.ts';

const given = specify(artifact);
const top = ['module:top:1'];
const no = { code: 'denied-by-rule', explanation: 'So it is.' };
const denied = [{ trigger: 't1', ...no }];
const noCauseLeft = {
  ...canceled(),
  reason: 'No cause is left that policy allows.',
  at: clock('10:05'),
} as const;

test('nothing planned, nothing starts', (t) => {
  given(t).when(start()).thenNothing();
  given(t, ...built)
    .when(start())
    .thenNothing();
});

test('a planned build starts with all the claims that are ready', (t) => {
  given(t, planned(), taken(1), taken(2))
    .when(start())
    .then(started(1, ['t1', 't2']));
});

test('a planned build does not start before its quiet window is over', (t) => {
  given(t, planned(), taken(1))
    .when(start({ at: clock('10:00') }))
    .thenNothing();
  given(t, planned(), taken(1))
    .when(start({ at: clock('10:01') }))
    .then({ ...started(1, ['t1']), at: clock('10:01') });
});

test('of one artifact nothing starts while a build of it runs', (t) => {
  given(t, ...running, planned(2), taken(2, 2))
    .when(start())
    .thenNothing();
});

test('the next build starts when the one before it has ended', (t) => {
  given(t, ...built, planned(2), taken(2, 2))
    .when(start())
    .then(started(2, ['t2']));
});

test('a build none of whose claims is ready does not start, however long it has waited', (t) => {
  given(t, planned(), taken(1, 1, { waitsFor: top }))
    .when(start({ overdueSince: clock('10:04') }))
    .thenNothing();
});

test('ready claims wait for those whose parents are still on their way', (t) => {
  given(t, planned(), taken(1), taken(2, 1, { waitsFor: top }))
    .when(start())
    .thenNothing();
});

test('when the oldest claim is overdue, the ready ones go and the rest move to the next build', (t) => {
  const history = [planned(), taken(1), taken(2, 1, { waitsFor: top })];
  const overdueSince = clock('10:00');
  given(t, ...history)
    .when(start({ overdueSince }))
    .thenRejected({ code: 'number-needed' });
  given(t, ...history)
    .when(start({ overdueSince, build: 2 }))
    .then(
      started(1, ['t1']),
      planned(2, { at: clock('10:05'), notBefore: clock('10:05') }),
      moved(2, 1, 2),
    );
});

test('the oldest claim is the one that counts, and not the newest', (t) => {
  const first = taken(1, 1, { at: clock('08:00') });
  given(t, planned(), first, taken(2, 1, { waitsFor: top }))
    .when(start({ build: 2 }))
    .then(
      started(1, ['t1']),
      planned(2, { at: clock('10:05'), notBefore: clock('10:05') }),
      moved(2, 1, 2),
    );
});

test('a claim that is blocked holds up nobody and moves to the next build', (t) => {
  given(t, planned(), taken(1), taken(2, 1, { waitsFor: top }), blocked(2, 'module:top:1'))
    .when(start({ build: 2 }))
    .then(
      started(1, ['t1']),
      planned(2, { at: clock('10:05'), notBefore: clock('10:05') }),
      moved(2, 1, 2),
    );
});

test('however old a blocked claim is, claims with parents on their way are waited for', (t) => {
  given(
    t,
    planned(),
    taken(1, 1, { waitsFor: top, at: clock('08:00') }),
    blocked(1, 'module:top:1'),
    taken(2),
    taken(3, 1, { waitsFor: ['module:side:1'] }),
  )
    .when(start({ build: 2 }))
    .thenNothing();
});

test('a claim that policy denies by now is withdrawn and the others are built', (t) => {
  given(t, planned(), taken(1), taken(2))
    .when(start({ denied }))
    .then(withdrawn(1, 'denied-by-rule'), started(1, ['t2']));
});

test('a denied claim is withdrawn also where the others still have to wait', (t) => {
  given(t, planned(), taken(1), taken(2, 1, { waitsFor: top }))
    .when(start({ denied }))
    .then(withdrawn(1, 'denied-by-rule'));
});

test('a denied claim is withdrawn though it waits, and nobody waits with it', (t) => {
  given(t, planned(), taken(1, 1, { waitsFor: top }), taken(2))
    .when(start({ denied }))
    .then(withdrawn(1, 'denied-by-rule'), started(1, ['t2']));
});

test('a build all of whose claims are denied is cancelled', (t) => {
  given(t, planned(), taken(1))
    .when(start({ denied }))
    .then(withdrawn(1, 'denied-by-rule'), noCauseLeft);
});

test('a build whose claims were all withdrawn before is cancelled', (t) => {
  given(t, planned(), taken(1), withdrawn(1, 'parent-withdrawn')).when(start()).then(noCauseLeft);
});

test('policy withdraws no claim that is not of the planned build', (t) => {
  given(t, ...built, planned(2), taken(2, 2))
    .when(start({ denied }))
    .then(started(2, ['t2']));
});

const rehearsal = planned(1, { rehearsal: true });

test('a rehearsed build ends as it starts', (t) => {
  given(t, rehearsal, taken(1))
    .when(start())
    .then(started(1, ['t1']), rehearsed());
});

test('a rehearsed build leaves behind what has to wait, in a rehearsed plan', (t) => {
  given(t, rehearsal, taken(1), taken(2, 1, { waitsFor: top }))
    .when(start({ overdueSince: clock('10:00'), build: 2 }))
    .then(
      started(1, ['t1']),
      planned(2, { rehearsal: true, at: clock('10:05'), notBefore: clock('10:05') }),
      moved(2, 1, 2),
      rehearsed(),
    );
});
