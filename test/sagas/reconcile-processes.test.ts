import { once } from 'node:events';
import * as E from 'fp-ts/lib/Either.js';
import { verify } from '../../audit/verify.ts';
import type { ReconcileEvent } from '../../domain/reconcile/events.ts';
import { carryRun } from '../../sagas/reconcile/carry-run.ts';
import type { Claim } from '../../sagas/reconcile/claim.ts';
import { claim } from '../../sagas/reconcile/claim.ts';
import type { ReconcileDeps } from '../../sagas/reconcile/deps.ts';
import {
  aDeafStory,
  builtByOthers,
  deaf,
  differencesOf,
  reconcileDepsFor,
  reconcileEvents,
  reconcileNow,
} from '../support/reconcile-world.ts';
import { scene } from '../support/scene.ts';
import type { Service } from '../support/service.ts';
import { aService, eventsOf, must, runToDeath, until } from '../support/service.ts';
import { buildOf, ended } from '../support/story.ts';

const family = ['base:f28 holds bash@f28', 'leaf:f28 needs base:f28 holds zsh'];

const over = (signal: AbortSignal): Promise<unknown> => once(signal, 'abort');
const typesOf = (events: ReadonlyArray<ReconcileEvent>): ReadonlyArray<string> =>
  events.map(({ type }) => type);
const completedIn = async (service: Service) =>
  (await reconcileEvents(service)).filter(({ type }) => type === 'ReconcileCompleted');

/** Claims the run that is under way, as one who has watched its owner be silent for long. */
const takenOver = async (deps: ReconcileDeps): Promise<Extract<Claim, { type: 'ours' }>> => {
  const watch = { seen: null };
  let clock = 0;
  const watching = { ...deps, monotonic: () => clock };
  const first = must(await claim(watching, watch, { why: 'order' }));
  if (first.type !== 'wait') throw new Error('nobody had a run under way');
  clock += first.after;
  const second = must(await claim(watching, watch, { why: 'order' }));
  if (second.type !== 'ours') throw new Error('it was not taken over');
  return second;
};

scene('of two backends one does each run, when it is due', async (t) => {
  const config = { reconcileEvery: 1 };
  const { service } = await aDeafStory(t, ['base:f28 holds bash@f28'], config);
  await aService(t, { ...service.config, ...deaf, ...config });
  await until(service, async () => (await completedIn(service)).length >= 3, 60);

  const events = await reconcileEvents(service);
  const begun = events.filter(({ type }) => type === 'ReconcileBegun');
  t.deepEqual(
    begun.map(({ run }) => run),
    begun.map((_, at) => at + 1),
  );
  const done = events.filter(({ type }) => type === 'ReconcileCompleted').map(({ run }) => run);
  t.deepEqual(done, [...new Set(done)]);
  t.false(typesOf(events).includes('ReconcileTakenOver'));
  t.false(typesOf(events).includes('ReconcileAbandoned'));
});

for (const [at, when] of [
  ['DifferenceFound', 'before'],
  ['DifferenceFound', 'after'],
  ['ReconcileCompleted', 'before'],
] as const) {
  scene(`killed ${when} ${at}, a run is taken over and nothing is lost or doubled`, async (t) => {
    const { sandbox, service } = await aDeafStory(t, family);
    const row = await builtByOthers(sandbox);
    const config = { ...service.config, reconcileEvery: 0.1 };
    const point = JSON.stringify({ at, when });
    const died = await runToDeath('dying-backend.ts', [JSON.stringify(config), point]);
    t.is(died.signal, 'SIGKILL', died.said);

    const deps = await reconcileDepsFor(service);
    const { run, marks } = await takenOver(deps);
    const { signal } = new AbortController();
    const done = must(await carryRun(deps, run, marks, signal));
    await ended(service, 1);

    t.like(done, { run: 1, differences: 1, newModules: 1 });
    t.is((await differencesOf(service)).filter(({ externalId: id }) => id === row.id).length, 1);
    t.is((await eventsOf(service))[0]?.trigger, `mbs:${row.id}`);
    t.is((await buildOf(service, 'leaf'))?.eventIds.length, 1);
    const types = typesOf(await reconcileEvents(service));
    t.is(types.filter((type) => type === 'ReconcileTakenOver').length, 1);
    t.is(types.filter((type) => type === 'ReconcileCompleted').length, 1);
    t.is(must(await verify(service.stores.log)()).faults.length, 0);
  });
}

