import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import test from 'ava';
import fc from 'fast-check';
import type { ImageContents } from '../../domain/image/events.ts';
import { openEmbeddedReadModels } from '../../projectors/embedded/open.ts';
import { askImages } from '../../projectors/image-index/ask.ts';
import { imageIndexProjector } from '../../projectors/image-index/project.ts';
import { imageIndexModel } from '../../projectors/image-index/row.ts';
import { imagesProjector } from '../../projectors/images/project.ts';
import type { Projector } from '../../projectors/projector.ts';
import { imagesModel } from '../../projectors/images/row.ts';
import { contents, openssl, recorded, rpm } from './image-stories.ts';
import { must, writerOf } from './read-models-suite.ts';
import type { Told } from './told.ts';
import { foldInto, record } from './told.ts';

const projectors: ReadonlyArray<Projector> = [imageIndexProjector, imagesProjector];

/** Both models told from a history, each event a page of its own, and what can be asked of them. */
const asked = async (t: ExecutionContext, history: ReadonlyArray<Told>) => {
  const folder = mkdtempSync(join(tmpdir(), 'freshmaker-images-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const models = await must(openEmbeddedReadModels({ file: join(folder, 'rows.db') }));
  t.teardown(() => models.close());
  const events = record(history);
  for (const projector of projectors) {
    const writer = await writerOf(models, projector.model);
    for (const event of events) {
      const loaded = await must(writer.load(projector.touches(event)));
      const after = foldInto(projector, loaded, [event]);
      const checkpoint = { logId: 'l', position: event.position, hash: 'h' };
      await must(writer.commit([...after.values()], checkpoint));
    }
  }
  return askImages(models.reader(imageIndexModel), models.reader(imagesModel));
};

const builds = (...told: ReadonlyArray<ImageContents>) => told.flatMap((one) => recorded(one));

const bash = rpm('bash-4.4-1', 'bash');
const story = builds(
  contents(1, [openssl('1.1.0-3'), bash]),
  contents(2, [openssl('1.1.1-1'), bash]),
  contents(3, [bash]),
);

test('an image that dropped a package tells what it held first, last and lowest, and not now', async (t) => {
  const { holders, asOf } = await must((await asked(t, story)).everHeld('openssl-libs'));
  const held = (version: string, buildId: number) => ({
    ...{ rpm: `openssl-libs-${version}`, epoch: null, nvr: `httpd-1-${buildId}`, buildId },
  });
  t.is(asOf, '00000000000000000006');
  t.deepEqual(holders, [
    {
      image: {
        ...{ artifact: 'image:httpd:f28', name: 'httpd', branch: 'f28', namespace: 'container' },
        target: 'f28-container-candidate',
        newest: { nvr: 'httpd-1-3', buildId: 3, parentNvr: null, arches: ['x86_64'] },
      },
      ...{ rpmName: 'openssl-libs', source: 'openssl', now: false },
      ...{ lowest: held('1.1.0-3', 1), first: held('1.1.0-3', 1), last: held('1.1.1-1', 2) },
    },
  ]);
});

test('an image that still holds a package tells the newest build as the last', async (t) => {
  const { holders } = await must((await asked(t, story)).everHeld('bash'));
  t.like(holders[0], { now: true, first: { nvr: 'httpd-1-1' }, last: { nvr: 'httpd-1-3' } });
});

test('a build without any package holds nothing any more', async (t) => {
  const index = await asked(t, [...story, ...builds(contents(4, []))]);
  t.like((await must(index.everHeld('bash'))).holders[0], { now: false, last: { buildId: 3 } });
});

test('the lowest version is the lowest as RPM compares, epochs included', async (t) => {
  const zlib = (nvr: string, epoch: number | null) => rpm(nvr, 'zlib', epoch);
  const index = await asked(
    t,
    builds(
      contents(1, [zlib('zlib-1.10-1', null)]),
      contents(2, [zlib('zlib-1.9-1', null)]),
      contents(3, [zlib('zlib-1.1-1', 1)]),
      contents(4, [zlib('zlib-1.9~rc1-1', null)]),
    ),
  );
  const { holders } = await must(index.everHeld('zlib'));
  t.like(holders[0], { lowest: { rpm: 'zlib-1.9~rc1-1', buildId: 4 }, last: { buildId: 4 } });
});

test('of several versions in one build the lower one stands for it', async (t) => {
  const index = await asked(t, builds(contents(1, [openssl('2-1'), bash, openssl('1-1')])));
  const { holders } = await must(index.everHeld('openssl-libs'));
  t.like(holders[0], { first: { rpm: 'openssl-libs-1-1' }, last: { rpm: 'openssl-libs-1-1' } });
});

test('images are found by source package, once for each RPM of it', async (t) => {
  const both = [openssl('1-1'), rpm('openssl-1-1', 'openssl')];
  const other = contents(2, [openssl('1-1')], { name: 'php', nvr: 'php-1-2', component: 'php' });
  const index = await asked(t, builds(contents(1, both), other));
  const { holders } = await must(index.everHeldOfSource('openssl'));
  t.deepEqual(holders.map(({ image, rpmName }) => `${image.name} ${rpmName}`).sort(), [
    ...['httpd openssl', 'httpd openssl-libs', 'php openssl-libs'],
  ]);
});

for (const [older, newer] of [
  ['openssl', 'openssl3'],
  ['openssl3', 'openssl'],
] as const) {
  test(`an RPM that came from ${older} and now comes from ${newer} is told once, as of now`, async (t) => {
    const of = (source: string) => [rpm('openssl-libs-1-1', source)];
    const index = await asked(t, builds(contents(1, of(older)), contents(2, of(newer))));
    const { holders } = await must(index.everHeld('openssl-libs'));
    t.is(holders.length, 1);
    t.like(holders[0], { source: newer, now: true, first: { buildId: 1 }, last: { buildId: 2 } });
  });
}

test('an image whose branch is not known is one by itself', async (t) => {
  const index = await asked(t, builds(contents(1, [bash], { branch: null }), contents(2, [bash])));
  const { holders } = await must(index.everHeld('bash'));
  t.deepEqual(holders.map(({ image }) => image.artifact).sort(), [
    ...['image:httpd:', 'image:httpd:f28'],
  ]);
});

const on = (buildId: number, name: string, parent: string | null, branch = 'f28') =>
  contents(buildId, [bash], {
    ...{ name, component: name, nvr: `${name}-1-${buildId}`, branch },
    parent: parent === null ? null : { nvr: parent, buildId: 1 },
  });

test('children are the images whose newest build stands on any build of the parent', async (t) => {
  const index = await asked(
    t,
    builds(
      ...[on(1, 'base', null), on(2, 'base', null), on(3, 'old', 'base-1-1')],
      ...[on(4, 'new', 'base-1-2'), on(5, 'left', 'base-1-2'), on(6, 'left', 'other-1-9')],
    ),
  );
  const { images } = await must(index.children('image:base:f28'));
  t.deepEqual(images.map(({ name }) => name).sort(), ['new', 'old']);
});

test('a parent build that is not on record counts by component and branch', async (t) => {
  const index = await asked(
    t,
    builds(
      ...[on(1, 'base', null), on(2, 'base', null, 'f27')],
      ...[on(3, 'app', 'base-1-77'), on(4, 'app', 'base-1-77', 'f27')],
    ),
  );
  const { images } = await must(index.children('image:base:f28'));
  t.deepEqual(
    images.map(({ artifact }) => artifact),
    ['image:app:f28'],
  );
});

test('what is not on record is told as such', async (t) => {
  const index = await asked(t, []);
  t.deepEqual((await must(index.everHeld('bash'))).holders, []);
  t.deepEqual((await must(index.children('image:a:b'))).images, []);
  t.is((await must(index.image('image:a:b'))).image, undefined);
});

const versions = fc.constantFrom('1.0-1', '1.0-2', '1.10-1', '1.9-1', '2.0~rc1-1');
const someRpms = fc.array(
  fc
    .tuple(fc.constantFrom('a', 'b', 'c'), versions, fc.constantFrom(null, 0, 1))
    .map(([name, version, epoch]) => rpm(`${name}-${version}`, 'src', epoch)),
  { maxLength: 5 },
);
const history = fc
  .array(someRpms, { minLength: 1, maxLength: 6 })
  .map((all) => all.map((rpms, index) => contents(index + 1, rpms)));
const bodies = (told: ReadonlyArray<ImageContents>) => {
  const rows = foldInto(imageIndexProjector, new Map(), record(builds(...told)));
  return Object.fromEntries([...rows].map(([id, { body }]) => [id, body]));
};

test('in whatever order builds come to be recorded, the rows are the same', (t) => {
  fc.assert(
    fc.property(
      history.chain((told) =>
        fc.tuple(
          fc.constant(told),
          fc.shuffledSubarray(told, { minLength: told.length, maxLength: told.length }),
        ),
      ),
      ([told, shuffled]) => {
        t.deepEqual(bodies(shuffled), bodies(told));
      },
    ),
  );
});
