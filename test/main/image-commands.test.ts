import test from 'ava';
import { buildsShow } from '../../main/commands/builds.ts';
import { composesList, composesShow } from '../../main/commands/composes.ts';
import { imagesList } from '../../main/commands/images.ts';
import { whyNot } from '../../main/commands/why-not.ts';
import { why } from '../../main/commands/why.ts';
import { aBuild, aDecision, anEvent, eventsAndBuilds } from '../support/api-rows.ts';
import { anAsker } from '../support/asking-world.ts';
import { aCompose, imageStock } from '../support/image-rows.ts';

const evidence = { held: 'openssl-libs-1.1.0-3', update: 'openssl-libs-1.1.1-1' };
const from = { build: 'openssl-1.1.1-1' };
const image = { artifact: 'image:httpd:f28', kind: 'image', branch: 'f28' };
const order = {
  ...{ repository: 'container/httpd', target: 'f28-container-candidate', release: '5.17' },
  ...{ parent: 'base-1-5.17', originalParent: 'base-1-1', arches: ['x86_64'], composes: [12] },
};
const stock = {
  ...imageStock,
  ...eventsAndBuilds(
    [anEvent({ id: 1, eventTypeId: 7 })],
    [
      aBuild({
        ...{ id: 1, type: 1, name: 'httpd', branch: 'f28', artifact: 'image:httpd:f28' },
        ...{ originalNvr: 'httpd-1-3', rebuiltNvr: 'httpd-1-5.17', odcsComposes: [12] },
        buildArgs: { branch: 'f28', release: '5.17', parent: 'base-1-5.17', target: order.target },
        attempts: [
          {
            ...{ attempt: 1, commit: 'abc', externalIds: [9], outcome: 'succeeded', reason: null },
            ...{ order, nvr: 'httpd-1-5.17' },
          },
        ],
      }),
    ],
  ),
  decisions: {
    '1/httpd': aDecision({
      ...{ eventId: 1, name: 'httpd', ...image, code: 'holds-older-version' },
      evidence: { ...evidence, ...from, image: 'httpd-1-3' },
    }),
    '1/php': aDecision({
      ...{ eventId: 1, name: 'php', ...image, artifact: 'image:php:f28', verdict: 'no' },
      ...{ code: 'no-longer-holds', rule: null },
      evidence: { ...evidence, ...from, image: 'php-1-2', newest: 'php-1-3' },
    }),
  },
};
const list = { limit: '20', page: '1' };

test('images that ever held a package are listed with its first and last version', async (t) => {
  const { deps, said } = await anAsker(t, stock);
  t.is(await imagesList(deps, { ...list, package: 'openssl-libs' }), 0);
  t.regex(
    said.out,
    /^httpd:f28 +httpd-1-3 +yes +openssl-libs-1\.1\.0-3 in httpd-1-1 +openssl-libs-1\.1\.1-1 in httpd-1-3$/m,
  );
  t.regex(said.out, /^php:f28 +php-1-3 +no +/m);
});

test('images are narrowed to those that hold it now, and listed plainly without a package', async (t) => {
  const { deps, said } = await anAsker(t, stock);
  await imagesList(deps, { ...list, source: 'openssl', now: true });
  t.notRegex(said.out, /php/);
  said.out = '';
  await imagesList(deps, list);
  t.regex(said.out, /^base:f28 +base-1-3 +2026-11-22 16:55 +-$/m);
  said.out = '';
  await imagesList(deps, { ...list, name: 'php', json: true });
  t.is((JSON.parse(said.out) as { readonly items: ReadonlyArray<unknown> }).items.length, 1);
});

test('composes tell what they are made of and which builds used them', async (t) => {
  const { deps, said } = await anAsker(t, stock);
  t.is(await composesList(deps, list), 0);
  t.regex(said.out, /^2 +ready +12 +2026-11-23 16:40 +openssl-1\.1\.1-1 +2 +http:\/\/odcs/m);
});

const usedByOne = {
  composes: { x: aCompose({ usedBy: [{ build: 1, attempt: 1, composeId: 12 }] }) },
};

test('one compose tells every image it went into, by build and outcome', async (t) => {
  const { deps, said } = await anAsker(t, { ...stock, ...usedByOne });
  t.is(await composesShow(deps, '12', {}), 0);
  t.regex(said.out, /^ +made of +openssl-1\.1\.1-1$/m);
  t.regex(said.out, /^httpd-1-5\.17 +image:httpd:f28 +12 +1 +1 +succeeded$/m);
  t.is(await composesShow(deps, '77', {}), 2);
  t.is(await composesShow(deps, 'nonsense', {}), 2);
});

test('an image tells in one step which signed builds its compose was made of', async (t) => {
  const { deps, said } = await anAsker(t, { ...stock, ...usedByOne });
  for (const command of [buildsShow, why]) {
    said.out = '';
    t.is(await command(deps, 'httpd-1-5.17', {}), 0);
    t.regex(said.out, /^ +made of +12 of openssl-1\.1\.1-1$/m);
  }
});

test('an image is known by name and branch where no module is', async (t) => {
  const { deps, said } = await anAsker(t, stock);
  t.is(await whyNot(deps, 'php:f28', {}), 0);
  t.regex(said.out, /1 of 1 decisions on image:php:f28 were not yes/);
  said.out = '';
  t.is(await why(deps, 'httpd:f28', {}), 0);
  t.regex(said.out, /^ +artifact +image:httpd:f28$/m);
});

test('a build of an image shows release, parent and composes', async (t) => {
  const { deps, said } = await anAsker(t, stock);
  await buildsShow(deps, 'httpd-1-5.17', {});
  for (const [name, value] of [
    ...[['rebuilds', 'httpd-1-3'] as const, ['becomes', 'httpd-1-5.17'] as const],
    ...[['release', '5.17'] as const, ['parent', 'base-1-5.17'] as const],
    ['composes', '12'] as const,
  ]) {
    t.regex(said.out, new RegExp(`^ +${name} +${value}$`, 'm'));
  }
});

test('why of an image says in a sentence which image held which older version', async (t) => {
  const { deps, said } = await anAsker(t, stock);
  await why(deps, 'image:httpd:f28', {});
  t.regex(
    said.out,
    /image httpd-1-3 holds openssl-libs-1\.1\.0-3, older than openssl-libs-1\.1\.1-1 \(of openssl-1\.1\.1-1\) of the update/,
  );
});

test('why-not of an image says what it held and that the newest does not', async (t) => {
  const { deps, said } = await anAsker(t, stock);
  t.is(await whyNot(deps, 'image:php:f28', {}), 0);
  t.regex(said.out, /image php-1-2 held openssl-libs-1\.1\.0-3; the newest, php-1-3, does not/);
});

test('why-not takes the NVR of an image, and tells what would make it a candidate', async (t) => {
  const { deps, said } = await anAsker(t, stock);
  await whyNot(deps, 'httpd-1-3', { json: true });
  t.like(JSON.parse(said.out), { artifact: 'image:httpd:f28', image: { name: 'httpd' } });
  said.out = '';
  await whyNot(deps, 'image:base:f28', {});
  t.regex(said.out, /never a candidate of any event/);
  t.regex(said.out, /its Dockerfile changes/);
  said.out = '';
  await whyNot(deps, 'image:nobody:f28', {});
  t.regex(said.out, /No build of it is on record.*\n.*backfill images/);
});
