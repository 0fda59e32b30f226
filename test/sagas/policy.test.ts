import test from 'ava';
import { adoptPolicy } from '../../main/commands/policy.ts';
import { handOf } from '../../main/identity.ts';
import { loadPolicy } from '../../main/policy/load-policy.ts';
import { buildStates } from '../../projectors/builds/row.ts';
import { eventStates } from '../../projectors/events/row.ts';
import { rowsOf } from '../support/sandbox.ts';
import { buildsOf, eventsOf, must, until } from '../support/service.ts';
import {
  asked,
  aStory,
  buildOf,
  commit,
  decisionsOf,
  ended,
  policyFile,
  verdictsOf,
} from '../support/story.ts';
import type { PolicyText, Story } from '../support/story.ts';

const denied =
  "[{ id: all, allow: { kind: '.*' } }, { id: frozen, deny: { kind: module, name: base } }]";

/** Everything the sandbox was asked since, by the service alone: packagers' pushes are no requests. */
const callsSince = async ({ sandbox }: Story, before: number) =>
  (await asked(sandbox)).slice(before).map(({ method, path }) => `${method} ${path}`);

type Declined = {
  readonly what: string;
  readonly policy: PolicyText;
  readonly verdicts: ReadonlyArray<ReadonlyArray<string>>;
};
const declined: ReadonlyArray<Declined> = [
  {
    what: 'a change of what a rule denies',
    policy: { rules: denied },
    verdicts: [
      ['base', 'no', 'denied-by-rule'],
      ['leaf', 'no', 'dependency-declined'],
    ],
  },
  {
    what: 'a change of what no rule allows',
    policy: { rules: '[]' },
    verdicts: [
      ['base', 'no', 'not-allowed'],
      ['leaf', 'no', 'not-allowed'],
    ],
  },
  {
    what: 'old news',
    policy: { oldestTrigger: '0s' },
    verdicts: [
      ['base', 'no', 'too-old'],
      ['leaf', 'no', 'too-old'],
    ],
  },
];
for (const { what, policy, verdicts } of declined) {
  test(`${what} is declined on record, and nobody outside is called`, async (t) => {
    const story = await aStory(t, { policy });
    const { sandbox, service } = story;
    const { length } = await asked(sandbox);
    await commit(sandbox, 'rpms/bash');
    await ended(service, 1);
    t.deepEqual(await verdictsOf(service), verdicts);
    t.deepEqual(await callsSince(story, length), []);
    const [event] = await eventsOf(service);
    t.is(event?.state, eventStates.SKIPPED);
    t.deepEqual(await buildsOf(service), []);
  });
}

test('a decision cites the rule that spoke, and the version it stood in', async (t) => {
  const { sandbox, service } = await aStory(t, { policy: { rules: denied } });
  await commit(sandbox, 'rpms/bash');
  await ended(service, 1);
  const [base, leaf] = await decisionsOf(service);
  const version = must(await loadPolicy(service.config.policy ?? '')).version;
  t.deepEqual([base?.rule, base?.policyVersion], ['frozen', version]);
  t.deepEqual([leaf?.rule, leaf?.policyVersion], [null, version]);
});

test('a policy that changes before the build starts withdraws it, dependents and all', async (t) => {
  const story = await aStory(t, { policy: { quietWindow: '3s' } });
  const { sandbox, service } = story;
  const { length } = await asked(sandbox);
  await commit(sandbox, 'rpms/bash');
  await until(service, async () => (await buildsOf(service)).length === 2);
  const policy = must(await loadPolicy(policyFile(t, { rules: denied, quietWindow: '3s' })));
  must(await adoptPolicy(handOf(service.stores.log, 'test'))(policy, { by: 'me', why: 'freeze' }));
  await ended(service, 1);

  t.deepEqual(await callsSince(story, length), []);
  t.deepEqual(await verdictsOf(service), [
    ['base', 'no', 'denied-by-rule'],
    ['leaf', 'no', 'parent-withdrawn'],
  ]);
  t.deepEqual(
    (await buildsOf(service)).map(({ state }) => state),
    [buildStates.CANCELED, buildStates.CANCELED],
  );
  const [event] = await eventsOf(service);
  t.is(event?.state, eventStates.SKIPPED);
});

test('a dependent with another parent that is rebuilt outlives the one that was withdrawn', async (t) => {
  const { sandbox, service } = await aStory(t, {
    modules: [
      ...['base:f28 holds bash@f28', 'side:f28 holds bash@f28'],
      'leaf:f28 needs base:f28,side:f28 holds zsh',
    ],
    policy: { quietWindow: '3s' },
  });
  await commit(sandbox, 'rpms/bash');
  await until(service, async () => (await buildsOf(service)).length === 3);
  const policy = must(await loadPolicy(policyFile(t, { rules: denied, quietWindow: '3s' })));
  must(await adoptPolicy(handOf(service.stores.log, 'test'))(policy, { by: 'me', why: 'freeze' }));
  await ended(service, 1);

  const [event] = await eventsOf(service);
  t.is(event?.state, eventStates.COMPLETE);
  t.is((await buildOf(service, 'leaf'))?.state, buildStates.DONE);
  t.is((await rowsOf(sandbox, 'base')).length, 1);
  t.is((await rowsOf(sandbox, 'side')).length, 2);
  t.is((await rowsOf(sandbox, 'leaf')).length, 2);
});
