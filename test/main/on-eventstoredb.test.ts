import test from 'ava';
import { verify } from '../../audit/verify.ts';
import { eventStates } from '../../projectors/events/row.ts';
import { openStandIn } from '../support/eventstore/stand-in.ts';
import { aSandbox, distributionOf, post, rowsOf, tempFolder } from '../support/sandbox.ts';
import { aService, configFor, eventsOf, must, until } from '../support/service.ts';

const distribution = distributionOf('base:f28 holds bash@f28', 'leaf:f28 needs base:f28 holds zsh');

test('with EventStoreDB for a log a spec change becomes finished builds, parents first', async (t) => {
  const standIn = await openStandIn();
  t.teardown(standIn.close);
  const sandbox = await aSandbox(t, { distribution });
  const { connectionString: eventStore } = standIn;
  const service = await aService(t, configFor(sandbox, tempFolder(t), { eventStore }));
  await post(sandbox, '/sandbox/commit', { namespace: 'rpms', repo: 'bash', branch: 'f28' });
  await until(service, async () => {
    const [event] = await eventsOf(service);
    return event !== undefined && event.timeDone !== null;
  });

  const [event] = await eventsOf(service);
  t.is(event?.state, eventStates.COMPLETE);
  const [base, leaf] = await Promise.all(
    ['base', 'leaf'].map(async (name) => rowsOf(sandbox, name)),
  );
  t.deepEqual([base?.length, leaf?.length], [2, 2]);
  t.true((base?.at(-1)?.id ?? 0) < (leaf?.at(-1)?.id ?? 0));
  t.is(must(await verify(service.stores.log)()).faults.length, 0);
});
