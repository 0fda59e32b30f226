import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import type { TriggerReading } from '../../domain/trigger/reading.ts';
import { buildsOf, rpmsOf, skippedOf } from '../../domain/wave/lookups.ts';
import { eventLimit } from '../../event-log/admit.ts';
import { eventsOf } from '../support/ingest-world.ts';
import { anImage, aWaveWorld, holding } from '../support/wave-world.ts';

const all = '{ id: all, allow: { kind: image } }';
const nvr = 'openssl-1.1.0-4.fc28';
const shipped = (...builds: ReadonlyArray<readonly [string, string]>): TriggerReading => ({
  ...{ kind: 'BodhiUpdateCompleteStableEvent', id: 'bodhi:F-1', searchKey: 'F-1', via: 'bodhi' },
  ...{ branch: 'f28', builds: builds.map(([each, type]) => ({ nvr: each, type })) },
});
const openssl = shipped([nvr, 'rpm']);

const base = anImage('image:base:f28');
const app = anImage('image:app:f28', 'base-1-2');
const outside = {
  koji: { [nvr]: ['openssl', 'openssl-libs'] },
  holders: [holding(base, 'openssl-libs-1.1.0-3.fc28')],
  children: { 'image:base:f28': [app] },
};

test('an update is looked into, decided and launched: each image of the wave takes the cause', async (t) => {
  const { notice, settle, decisions, artifactOf, stateOf } = await aWaveWorld(t, outside, all);
  const stream = await notice(openssl);
  await settle(stream);
  t.deepEqual(await decisions(stream), [
    ['base', 'yes', 'holds-older-version'],
    ['app', 'yes', 'dependency-of-affected'],
  ]);
  t.true((await stateOf(stream)).launched);
  const claim = (await artifactOf(app.artifact)).causes['bodhi:F-1'];
  t.like(claim?.cause, { reason: 'dependency', because: 'base update' });
  t.deepEqual(claim?.waitsFor, [base.artifact]);
});

test('sources and debug packages are not looked for, and no name twice', async (t) => {
  const { notice, settle, stateOf } = await aWaveWorld(t, outside, all);
  const stream = await notice(openssl);
  await settle(stream);
  t.deepEqual(
    rpmsOf((await stateOf(stream)).lookups).map(({ name, evr }) => `${name} ${evr}`),
    ['openssl 1.1.0-4.fc28', 'openssl-libs 1.1.0-4.fc28'],
  );
});

test('another process that looks at the same trigger adds nothing', async (t) => {
  const { notice, settle, typed } = await aWaveWorld(t, outside, all);
  const stream = await notice(openssl);
  await settle(stream);
  const before = await typed(stream);
  await settle(stream);
  t.deepEqual(await typed(stream), before);
});

test('a build that Koji does not know holds up nothing, and the conclusion names it', async (t) => {
  const unheld = { ...outside, holders: [] };
  const { notice, settle, typed, stateOf } = await aWaveWorld(t, unheld, all);
  const stream = await notice(shipped(['lost-1-1.fc28', 'rpm'], [nvr, 'rpm']));
  await settle(stream);
  t.is(rpmsOf((await stateOf(stream)).lookups).length, 2);
  t.like((await typed(stream)).at(-1), {
    ...{ type: 'TriggerConcluded', code: 'no-candidates' },
    reason: 'Nothing holds what changed. Not looked into: lost-1-1.fc28 (koji-missing).',
  });
});

test('while Koji cannot be reached nothing is decided; when it can, the trigger goes on', async (t) => {
  const { world, notice, settle, decisions } = await aWaveWorld(t, outside, all);
  const stream = await notice(openssl);
  world.down = true;
  t.like(await settle(stream), { left: { code: 'koji-unavailable' } });
  t.deepEqual(await decisions(stream), []);
  world.down = false;
  await settle(stream);
  t.is((await decisions(stream)).length, 2);
});

test('an index that has not seen the trigger yet is asked again in a moment', async (t) => {
  const { world, notice, settle, stateOf } = await aWaveWorld(t, outside, all);
  const stream = await notice(openssl);
  world.asOf = '';
  t.deepEqual(await settle(stream), E.right({ after: 50 }));
  t.false(Object.hasOwn((await stateOf(stream)).lookups, 'images'));
  world.asOf = '~';
  await settle(stream);
  t.true((await stateOf(stream)).launched);
});

test('what the message leaves out Bodhi is asked for', async (t) => {
  const release = { name: 'F28', branch: 'f28' };
  const bodhi = { release, builds: [{ nvr, type: 'rpm' }] };
  const { world, notice, settle, stateOf } = await aWaveWorld(t, { ...outside, bodhi }, all);
  const stream = await notice({ ...openssl, builds: [], branch: null } as TriggerReading);
  await settle(stream);
  t.is(world.calls[0], 'bodhi F-1');
  const { lookups, launched } = await stateOf(stream);
  t.deepEqual(buildsOf(lookups), [{ nvr, type: 'rpm' }]);
  t.true(launched);
});

