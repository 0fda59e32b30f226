import test from 'ava';
import { buildsList, buildsShow } from '../../main/commands/builds.ts';
import { eventsList, eventsShow } from '../../main/commands/events.ts';
import { whyNot } from '../../main/commands/why-not.ts';
import { why } from '../../main/commands/why.ts';
import {
  aBuild,
  aDecision,
  aMessage,
  aModule,
  anEvent,
  eventsAndBuilds,
} from '../support/api-rows.ts';
import { anAsker } from '../support/asking-world.ts';

const tried = { attempt: 1, commit: '0f1e', externalIds: [77], outcome: 'succeeded', reason: null };
const oak = { name: 'oak', branch: '1', artifact: 'module:oak:1', buildArgs: { branch: '1' } };
const stock = {
  ...eventsAndBuilds(
    [anEvent({ id: 1, state: 2 }), anEvent({ id: 2, state: 3, stateReason: 'Some failed.' })],
    [
      aBuild({ id: 1, ...oak, state: 1, eventId: 1, eventIds: [1, 2], attempts: [tried] }),
      aBuild({ id: 2, ...oak, state: 2, eventId: 2, stateReason: 'It broke.' }),
      aBuild({ id: 3, name: 'elm', state: 4, eventId: 2, rebuiltNvr: 'elm-1-2' }),
    ],
  ),
  decisions: {
    '1/oak': aDecision({ eventId: 1, name: 'oak', artifact: 'module:oak:1' }),
    '2/oak': aDecision({
      ...{ eventId: 2, name: 'oak', artifact: 'module:oak:1', verdict: 'no', revision: 5 },
      ...{ code: 'denied-by-rule', rule: 'no-oaks', evidence: { package: 'bark', deep: [1] } },
    }),
  },
  messages: {
    'message-message-1': aMessage({ messageId: '2026-message-1' }),
    'dry_message-message-1': aMessage({ messageId: '2026-message-1', rehearsal: true }),
    'message-message-2': aMessage({ messageId: '2026-message-2', transport: 'replay' }),
  },
  modules: { 'ash:3': aModule({ name: 'ash', stream: '3' }) },
};
const list = { limit: '20', page: '1' };

