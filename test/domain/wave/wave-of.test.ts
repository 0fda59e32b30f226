import test from 'ava';
import fc from 'fast-check';
import type { Judgement, Subject } from '../../../domain/policy/judge.ts';
import type { Decision } from '../../../domain/trigger/decision.ts';
import type { Noticed, TriggerState } from '../../../domain/trigger/trigger.ts';
import { orderOf } from '../../../domain/wave/compose-order.ts';
import type { WaveRules } from '../../../domain/wave/wave-of.ts';
import { waveOf } from '../../../domain/wave/wave-of.ts';
import { children, held, image, lookups, pushed, shipped, signed } from './an-update.ts';

const older = held('1.1.0-3.fc28');
const gone = held('1.1.0-3.fc28', { now: false });
const until = '2026-12-24T00:00:00.000Z';

const yes: Judgement = { verdict: 'yes', code: 'allowed', rule: 'all' };
const no: Judgement = { verdict: 'no', code: 'denied-by-rule', rule: 'never' };
const later: Judgement = { verdict: 'later', code: 'deferred-by-rule', rule: 'freeze', until };

type Rules = { readonly denied?: ReadonlyArray<string>; readonly deferred?: ReadonlyArray<string> };
const judge =
  ({ denied = [], deferred = [] }: Rules) =>
  ({ name }: Subject): Judgement => {
    if (denied.includes(name)) return no;
    return deferred.includes(name) ? later : yes;
  };
const wave = (
  noticed: Noticed,
  asked: TriggerState['lookups'],
  rules: Rules = {},
  more: Partial<WaveRules> = {},
) => waveOf(noticed, asked, { version: 'p1', judge: judge(rules), ...more });
const short = ({ name, verdict, code, waitsFor }: Decision) => [
  ...[name, verdict, code],
  waitsFor.map((id) => id.replace(/^image:(\w+):f28$/u, '$1')),
];

const family = children('mid:f28<base:f28', 'app:f28<mid:f28');
const chain = lookups({
  images: ['app:f28', 'base:f28', 'mid:f28'].map((key) => image(key, older)),
  children: family,
});

test('images are built once each, on parents of the same wave', (t) => {
  t.deepEqual(wave(shipped, chain).map(short), [
    ['base', 'yes', 'holds-older-version', []],
    ['mid', 'yes', 'holds-older-version', ['base']],
    ['app', 'yes', 'holds-older-version', ['mid']],
  ]);
});

test('an image that is not affected itself is built on a parent that is, and says why', (t) => {
  const asked = lookups({
    images: [image('base:f28', older), image('mid:f28', gone)],
    children: family,
  });
  const decisions = wave(shipped, asked);
  t.deepEqual(decisions.map(short), [
    ['base', 'yes', 'holds-older-version', []],
    ['mid', 'yes', 'dependency-of-affected', ['base']],
    ['app', 'yes', 'dependency-of-affected', ['mid']],
  ]);
  t.deepEqual(
    decisions.map(({ reason }) => reason),
    ['directly_affected', 'dependency', 'dependency'],
  );
  t.like(decisions[1]?.evidence, {
    builtOn: ['image:base:f28'],
    byItself: { code: 'no-longer-holds' },
  });
  t.deepEqual(decisions[2]?.evidence, { builtOn: ['image:mid:f28'] });
});

test('an image that dropped the package is declined where its parent is not rebuilt', (t) => {
  const asked = lookups({ images: [image('base:f28', older), image('tool:f28', gone)] });
  const decisions = wave(shipped, asked, { denied: ['base'] });
  t.deepEqual(decisions.map(short), [
    ['base', 'no', 'denied-by-rule', []],
    ['tool', 'no', 'no-longer-holds', []],
  ]);
  t.is(decisions[1]?.reason, 'directly_affected', 'it is considered for what it held itself');
});

test('what cannot be rebuilt is not, though its parent is', (t) => {
  const asked = lookups({
    images: [image('base:f28', older), image('lost:', older)],
    children: children('lost:<base:f28'),
  });
  t.deepEqual(wave(shipped, asked).map(short), [
    ['base', 'yes', 'holds-older-version', []],
    ['lost', 'no', 'unknown-branch', ['base']],
  ]);
});

test('rules are asked about an image by its kind and its flow', (t) => {
  const asked: Array<Subject> = [];
  const noting = (subject: Subject) => {
    asked.push(subject);
    return yes;
  };
  for (const noticed of [shipped, signed, pushed]) wave(noticed, chain, {}, { judge: noting });
  t.deepEqual([...new Set(asked.map(({ kind, flow }) => `${kind} ${flow}`))].sort(), [
    'image container-fast',
    'image container-push',
    'image container-slow',
  ]);
});

test('a Dockerfile rebuilds its image, and what is built on it', (t) => {
  const asked = { children: 1, 'children/0': children('app:f28<httpd:f28') };
  t.deepEqual(wave(pushed, asked).map(short), [
    ['httpd', 'yes', 'config-changed', []],
    ['app', 'yes', 'dependency-of-affected', ['httpd']],
  ]);
});

