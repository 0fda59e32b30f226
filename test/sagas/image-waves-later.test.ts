import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import { artifact } from '../../domain/artifact/artifact.ts';
import { artifactStream, composeStream } from '../../domain/stream-names.ts';
import type { TriggerReading } from '../../domain/trigger/reading.ts';
import { carryOut } from '../../event-log/carry-out.ts';
import { must } from '../support/service.ts';
import { anImage, aWaveWorld, holding } from '../support/wave-world.ts';

const nvr = 'openssl-1.1.0-4.fc28';
const openssl: TriggerReading = {
  ...{ kind: 'BodhiUpdateCompleteStableEvent', id: 'bodhi:F-1', searchKey: 'F-1', via: 'bodhi' },
  ...{ branch: 'f28', builds: [{ nvr, type: 'rpm' }] },
};
const signed: TriggerReading = {
  ...{ kind: 'BrewSignRPMEvent', id: `signed:${nvr}`, searchKey: nvr, nvr },
  ...{ branch: 'f28', via: 'signatures' },
};
const compose = composeStream('real', signed.id);

const [base, mid, app] = ['base', 'mid', 'app'].map((name) => anImage(`image:${name}:f28`)) as [
  ReturnType<typeof anImage>,
  ReturnType<typeof anImage>,
  ReturnType<typeof anImage>,
];
const outside = {
  koji: { [nvr]: ['openssl', 'openssl-libs'] },
  holders: [holding(base, 'openssl-libs-1.1.0-3.fc28')],
  children: { 'image:base:f28': [mid], 'image:mid:f28': [app] },
  keys: ['deadbeef'],
};
const all = '{ id: all, allow: { kind: image } }';
const freeze = (name: string) =>
  `${all}, { id: freeze, later: { name: ${name} }, until: '2026-03-01T12:00Z' }`;

const put = [
  ['base', 'yes', 'holds-older-version'],
  ['mid', 'later', 'deferred-by-rule'],
  ['app', 'later', 'parent-deferred'],
];

test('what is put off takes its cause when its time has come, and each turn is an event', async (t) => {
  const { world, notice, settle, decisions, typed, artifactOf } = await aWaveWorld(
    t,
    outside,
    freeze('mid'),
  );
  const stream = await notice(openssl);
  t.deepEqual(await settle(stream), E.right({ after: 60_000 }));
  t.deepEqual(await decisions(stream), put);
  t.is((await artifactOf(mid.artifact)).causes[openssl.id], undefined);

  world.now = '2026-03-01T11:59:59.000Z';
  t.deepEqual(await settle(stream), E.right({ after: 1000 }));
  world.now = '2026-03-01T12:00:00.000Z';
  await settle(stream);
  t.deepEqual(
    (await decisions(stream)).map(([name, verdict]) => `${name ?? ''} ${verdict ?? ''}`),
    ['base yes', 'mid yes', 'app yes'],
  );
  t.deepEqual((await artifactOf(app.artifact)).causes[openssl.id]?.waitsFor, [mid.artifact]);
  const told = (await typed(stream)).map(({ type }) => type);
  t.is(told.filter((type) => type === 'CandidateRedecided').length, 2);
  t.is(told.filter((type) => type === 'WaveLaunched').length, 2);
});

test('a policy that changes turns what was put off, and what hangs on it', async (t) => {
  const { adopt, notice, settle, decisions, typed } = await aWaveWorld(t, outside, freeze('base'));
  const stream = await notice(openssl);
  await settle(stream);
  t.deepEqual(
    (await decisions(stream)).map(([, verdict]) => verdict),
    ['later', 'later', 'later'],
  );
  await adopt(`${all}, { id: never, deny: { name: base } }`);
  await settle(stream);
  t.deepEqual(await decisions(stream), [
    ['base', 'no', 'denied-by-rule'],
    ['mid', 'no', 'dependency-declined'],
    ['app', 'no', 'dependency-declined'],
  ]);
  t.like((await typed(stream)).at(-1), { type: 'TriggerConcluded', code: 'all-declined' });
});

test('looking again before anything turned records nothing', async (t) => {
  const { notice, settle, typed } = await aWaveWorld(t, outside, freeze('mid'));
  const stream = await notice(openssl);
  await settle(stream);
  const before = await typed(stream);
  await settle(stream);
  t.deepEqual(await typed(stream), before);
});

test('what was decided for good stays, though the policy would say otherwise by now', async (t) => {
  const { adopt, notice, settle, decisions } = await aWaveWorld(t, outside, freeze('mid'));
  const stream = await notice(openssl);
  await settle(stream);
  await adopt(`${all}, { id: never, deny: { name: base } }`);
  await settle(stream);
  t.deepEqual(await decisions(stream), [
    ['base', 'yes', 'holds-older-version'],
    ['mid', 'yes', 'dependency-of-affected'],
    ['app', 'yes', 'dependency-of-affected'],
  ]);
});

