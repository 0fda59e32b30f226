import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import type { Odcs } from '../../../clients/odcs/port.ts';
import { aStage, finish, isReady, stream, type Stage } from './a-stage.ts';

/** One call of ODCS where a process dies: before it reaches ODCS, or with the answer in its hand. */
type Death = { readonly at: 'newestId' | 'create' | 'get' | 'repofileExists' | 'renew' };

const dyingAt = (odcs: Odcs, { at }: Death, when: 'before' | 'after'): Odcs => {
  const call = odcs[at] as (...args: ReadonlyArray<unknown>) => () => Promise<unknown>;
  const dies =
    (...args: ReadonlyArray<unknown>) =>
    async () => {
      if (when === 'after') await call(...args)();
      throw new Error('killed');
    };
  return { ...odcs, [at]: dies };
};

const finishAll = (stage: Stage): void => {
  for (const { id, state } of stage.rows) if (state === 0) finish(stage, id);
};
const playReady = (stage: Stage, owner: string): Promise<void> =>
  stage.play(stage.actor(owner), () => {
    finishAll(stage);
    return isReady(stage);
  });
const playToDeath = (stage: Stage, odcs: Odcs): Promise<void> =>
  stage.play(stage.actor('dies', {}, odcs), () => {
    finishAll(stage);
    return false;
  });

for (const at of ['newestId', 'create', 'get', 'repofileExists'] as const) {
  for (const when of ['before', 'after'] as const) {
    test(`a process killed ${when} ${at} leaves one compose, which another makes ready`, async (t) => {
      const stage = await aStage(t);
      const died = playToDeath(stage, dyingAt(stage.odcs(), { at }, when));
      await t.throwsAsync(died, { message: 'killed' });
      await playReady(stage, 'next');
      t.is(stage.rows.length, 1);
      t.deepEqual(stage.changes(), ['POST']);
      const types = await stage.types();
      t.is(types.filter((type) => type === 'ComposeSubmitted').length, 1);
    });
  }
}

for (const when of ['before', 'after'] as const) {
  test(`a process killed ${when} a renewal leaves one compose, which another renews`, async (t) => {
    const stage = await aStage(t);
    const died = playToDeath(stage, dyingAt(stage.odcs(), { at: 'renew' }, when));
    await t.throwsAsync(died, { message: 'killed' });
    await stage.play(stage.actor('next'), async () =>
      (await stage.types()).includes('ComposeRenewed'),
    );
    t.is(stage.rows.length, 1);
    t.deepEqual(stage.changes(), ['POST', 'PATCH 1']);
  });
}

test('nobody takes a call over before its deadline', async (t) => {
  const stage = await aStage(t);
  const odcs = dyingAt(stage.odcs(), { at: 'create' }, 'after');
  await t.throwsAsync(playToDeath(stage, odcs), { message: 'killed' });
  const next = stage.actor('next');
  t.deepEqual(await next(stream), E.right({ after: 40_000 }));
  stage.clock.passed += 39_999;
  t.deepEqual(await next(stream), E.right({ after: 1 }));
  t.false((await stage.types()).includes('ComposeTakenOver'));
  stage.clock.passed += 1;
  await next(stream);
  t.true((await stage.types()).includes('ComposeTakenOver'));
});

test('an owner that was taken over does not record an outcome any more', async (t) => {
  const stage = await aStage(t);
  const odcs = stage.odcs();
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const create: Odcs['create'] = (order) => async () => {
    const answer = await odcs.create(order)();
    await held;
    return answer;
  };
  const slow = stage.actor('slow', {}, { ...odcs, create })(stream);
  await stage.play(stage.actor('next'), async () =>
    (await stage.types()).includes('ComposeSubmitted'),
  );
  release();
  const late = await slow;
  t.true(E.isRight(late));
  t.is((await stage.types()).filter((type) => type === 'ComposeSubmitted').length, 1);
  t.is(stage.rows.length, 1);
});

test('two processes at work on one compose ask for it once', async (t) => {
  const stage = await aStage(t);
  const [a, b] = [stage.actor('a'), stage.actor('b')];
  const both = async (name: string) => {
    const [left, right] = await Promise.all([a(name), b(name)]);
    return E.isLeft(left) ? right : left;
  };
  await stage.play(both, () => {
    finishAll(stage);
    return isReady(stage);
  });
  t.is(stage.rows.length, 1);
  t.deepEqual(stage.changes(), ['POST']);
  t.deepEqual(await stage.types(), [
    ...['ComposeWanted', 'ComposeIntended', 'ComposeSubmitted'],
    ...['ComposeStateObserved', 'ComposeReady'],
  ]);
});