test('events are listed under aligned titles, the newest first, states by name', async (t) => {
  const { deps, said } = await anAsker(t, stock);
  t.is(await eventsList(deps, list), 0);
  const [titles = '', first = '', second = ''] = said.out.split('\n');
  t.true(titles.startsWith('ID  STATE     CREATED (UTC)     TYPE'));
  t.true(first.startsWith('2   FAILED    2026-11-22 16:39  GitRPMSpecChangeEvent  -'));
  t.regex(first, /1 DONE, 1 FAILED, 1 PLANNED +pkg2\/f39\?#0f1e$/);
  t.is(second.indexOf('COMPLETE'), titles.indexOf('STATE'));
  t.is(said.err, '');
});

test('lists are narrowed by every option and say when there is more', async (t) => {
  const { deps, said } = await anAsker(t, stock);
  await eventsList(deps, { ...list, state: 'complete', searchKey: 'pkg1/f39?#0f1e' });
  t.deepEqual(said.out.match(/^\d+/gm), ['1']);
  said.out = '';
  await buildsList(deps, { ...list, state: 'failed', name: 'oak', event: '2' });
  t.deepEqual(said.out.match(/^\d+/gm), ['2']);
  said.out = '';
  await buildsList(deps, { limit: '2', page: '1' });
  t.deepEqual(said.out.match(/^\d+/gm), ['3', '2']);
  t.regex(said.err, /Page 1 of 2, 3 builds in all; --page 2 shows more/);
});

test('--json gives what the API gives, as one document', async (t) => {
  const { app, deps, said } = await anAsker(t, stock);
  const items = async (path: string) =>
    (await app.inject(path)).json<{ readonly items: unknown }>().items;
  await eventsList(deps, { ...list, json: true });
  t.deepEqual(
    (JSON.parse(said.out) as { readonly items: unknown }).items,
    await items('/api/2/events/'),
  );
  said.out = '';
  await buildsShow(deps, '2', { json: true });
  t.deepEqual(JSON.parse(said.out), (await app.inject('/api/2/builds/2')).json());
  said.out = '';
  await eventsShow(deps, '2', { json: true });
  const full = await app.inject('/api/2/events/2?show_full_json=True');
  t.deepEqual(JSON.parse(said.out), full.json());
});

for (const [name, id] of [
  ['its id', '1'],
  ['its message id', '2026-message-1'],
  ['its search key', 'pkg1/f39?#0f1e'],
] as const) {
  test(`an event is shown by ${name}, with its decisions and builds`, async (t) => {
    const { deps, said } = await anAsker(t, stock);
    t.is(await eventsShow(deps, id, {}), 0);
    t.regex(said.out, /^Event 1 {2}COMPLETE {2}pkg1/);
    t.regex(said.out, /yes +module:oak:1 +holds-changed-package +all-modules/);
    t.regex(said.out, /^1 +DONE +.*oak:1/m);
  });
}

for (const [name, id, build] of [
  ['its id', '1', 1],
  ['its NVR', 'elm-1-2', 3],
  ['name and stream', 'oak:1', 2],
  ['its artifact', 'module:oak:1', 2],
  ['its name', 'elm', 3],
  ['a message id', '2026-message-1', 1],
  ['a search key', 'pkg2/f39?#0f1e', 3],
] as const) {
  test(`a build is found by ${name}, the newest of several`, async (t) => {
    const { deps, said } = await anAsker(t, stock);
    t.is(await buildsShow(deps, id, { json: true }), 0);
    t.is((JSON.parse(said.out) as { readonly id: number }).id, build);
  });
}

test('a message id is known with and without the year some bridges put in front', async (t) => {
  const { deps, said } = await anAsker(t, eventsAndBuilds([anEvent({ id: 4, messageId: 'abc' })]));
  t.is(await eventsShow(deps, '2026-abc', { json: true }), 0);
  t.like(JSON.parse(said.out), { id: 4 });
});

test('what does not exist is wrong use, and the list that tells what does is named', async (t) => {
  const { deps, said } = await anAsker(t, stock);
  t.is(await buildsShow(deps, '77', {}), 2);
  t.is(await eventsShow(deps, 'nobody', {}), 2);
  t.regex(said.err, /Build "77" is not known\. freshmaker builds list shows/);
  t.regex(said.err, /Event "nobody" is not known\. freshmaker events list shows/);
  t.is(said.out, '');
});

test('why goes from a build over every decision to its message, with places in the log', async (t) => {
  const { deps, said } = await anAsker(t, stock);
  t.is(await why(deps, '1', {}), 0);
  t.regex(said.out, /^Build 1 {2}DONE {2}oak:1\n/);
  t.regex(said.out, /on record +artifact-module:oak:1\n/);
  t.regex(said.out, /1 +0f1e +77 +succeeded/);
  t.regex(said.out, /because of event 1 .*\n +decided +yes: holds-changed-package\n/);
  t.regex(said.out, /by +rule all-modules\n +policy +5f1d7a84db00\n +evidence +package=nodejs\n/);
  t.regex(said.out, /on record +trigger-4c1b@2\n/);
  t.regex(said.out, /came with message 2026-message-1\n +topic +git\.receive\n/);
  t.regex(said.out, /on record +message-message-1\n/);
  t.regex(said.out, /because of event 2 .*\n +decided +no: denied-by-rule\n/);
});

test('why as JSON holds build, attempts and every cause in one document', async (t) => {
  const { deps, said } = await anAsker(t, stock);
  await why(deps, '1', { json: true });
  t.like(JSON.parse(said.out), {
    build: { id: 1 },
    attempts: { event_ids: [1, 2] },
    recorded_in: 'artifact-module:oak:1',
    causes: [
      {
        event: { id: 1 },
        decision: { code: 'holds-changed-package' },
        message: { topic: 'git.receive' },
      },
      { event: { id: 2 }, decision: { code: 'denied-by-rule' }, message: { transport: 'replay' } },
    ],
  });
});

test('why-not lists every decision that was not yes, and builds that came to nothing so far', async (t) => {
  const { deps, said } = await anAsker(t, stock);
  t.is(await whyNot(deps, 'oak:1', {}), 0);
  t.regex(said.out, /^1 of 2 decisions on module:oak:1 were not yes:\n/);
  t.regex(
    said.out,
    /2 +no .*denied-by-rule +no-oaks +5f1d7a84db00 +trigger-4c1b@5 +package=bark deep=\[1\]/,
  );
  t.regex(said.out, /denied-by-rule: the rule named denies it/);
  t.regex(said.out, /^2 +FAILED .*It broke\.$/m);
  t.notRegex(said.out, /^1 +DONE/m);
});

test('why-not of one event leaves the others out', async (t) => {
  const { deps, said } = await anAsker(t, stock);
  await whyNot(deps, 'module:oak:1', { event: '2026-message-1', json: true });
  t.like(JSON.parse(said.out), {
    artifact: 'module:oak:1',
    decisions: 1,
    declined: [],
    builds: [],
  });
  t.is(await whyNot(deps, 'oak:1', { event: '99' }), 2);
});

test('an artifact that was never a candidate is told what would make it one', async (t) => {
  const { deps, said } = await anAsker(t, stock);
  t.is(await whyNot(deps, 'ash:3', {}), 0);
  t.regex(said.out, /never a candidate of any event/);
  t.regex(said.out, /ash\.yaml changes on branch 3 of modules\/ash/);
  t.regex(said.out, /takes a package from: npm@f39/);
  t.regex(said.out, /built with is rebuilt: platform:f39/);
  said.out = '';
  t.is(await whyNot(deps, 'nobody:1', { event: '1' }), 0);
  t.regex(said.out, /never a candidate of event 1.*\n.*not on record.*\n.*backfill modules/);
});

test('colours and cut lines are for terminals only', async (t) => {
  const { deps, said } = await anAsker(t, stock);
  await buildsList(deps, list);
  t.false(said.out.includes('\u001b'));
  const screen = { isTerminal: true, columns: 40 };
  await buildsList({ ...deps, screen }, list);
  t.true(said.out.includes('\u001b[31mFAILED'));
});

test('what comes from outside cannot steer a terminal', async (t) => {
  const events = [anEvent({ id: 1, searchKey: 'a\u001b[2J\nb', stateReason: 'x\u202ey' })];
  const { deps, said } = await anAsker(t, eventsAndBuilds(events));
  await eventsList(deps, list);
  t.true(said.out.endsWith('a [2J b\n'));
  await eventsShow(deps, '1', {});
  t.false(said.out.includes('\u202e') || said.out.includes('\u001b'));
});

test('a service that does not answer is unreachable, and the sentence says what to do', async (t) => {
  const { app, deps, said } = await anAsker(t, {});
  await app.close();
  t.is(await eventsList(deps, list), 4);
  t.regex(
    said.err,
    /does not answer \(ECONNREFUSED\)\. Start the service there with freshmaker serve/,
  );
  t.is(await eventsList({ ...deps, url: 'nonsense' }, list), 2);
  t.regex(said.err, /"nonsense" is no address of the service/);
});

test('what is refused is told in the words of the service, as wrong use', async (t) => {
  const { deps, said } = await anAsker(t, stock);
  t.is(await eventsList(deps, { ...list, state: 'odd' }), 2);
  t.regex(said.err, /Invalid state was supplied: odd/);
});
