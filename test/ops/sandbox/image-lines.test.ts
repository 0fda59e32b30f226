import test from 'ava';
import { imageLine, packageLine } from '../../../ops/sandbox/distribution/images.ts';
import { inventedDistribution } from '../../../ops/sandbox/distribution/invented.ts';
import { compareEvr, compareParts } from '../../../ops/sandbox/koji/evr.ts';

test('a line tells all there is of an image', (t) => {
  const line =
    'image web:f28 as web-container from base:f28 holds a,b=src,c=src%nodejs:20 past same past ksh,-a branchless';
  t.deepEqual(imageLine(line), {
    ...{ name: 'web', branch: 'f28', component: 'web-container', from: 'base:f28' },
    holds: [
      { rpm: 'a', source: 'a' },
      { rpm: 'b', source: 'src' },
      { rpm: 'c', source: 'src', module: 'nodejs:20' },
    ],
    past: [
      { held: [], without: [] },
      { held: [{ rpm: 'ksh', source: 'ksh' }], without: ['a'] },
    ],
    ...{ branchTold: false, built: true },
  });
});

test('a line that names no image is refused', (t) => {
  t.throws(() => imageLine('image base holds bash'), { message: /name:branch/ });
});

test('a line tells epoch, version and RPMs of a package, or leaves them at their usual', (t) => {
  t.deepEqual(packageLine('package openssl 1:1.1.0f gives openssl,openssl-libs'), {
    ...{ name: 'openssl', epoch: 1, version: '1.1.0f', rpms: ['openssl', 'openssl-libs'] },
  });
  t.deepEqual(packageLine('package bash'), {
    ...{ name: 'bash', epoch: null, version: '1.0', rpms: [] },
  });
});

const images = inventedDistribution.images ?? [];
const byName = new Map(images.map((image) => [`${image.name}:${image.branch}`, image]));

const depth = (name: string | undefined): number => {
  const image = byName.get(name ?? '');
  return image === undefined ? 0 : 1 + depth(image.from);
};

test('every parent of an invented image is an image, and the longest chain is six deep', (t) => {
  for (const { from } of images) t.true(from === undefined || byName.has(from), from);
  t.is(images.length, 45);
  t.is(Math.max(...[...byName.keys()].map(depth)), 6);
  t.is(depth('shop-plugin:f28'), 6);
});

test('most invented images have three builds before the newest', (t) => {
  const many = images.filter(({ past }) => past.length >= 3);
  t.true(many.length > 35);
});

const ORDER = [
  ['1.0', '1.0', 0],
  ['1.0~rc1', '1.0', -1],
  ['1.0', '1.0^git1', -1],
  ['1.10', '1.9', 1],
  ['1.0a', '1.0', 1],
  ['1.0', '1.0.1', -1],
  ['1.a', '1.1', -1],
  ['007', '7', 0],
  ['1_2', '1.2', 0],
  ['1.module_f28+1', '1.module+3', -1],
] as const;

for (const [left, right, order] of ORDER) {
  test(`${left} and ${right} compare as RPM says: ${order}`, (t) => {
    t.is(Math.sign(compareParts(left, right)), order);
    t.is(Math.sign(compareParts(right, left)), 0 - order);
  });
}

test('an epoch outweighs any version, and none is epoch 0', (t) => {
  const evr = (epoch: number | null, version: string) => ({ epoch, version, release: '1' });
  t.true(compareEvr(evr(1, '1'), evr(null, '9')) > 0);
  t.is(compareEvr(evr(0, '1'), evr(null, '1')), 0);
});