scene('who has lost a run stops, and writes nothing more about it', async (t) => {
  const { service } = await aDeafStory(t, family);
  const taken = new AbortController();
  const slow = await reconcileDepsFor(service, {
    pause: async (_milliseconds, signal) => {
      if (!taken.signal.aborted) await Promise.race([once(taken.signal, 'abort'), over(signal)]);
    },
  });
  const quick = await reconcileDepsFor(service);
  const begun = must(await claim(slow, { seen: null }, { why: 'order' }));
  if (begun.type !== 'ours') throw new Error('not begun');
  const catchUp: ReconcileDeps['outside']['catchUp'] = async (_why, working) => {
    const stopped = over(working);
    const { run, marks } = await takenOver(quick);
    const { signal } = new AbortController();
    must(await carryRun(quick, run, marks, signal));
    taken.abort();
    await stopped;
    return E.right({ messages: 0, missed: 0 });
  };
  const deps = { ...slow, outside: { ...slow.outside, catchUp } };
  const { signal } = new AbortController();

  const lost = await carryRun(deps, begun.run, begun.marks, signal);

  t.is(E.isLeft(lost) ? lost.left.code : 'done', 'interrupted');
  t.deepEqual(typesOf(await reconcileEvents(service)), [
    'ReconcileBegun',
    'ReconcileTakenOver',
    'ReconcileCompleted',
  ]);
});

scene('an owner that is still at it lets that be known, and keeps its run', async (t) => {
  const { service } = await aDeafStory(t, family);
  const slow = await reconcileDepsFor(service, { patience: 30 });
  const begun = must(await claim(slow, { seen: null }, { why: 'order' }));
  if (begun.type !== 'ours') throw new Error('not begun');
  const other = await reconcileDepsFor(service);
  const watch = { seen: null };
  let clock = 0;
  const watched = { ...other, monotonic: () => clock };
  const seen = must(await claim(watched, watch, { why: 'order' }));
  t.is(seen.type, 'wait');
  const catchUp: ReconcileDeps['outside']['catchUp'] = async () => {
    const prolonged = async () =>
      typesOf(await reconcileEvents(service)).includes('ReconcileProlonged');
    await until(service, prolonged);
    clock += 1000;
    t.like(must(await claim(watched, watch, { why: 'order' })), { type: 'wait', after: 30 });
    return E.right({ messages: 0, missed: 0 });
  };
  const deps = { ...slow, outside: { ...slow.outside, catchUp } };
  const { signal } = new AbortController();
  t.true(E.isRight(await carryRun(deps, begun.run, begun.marks, signal)));
  t.false(typesOf(await reconcileEvents(service)).includes('ReconcileTakenOver'));
});

scene('a run that is interrupted is abandoned, and the next one is due soon', async (t) => {
  const { service } = await aDeafStory(t, family);
  const stopping = new AbortController();
  const base = await reconcileDepsFor(service);
  const catchUp: ReconcileDeps['outside']['catchUp'] = async (_why, signal) => {
    const stopped = once(signal, 'abort');
    stopping.abort();
    await stopped;
    return E.left({ code: 'interrupted', reason: 'Stopped.' });
  };
  const deps = { ...base, outside: { ...base.outside, catchUp } };
  const begun = must(await claim(deps, { seen: null }, { why: 'order' }));
  if (begun.type !== 'ours') throw new Error('not begun');
  const left = await carryRun(deps, begun.run, begun.marks, stopping.signal);

  t.true(E.isLeft(left) && left.left.code === 'interrupted');
  t.deepEqual(typesOf(await reconcileEvents(service)), ['ReconcileBegun', 'ReconcileAbandoned']);
  const next = must(await claim(base, { seen: null }, { why: 'schedule', every: 86_400_000 }));
  t.true(next.type === 'wait' && next.for === null && next.after <= 60_000);
  t.is((await reconcileNow(service)).run, 2);
});

scene('in a rehearsal nobody outside is asked but the archive of the bus', async (t) => {
  const { service } = await aDeafStory(t, family);
  const rehearsing = { ...service, config: { ...service.config, rehearsal: true } };
  const { asked, unreachable } = await reconcileNow(rehearsing);
  t.deepEqual([asked, unreachable], [[], []]);
});
