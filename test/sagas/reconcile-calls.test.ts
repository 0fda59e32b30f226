import * as E from 'fp-ts/lib/Either.js';
import { clientsOf } from '../../main/backend/clients.ts';
import { handOf } from '../../main/identity.ts';
import { compose } from '../../domain/compose/compose.ts';
import type { WantedCompose } from '../../domain/compose/events.ts';
import { composeStream } from '../../domain/stream-names.ts';
import { carryOut } from '../../event-log/carry-out.ts';
import type { ReconcileDeps } from '../../sagas/reconcile/deps.ts';
import {
  aDeafStory,
  builtByOthers,
  differencesOf,
  reconcileNow,
} from '../support/reconcile-world.ts';
import { shipUpdate } from '../support/sandbox-images.ts';
import { scene } from '../support/scene.ts';
import type { Service } from '../support/service.ts';
import { eventsOf, must } from '../support/service.ts';

const at = '2026-11-22T10:00:00.000Z';

/** A compose is wanted, and somebody else is about to ask for it: their call has an hour. */
const intended = async ({ stores }: Service, order: WantedCompose): Promise<string> => {
  const stream = composeStream('real', 'm1');
  const tell = carryOut(handOf(stores.log, 'test'));
  const context = { correlationId: 'm1' };
  must(
    await tell(stream, compose, context, {
      ...{ type: 'Want', trigger: 'm1', number: 1, messageId: 'm1', order, at },
    }),
  );
  must(
    await tell(stream, compose, context, {
      ...{ type: 'Intend', attempt: 1, renews: null, newestId: 0 },
      ...{ owner: 'somebody', callTimeout: 3_600_000 },
    }),
  );
  return stream;
};

scene(
  'a compose that a call without an outcome has made is that of the call, and ours',
  async (t) => {
    const name = { odcsToken: 'ada:secret', odcsOwner: 'ada', rehearsal: true };
    const { sandbox, service } = await aDeafStory(t, ['image base:f28 holds bash past same'], name);
    const asking = { ...service, config: { ...service.config, rehearsal: false } };
    await reconcileNow(asking);
    const { nvr } = await shipUpdate(sandbox, { package: 'bash', stage: 'built' });
    const order = { builds: [nvr], packages: [], sigkeys: [''], arches: [], secondsToLive: 60 };
    const stream = await intended(service, order);
    const { odcs } = clientsOf(asking.config, process.env);
    const made = must(await odcs.create(order)());

    await reconcileNow(asking);

    const found = (await differencesOf(service)).filter(({ system }) => system === 'odcs');
    t.is(found.length, 1, JSON.stringify(found));
    t.like(found[0], { code: 'outcome-unrecorded', stream, recorded: 'intended' });
    t.is(found[0]?.found, String(made.id));
  },
);

scene(
  'what could not be told to the record is named with its reason, and found again',
  async (t) => {
    const { sandbox, service } = await aDeafStory(t, ['base:f28 holds bash@f28']);
    const row = await builtByOthers(sandbox);
    const full = { code: 'disk-full', reason: 'No space is left.' } as const;
    const noticeTrigger: ReconcileDeps['noticeTrigger'] = () => Promise.resolve(E.left(full));

    const failed = await reconcileNow(service, { noticeTrigger });

    const [told] = failed.unreachable;
    t.is(failed.unreachable.length, 1);
    t.like(told, { question: 'ready-modules', code: 'disk-full' });
    t.is(
      told?.reason,
      `base:f28:${row.version}:${row.context} could not be told to the record: No space is left.`,
    );
    t.is(failed.marks.readyModules, null);
    t.deepEqual(await eventsOf(service), []);
    t.like(await reconcileNow(service), { newModules: 1, unreachable: [] });
    const runs = (await differencesOf(service)).map(({ run, action }) => `${run} ${action}`);
    t.deepEqual(runs, ['1 noticed', '2 noticed']);
  },
);
