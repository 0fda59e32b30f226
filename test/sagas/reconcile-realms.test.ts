import { claim } from '../../sagas/reconcile/claim.ts';
import {
  aDeafStory,
  builtByOthers,
  reconcileDepsFor,
  reconcileNow,
} from '../support/reconcile-world.ts';
import { scene } from '../support/scene.ts';
import { must } from '../support/service.ts';

const family = ['base:f28 holds bash@f28', 'leaf:f28 needs base:f28 holds zsh'];

scene('what was rehearsed is not acted on when the service begins to act', async (t) => {
  const { sandbox, service } = await aDeafStory(t, family);
  const row = await builtByOthers(sandbox);
  const { noticeTrigger } = await reconcileDepsFor(service);
  const rehearsed = await reconcileNow(service, {
    noticeTrigger: (_, context, noticed) => noticeTrigger('rehearsal', context, noticed),
  });
  t.is(rehearsed.newModules, 1);
  const { log } = service.stores;
  t.truthy(must(await log.last(`dry_trigger-mbs:${row.id}`)()));

  const first = await reconcileNow(service);

  t.like(first, { newModules: 0, differences: 0, unreachable: [] });
  t.is(must(await log.last(`trigger-mbs:${row.id}`)()), undefined);
});

scene('a run of a rehearsal, which asks no service, postpones no real one', async (t) => {
  const { service } = await aDeafStory(t, family);
  const rehearsal = { realm: 'rehearsal', outside: {} } as const;
  t.like(await reconcileNow(service, rehearsal), { run: 1, asked: [] });
  t.like(await reconcileNow(service, rehearsal), { run: 2, asked: [] });

  const logBegan = new Date(Date.now() - 7_200_000).toISOString();
  const deps = await reconcileDepsFor(service, { logBegan });
  const claimed = must(await claim(deps, { seen: null }, { why: 'schedule', every: 3_600_000 }));

  t.like(claimed, { type: 'ours', run: { run: 1 } });
});

scene('who rehearses has runs of the rehearsal', async (t) => {
  const { service } = await aDeafStory(t, family);
  const rehearsing = { ...service, config: { ...service.config, rehearsal: true } };
  t.is((await reconcileDepsFor(service)).realm, 'real');
  t.is((await reconcileDepsFor(rehearsing)).realm, 'rehearsal');
});