test('what is put off takes along whatever would wait for nothing else', (t) => {
  const decisions = wave(shipped, chain, { deferred: ['mid'] });
  t.deepEqual(
    decisions.map(({ name, verdict, code }) => [name, verdict, code]),
    [
      ['base', 'yes', 'holds-older-version'],
      ['mid', 'later', 'deferred-by-rule'],
      ['app', 'later', 'parent-deferred'],
    ],
  );
  t.is(decisions[1]?.evidence['until'], until);
});

test('when its time has come, what was put off joins what was decided before', (t) => {
  const settled = new Map([['image:base:f28', true]]);
  const decisions = wave(shipped, chain, { denied: ['base'] }, { settled });
  t.deepEqual(decisions.map(short), [
    ['base', 'yes', 'holds-older-version', []],
    ['mid', 'yes', 'holds-older-version', ['base']],
    ['app', 'yes', 'holds-older-version', ['mid']],
  ]);
});

test('a parent that turned to no leaves its dependents declined', (t) => {
  const asked = lookups({ images: [image('base:f28', older)], children: family });
  const decisions = wave(shipped, asked, {}, { settled: new Map([['image:base:f28', false]]) });
  t.deepEqual(decisions.slice(1).map(short), [
    ['mid', 'no', 'dependency-declined', []],
    ['app', 'no', 'dependency-declined', []],
  ]);
});

test('in the fast flow everything that is rebuilt waits for the repository too', (t) => {
  const compose = 'compose:signed:openssl-1.1.0-4.fc28';
  const asked = lookups({ ...{ images: [image('base:f28', older)], keys: ['deadbeef'] } });
  t.deepEqual(wave(signed, asked).map(short), [['base', 'yes', 'holds-older-version', [compose]]]);
  const rehearsed = wave({ ...signed, rehearsal: true }, asked);
  t.deepEqual(rehearsed.map(short), [['base', 'yes', 'holds-older-version', []]]);
});

test('builds that are not signed after all make no repository: every image is declined', (t) => {
  const asked = lookups({ images: [image('base:f28', older)], children: family, keys: [] });
  t.deepEqual(
    wave(signed, asked).map(({ verdict, code }) => `${verdict} ${code}`),
    ['no not-signed', 'no not-signed', 'no not-signed'],
  );
});

test('the repository offers what images of the wave hold, for all of their arches', (t) => {
  const asked = lookups({
    images: [image('base:f28', older), image('tool:f28', { ...gone, rpm: 'openssl-perl' })],
    children: family,
    keys: ['deadbeef'],
  });
  t.deepEqual(orderOf(wave(signed, asked, { deferred: ['mid'] }), asked, 3600), {
    builds: ['openssl-1.1.0-4.fc28'],
    packages: ['openssl-libs'],
    sigkeys: ['deadbeef'],
    arches: ['s390x', 'x86_64'],
    secondsToLive: 3600,
  });
});

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const key = fc.constantFrom(...names).map((name) => `${name}:f28`);
const lines = fc.array(
  fc.tuple(key, key).map(([child, on]) => `${child}<${on}`),
  { maxLength: 20 },
);
const aWorld = fc.record({
  affected: fc.subarray(names),
  dropped: fc.subarray(names),
  denied: fc.subarray(names),
  deferred: fc.subarray(names),
  lines,
});
const planOf = (world: typeof aWorld extends fc.Arbitrary<infer World> ? World : never) => {
  const dropped = world.dropped.filter((name) => !world.affected.includes(name));
  const asked = lookups({
    images: [
      ...world.affected.map((name) => image(`${name}:f28`, older)),
      ...dropped.map((name) => image(`${name}:f28`, gone)),
    ],
    children: children(...world.lines),
  });
  return wave(shipped, asked, world);
};

test('whatever is built on whatever, each image is decided once, after all it waits for', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(aWorld, (world) => {
        const order = planOf(world).map(({ artifact }) => artifact);
        return (
          new Set(order).size === order.length &&
          planOf(world).every(({ artifact, waitsFor }) =>
            waitsFor.every((parent) => order.slice(0, order.indexOf(artifact)).includes(parent)),
          )
        );
      }),
    ),
  );
});

test('whatever rules put off, nothing that is built waits for what is not', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(aWorld, (world) => {
        const plan = planOf(world);
        const built = plan.filter(({ verdict }) => verdict === 'yes');
        const ids = new Set(built.map(({ artifact }) => artifact));
        return built.every(({ waitsFor }) => waitsFor.every((parent) => ids.has(parent)));
      }),
    ),
  );
});

test('whatever the world, the same look-ups under the same rules give the same decisions', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(
        aWorld,
        (world) => JSON.stringify(planOf(world)) === JSON.stringify(planOf(structuredClone(world))),
      ),
    ),
  );
});

test('without rules that put off, nothing is put off', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(aWorld, (world) =>
        planOf({ ...world, deferred: [] }).every(({ verdict }) => verdict !== 'later'),
      ),
    ),
  );
});
