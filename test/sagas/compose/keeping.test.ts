import test from 'ava';
import type { ExecutionContext } from 'ava';
import type { Odcs } from '../../../clients/odcs/port.ts';
import type { ComposeEvent } from '../../../domain/compose/events.ts';
import type { Act } from '../../../sagas/act.ts';
import { renewalDue } from '../../../sagas/compose/keep.ts';
import { order, release } from '../../domain/compose/a-compose.ts';
import { aStage, finish, isReady, type Stage } from './a-stage.ts';

const hour = 3_600_000;
type Kept = Stage & { readonly act: Act };

/** A compose that became ready at ten, with a life of a day. */
const aReadyOne = async (
  t: ExecutionContext,
  wrap: (stage: Stage) => Odcs = (stage) => stage.odcs(),
): Promise<Kept> => {
  const stage = await aStage(t);
  const act = stage.actor('me', {}, wrap(stage));
  await stage.play(act, () => stage.rows.length === 1);
  finish(stage, 1);
  await stage.play(act);
  return { ...stage, act };
};
const playTo = async (stage: Kept, hours: number): Promise<void> =>
  stage.play(stage.act, () => stage.clock.passed >= hours * hour);
const of = async (stage: Stage, type: ComposeEvent['type']) =>
  (await stage.events()).filter(({ type: other }) => other === type);

test('a compose is renewed when less than a third of its life is left', async (t) => {
  const stage = await aReadyOne(t);
  await playTo(stage, 15);
  t.deepEqual(stage.changes(), ['POST']);
  await playTo(stage, 18);
  t.deepEqual(stage.changes(), ['POST', 'PATCH 1']);
  t.like(
    stage.asked.find(({ method }) => method === 'PATCH'),
    { body: { seconds_to_live: 86_400 } },
  );
  t.like(await of(stage, 'ComposeRenewed'), [
    { composeId: 1, expiresAt: '2026-03-03T10:00:00.000Z' },
  ]);
  t.is(stage.rows.length, 1);
});

test('a compose of a day is renewed two hours before its end at the latest', (t) => {
  const ready = { composeId: 1, repofile: null, isRenewable: true, since: '2026-03-01T10:00:00Z' };
  const until = (expiresAt: string | null, share?: number) =>
    renewalDue({ ...ready, expiresAt }, order, share);
  t.is(until('2026-03-02T10:00:00Z'), '2026-03-02T02:00:00.000Z');
  t.is(until('2026-03-02T10:00:00Z', 0.01), '2026-03-02T08:00:00.000Z');
  t.is(until('2026-03-01T10:30:00Z', 0.01), '2026-03-01T10:20:00.000Z');
  t.is(until(null), '2026-03-02T02:00:00.000Z');
});

for (const fault of ['reset-after', 'garbled-after'] as const) {
  test(`a renewal whose answer is lost (${fault}) is found by asking`, async (t) => {
    const stage = await aReadyOne(t);
    stage.faults.push(fault);
    await playTo(stage, 18);
    t.deepEqual(stage.changes(), ['POST', 'PATCH 1']);
    t.is((await of(stage, 'ComposeRenewed')).length, 1);
  });
}

test('a renewal that did not arrive is repeated', async (t) => {
  const stage = await aReadyOne(t);
  stage.faults.push('reset-before');
  await playTo(stage, 18);
  t.deepEqual(stage.changes(), ['POST', 'PATCH 1', 'PATCH 1']);
  t.is((await of(stage, 'ComposeRenewed')).length, 1);
});

test('a compose that ODCS will not renew is used to its end, then asked for anew', async (t) => {
  const stage = await aReadyOne(t);
  stage.faults.push(403);
  await playTo(stage, 23);
  t.deepEqual(stage.changes(), ['POST', 'PATCH 1']);
  t.true(await isReady(stage));
  await playTo(stage, 24.5);
  t.deepEqual(stage.changes(), ['POST', 'PATCH 1', 'POST']);
  t.is((await of(stage, 'ComposeExpired')).length, 1);
});

test('a renewal that makes a new compose waits until that one is ready', async (t) => {
  const stage = await aReadyOne(t, (on) => {
    const odcs = on.odcs();
    const renew: Odcs['renew'] = (id, seconds) => () => {
      on.set(id, { state: 3 });
      return odcs.renew(id, seconds)();
    };
    return { ...odcs, renew };
  });
  await stage.play(stage.act, () => stage.rows.length === 2);
  t.false(await isReady(stage));
  finish(stage, 2);
  await stage.play(stage.act);
  t.deepEqual((await stage.types()).slice(5), [
    ...['ComposeIntended', 'ComposeSubmitted', 'ComposeStateObserved', 'ComposeReady'],
  ]);
  t.deepEqual(stage.changes(), ['POST', 'PATCH 1']);
  t.like((await stage.events()).at(-1), { composeId: 2 });
});

test('a new compose from a renewal whose answer is lost is found by asking', async (t) => {
  const stage = await aReadyOne(t, (on) => {
    const odcs = on.odcs();
    const renew: Odcs['renew'] = (id, seconds) => () => {
      on.set(id, { state: 3 });
      on.faults.push('reset-after');
      return odcs.renew(id, seconds)();
    };
    return { ...odcs, renew };
  });
  await stage.play(stage.act, () => stage.rows.length === 2);
  finish(stage, 2);
  await stage.play(stage.act);
  t.deepEqual(stage.changes(), ['POST', 'PATCH 1']);
  t.like(await of(stage, 'ComposeSubmitted'), [{ found: false }, { composeId: 2, found: true }]);
});

test('a compose that is removed after it was ready is asked for anew, once', async (t) => {
  const stage = await aReadyOne(t);
  stage.set(1, { state: 3, state_reason: 'removed by an admin' });
  await stage.play(stage.act, () => stage.rows.length === 2);
  finish(stage, 2);
  await stage.play(stage.act);
  t.deepEqual(stage.changes(), ['POST', 'POST']);
  t.like(await of(stage, 'ComposeExpired'), [{ composeId: 1, reason: 'removed by an admin' }]);
  t.like((await stage.events()).at(-1), { type: 'ComposeReady', composeId: 2 });
});

test('a compose that was released is left to its end', async (t) => {
  const stage = await aReadyOne(t);
  await stage.tell(release);
  const before = stage.asked.length;
  await playTo(stage, 48);
  t.is(stage.asked.length, before);
});