test('an update that Bodhi does not know comes to nothing, and the conclusion says so', async (t) => {
  const { notice, settle, typed } = await aWaveWorld(t, outside, all);
  const stream = await notice({ ...openssl, builds: [] } as TriggerReading);
  await settle(stream);
  const reason = 'Nothing holds what changed. Not looked into: F-1 (bodhi-missing).';
  t.like((await typed(stream)).at(-1), { type: 'TriggerConcluded', reason });
});

test('of a module that ships, the builds of its components are looked into', async (t) => {
  const modules = { 'ssl:1_1:28:abcd': [nvr] };
  const { world, notice, settle, decisions } = await aWaveWorld(t, { ...outside, modules }, all);
  const stream = await notice(shipped(['ssl-1_1-28.abcd', 'module']));
  await settle(stream);
  t.deepEqual(world.calls, ['mbs ssl:1_1:28:abcd', `koji ${nvr}`]);
  t.is((await decisions(stream)).length, 2);
});

test('containers and flatpaks of an update are skipped, with a note', async (t) => {
  const { notice, settle, stateOf } = await aWaveWorld(t, outside, all);
  const stream = await notice(shipped(['cup-1-1', 'container'], ['cap-1-1', 'flatpak']));
  await settle(stream);
  t.deepEqual(
    skippedOf((await stateOf(stream)).lookups).map((each) => `${each.nvr} ${each.code}`),
    ['cup-1-1 other-type', 'cap-1-1 other-type'],
  );
});

test('a rehearsal asks nobody, looks for the source package, and decides the same', async (t) => {
  const { world, notice, settle, decisions } = await aWaveWorld(t, outside, all);
  const stream = await notice(openssl, 'rehearsal');
  await settle(stream);
  t.deepEqual(world.calls, []);
  t.deepEqual(await decisions(stream), [
    ['base', 'yes', 'holds-older-version'],
    ['app', 'yes', 'dependency-of-affected'],
  ]);
});

test('a Dockerfile push that lists no files asks dist-git, then plans the image and its children', async (t) => {
  const { world, notice, settle, decisions } = await aWaveWorld(t, outside, all);
  const stream = await notice({
    ...{ kind: 'GitDockerfileChangeEvent', id: 'git:container/base@f28@abc', searchKey: 'base' },
    ...{ repo: 'base', branch: 'f28', rev: 'abc', oldRev: null, filesKnown: false },
    ...{ publisher: 'pagure.git.receive', namespace: 'container' },
  });
  await settle(stream);
  t.deepEqual(world.calls, ['git container/base']);
  t.deepEqual(await decisions(stream), [
    ['base', 'yes', 'config-changed'],
    ['app', 'yes', 'dependency-of-affected'],
  ]);
});

test('what no append can hold is recorded in several, each event within its limit', async (t) => {
  const many = Array.from({ length: 6000 }, (_, index) =>
    holding(anImage(`image:i${index}:f28`), 'openssl-libs-1.1.0-3.fc28'),
  );
  const { hand, notice, settle, decisions } = await aWaveWorld(
    t,
    { ...outside, holders: many, children: {} },
    '',
  );
  const stream = await notice(openssl);
  t.like(await settle(stream), { _tag: 'Right' });
  t.is((await decisions(stream)).length, 6000);
  const recorded = await eventsOf(hand.log, stream);
  t.true(recorded.filter(({ type }) => type === 'LookupAnswered').length > 10);
  t.true(recorded.every(({ data }) => JSON.stringify(data).length < eventLimit));
});

test('an image that holds thousands of RPMs of one update is decided once, by all of them', async (t) => {
  const names = Array.from({ length: 3000 }, (_, index) => `texlive-collection-${index}`);
  const held = names.map((name) => holding(base, `${name}-1.1.0-4.fc28`));
  const old = holding(base, 'openssl-libs-1.1.0-3.fc28');
  const large = { koji: { [nvr]: [...names, 'openssl-libs'] }, holders: [...held, old] };
  const { hand, notice, settle, decisions } = await aWaveWorld(t, large, all);
  const stream = await notice(openssl);
  await settle(stream);
  t.deepEqual(await decisions(stream), [['base', 'yes', 'holds-older-version']]);
  const recorded = await eventsOf(hand.log, stream);
  t.true(recorded.every(({ data }) => JSON.stringify(data).length < eventLimit));
});

test('a rehearsal that is not told what shipped says so, instead of that nothing holds it', async (t) => {
  const { world, notice, settle, typed } = await aWaveWorld(t, outside, all);
  const stream = await notice({ ...openssl, builds: [] } as TriggerReading, 'rehearsal');
  await settle(stream);
  t.deepEqual(world.calls, []);
  const reason = 'Nothing holds what changed. Not looked into: F-1 (not-asked).';
  t.like((await typed(stream)).at(-1), { type: 'TriggerConcluded', reason });
});

test('a build without RPMs is named: that nothing holds it says little', async (t) => {
  const { notice, settle, typed } = await aWaveWorld(t, { koji: { [nvr]: [] } }, all);
  const stream = await notice(openssl);
  await settle(stream);
  const reason = `Nothing holds what changed. Not looked into: ${nvr} (no-rpms).`;
  t.like((await typed(stream)).at(-1), { type: 'TriggerConcluded', reason });
});
