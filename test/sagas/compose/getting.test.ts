import test from 'ava';
import type { ExecutionContext } from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import { composeStream } from '../../../domain/stream-names.ts';
import type { Fault } from '../../support/odcs-server.ts';
import { order, release, want } from '../../domain/compose/a-compose.ts';
import { aStage, finish, isReady, type Stage } from './a-stage.ts';

const made = ['ComposeWanted', 'ComposeIntended', 'ComposeSubmitted'];
const untilReady = [...made, 'ComposeStateObserved', 'ComposeReady'];

/** Plays until every compose in ODCS that is still waiting was made, and ours is ready. */
const playReady = (stage: Stage, act = stage.actor('me')): Promise<void> =>
  stage.play(act, async () => {
    for (const { id, state } of stage.rows) if (state === 0) finish(stage, id);
    return isReady(stage);
  });

test('a compose that is wanted is asked for once, as ordered, and becomes ready', async (t) => {
  const stage = await aStage(t);
  await playReady(stage);
  t.deepEqual(await stage.types(), untilReady);
  t.deepEqual(stage.changes(), ['POST']);
  const { builds, packages, sigkeys, arches, secondsToLive } = order;
  t.deepEqual(stage.asked.find(({ method }) => method === 'POST')?.body, {
    ...{ source: { type: 'build', builds, packages, sigkeys }, arches },
    ...{ flags: ['no_deps'], results: ['repository'], seconds_to_live: secondsToLive },
  });
  const ready = (await stage.events()).at(-1);
  t.like(ready, { composeId: 1, expiresAt: '2026-03-02T10:00:00.000Z' });
});

test('a compose is ready only when its repo file answers', async (t) => {
  const stage = await aStage(t);
  const act = stage.actor('me');
  await stage.play(act, () => stage.rows.length === 1);
  stage.set(1, { state: 2 });
  const enough = stage.clock.passed + 100_000;
  await stage.play(act, () => stage.clock.passed > enough);
  t.deepEqual((await stage.types()).at(-1), 'ComposeStateObserved');
  stage.files.add(1);
  await stage.play(act);
  t.deepEqual(await stage.types(), untilReady);
});

type Case = {
  readonly what: string;
  readonly fault: Fault;
  readonly posts: number;
  readonly found: boolean;
};
const cases: ReadonlyArray<Case> = [
  { what: 'a connection reset after it was made', fault: 'reset-after', posts: 1, found: true },
  { what: 'an answer that cannot be read', fault: 'garbled-after', posts: 1, found: true },
  { what: 'an answer that never comes', fault: 'silent-after', posts: 1, found: true },
  { what: 'a connection reset before it was made', fault: 'reset-before', posts: 2, found: false },
  { what: '500 before it was made', fault: 500, posts: 2, found: false },
  { what: '503', fault: 503, posts: 2, found: false },
  { what: 'a token that has run out', fault: 401, posts: 2, found: false },
];
for (const { what, fault, posts, found } of cases) {
  test(`${what} leads to one compose that is ready`, async (t) => {
    const stage = await aStage(t);
    stage.faults.push(fault);
    const callTimeout = fault === 'silent-after' ? 300 : 20_000;
    await playReady(stage, stage.actor('me', {}, stage.odcs({ callTimeout })));
    t.is(stage.rows.length, 1);
    t.is(stage.changes().length, posts);
    const events = await stage.events();
    const submitted = events.filter(({ type }) => type === 'ComposeSubmitted');
    t.like(submitted, [{ composeId: 1, found }]);
    t.is(submitted.length, 1);
  });
}

test('a call without an answer counts as failed only after its deadline', async (t) => {
  const stage = await aStage(t);
  stage.faults.push('reset-before');
  await stage.play(stage.actor('me'), async () => (await stage.types()).includes('ComposeFailed'));
  t.true(stage.clock.passed >= 40_000, `${stage.clock.passed} ms`);
});

test('what ODCS refuses is given up with its words, and not asked for again', async (t) => {
  const stage = await aStage(t);
  stage.faults.push(403);
  await stage.play(stage.actor('me'));
  t.deepEqual(await stage.types(), [...made.slice(0, 2), 'ComposeFailed', 'ComposeGivenUp']);
  const end = (await stage.events()).at(-1);
  t.regex(end?.type === 'ComposeGivenUp' ? end.reason : '', /403, not today/);
  t.is(stage.rows.length, 0);
});

test('a compose that failed is asked for anew, after a pause', async (t) => {
  const stage = await aStage(t);
  const act = stage.actor('me');
  await stage.play(act, () => stage.rows.length === 1);
  stage.set(1, { state: 4, state_reason: 'no signed rpm' });
  await stage.play(act, () => stage.rows.length === 2);
  t.true(stage.clock.passed >= 60_000, `${stage.clock.passed} ms`);
  await playReady(stage, act);
  const events = await stage.events();
  t.like(
    events.find(({ type }) => type === 'ComposeFailed'),
    { reason: 'no signed rpm' },
  );
  t.like(events.at(-1), { type: 'ComposeReady', composeId: 2 });
  t.deepEqual(stage.changes(), ['POST', 'POST']);
});

test('a compose that fails as often as policy allows is given up', async (t) => {
  const stage = await aStage(t);
  await stage.play(stage.actor('me'), () => {
    for (const { id, state } of stage.rows) if (state === 0) stage.set(id, { state: 4 });
    return false;
  });
  t.is(stage.rows.length, 2);
  t.is((await stage.types()).at(-1), 'ComposeGivenUp');
});

test('a compose that ODCS no longer has is asked for anew', async (t) => {
  const stage = await aStage(t);
  const act = stage.actor('me');
  await stage.play(act, () => stage.rows.length === 1);
  stage.set(1, { isGone: true });
  await stage.play(act, () => stage.rows.length === 2);
  t.like(await stage.events(), { 4: { code: 'compose-removed' } });
});

test('a compose of the same order made by somebody else at the same time is not taken', async (t) => {
  const stage = await aStage(t);
  const odcs = stage.odcs();
  const newestId = () => async () => {
    const newest = await odcs.newestId()();
    await stage.odcs().create(order)();
    return newest;
  };
  await playReady(stage, stage.actor('me', {}, { ...odcs, newestId }));
  t.like((await stage.events()).at(-1), { type: 'ComposeReady', composeId: 2 });
});

test('while ODCS cannot be reached nothing is put on record', async (t) => {
  const stage = await aStage(t);
  const away = stage.odcs({ baseUrl: 'http://127.0.0.1:1/' });
  const next = await stage.actor('me', {}, away)(composeStream('real', want.trigger));
  t.like(next, E.left({ code: 'odcs-unavailable' }));
  t.deepEqual(await stage.types(), ['ComposeWanted']);
});

const nothingAsked = async (t: ExecutionContext, stage: Stage, stream: string) => {
  t.deepEqual(await stage.actor('me')(stream), E.right({ after: null }));
  t.is(stage.asked.length, 0);
};

test('a compose that was released is not asked for', async (t) => {
  const stage = await aStage(t);
  await stage.tell(release);
  await nothingAsked(t, stage, composeStream('real', want.trigger));
});

test('in a rehearsal ODCS is not called', async (t) => {
  const stage = await aStage(t);
  const rehearsed = composeStream('rehearsal', want.trigger);
  await stage.tell(want, rehearsed);
  await nothingAsked(t, stage, rehearsed);
});