/** Ends the claims of these images, as a policy that denies them at the start does. */
const withdraw = async (
  { hand }: Pick<Awaited<ReturnType<typeof aWaveWorld>>, 'hand'>,
  trigger: string,
  ...ids: ReadonlyArray<string>
): Promise<void> => {
  const [code, explanation] = ['denied-by-rule', 'Not any more.'];
  for (const id of ids) {
    must(
      await carryOut(hand)(
        artifactStream('real', id),
        artifact,
        { correlationId: 'm' },
        {
          ...{ type: 'Start', at: '2026-03-02T10:00:00.000Z', policyVersion: 'p', afterTrigger: 1 },
          ...{ denied: [{ trigger, code, explanation }], overdueSince: '' },
        },
      ),
    );
  }
};

test('a trigger is not concluded while anything is put off', async (t) => {
  const world = await aWaveWorld(t, outside, freeze('mid'));
  const stream = await world.notice(openssl);
  await world.settle(stream);
  await withdraw(world, openssl.id, base.artifact);
  await world.settle(stream);
  t.is((await world.stateOf(stream)).concluded, null);

  world.world.now = '2026-03-01T12:00:00.000Z';
  await world.settle(stream);
  await withdraw(world, openssl.id, mid.artifact, app.artifact);
  await world.settle(stream);
  t.like((await world.stateOf(stream)).concluded, { withdrawn: 3 });
});

test('signed builds make one repository, of what images hold, before any image takes the cause', async (t) => {
  const world = await aWaveWorld(t, outside, freeze('mid'));
  const stream = await world.notice(signed);
  await world.settle(stream);
  const told = await world.typed(compose);
  t.is(told.length, 1);
  t.like(told[0], { type: 'ComposeWanted', trigger: signed.id, number: 1 });
  t.deepEqual(told[0]?.type === 'ComposeWanted' ? told[0].order : null, {
    ...{ builds: [nvr], packages: ['openssl', 'openssl-libs'], sigkeys: ['deadbeef'] },
    ...{ arches: ['x86_64'], secondsToLive: 3600 },
  });
  const positionOf = async (of: string) => must(await world.hand.log.last(of)())?.position ?? '';
  t.true((await positionOf(compose)) < (await positionOf(artifactStream('real', base.artifact))));
  const claim = (await world.artifactOf(base.artifact)).causes[signed.id];
  t.deepEqual(claim?.waitsFor, [`compose:${signed.id}`]);

  world.world.now = '2026-03-01T12:00:00.000Z';
  await world.settle(stream);
  t.is((await world.typed(compose)).length, 1);
  const later = (await world.artifactOf(mid.artifact)).causes[signed.id];
  t.deepEqual(later?.waitsFor, [base.artifact, `compose:${signed.id}`]);
});

test('the repository is released when nothing of the trigger is open', async (t) => {
  const world = await aWaveWorld(t, outside, all);
  const stream = await world.notice(signed);
  await world.settle(stream);
  await withdraw(world, signed.id, base.artifact, mid.artifact);
  await world.settle(stream);
  t.is((await world.typed(compose)).at(-1)?.type, 'ComposeWanted');
  await withdraw(world, signed.id, app.artifact);
  await world.settle(stream);
  t.is((await world.typed(compose)).at(-1)?.type, 'ComposeReleased');
  t.not((await world.stateOf(stream)).concluded, null);
});

test('builds that are still not signed after ten minutes make no repository, and nothing is rebuilt', async (t) => {
  const world = await aWaveWorld(t, { ...outside, keys: [] }, all);
  const stream = await world.notice(signed);
  const waiting = await world.settle(stream);
  t.true(E.isLeft(waiting) && waiting.left.code === 'not-signed-yet');
  t.deepEqual(await world.decisions(stream), []);

  world.world.now = '2026-03-01T10:10:00.000Z';
  await world.settle(stream);
  t.deepEqual(
    (await world.decisions(stream)).map(([, , code]) => code),
    ['not-signed', 'not-signed', 'not-signed'],
  );
  t.deepEqual(await world.typed(compose), []);
});

test('where no image is affected nobody asks for signatures', async (t) => {
  const world = await aWaveWorld(t, { ...outside, holders: [] }, all);
  const stream = await world.notice(signed);
  await world.settle(stream);
  t.false(world.world.calls.includes('koji signatures'));
  t.like((await world.typed(stream)).at(-1), { code: 'no-candidates' });
});

test('a rehearsal of signed builds makes no repository, and plans the same images', async (t) => {
  const world = await aWaveWorld(t, outside, all);
  const stream = await world.notice(signed, 'rehearsal');
  await world.settle(stream);
  t.deepEqual(
    (await world.decisions(stream)).map(([, verdict]) => verdict),
    ['yes', 'yes', 'yes'],
  );
  t.deepEqual(await world.typed(compose), []);
  t.deepEqual(world.world.calls, []);
});
