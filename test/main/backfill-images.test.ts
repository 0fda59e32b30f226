import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import test from 'ava';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { ImageAnswer, Koji } from '../../clients/koji/port.ts';
import { imageContentsStream } from '../../domain/stream-names.ts';
import { openEmbeddedLog } from '../../event-log/embedded/embedded-log.ts';
import type { ImageBackfillDeps } from '../../main/commands/backfill.ts';
import { backfillImagesCommand } from '../../main/commands/backfill.ts';
import { aKoji } from '../support/a-koji.ts';
import { aFolder } from '../support/ingest-world.ts';
import { must } from '../support/service.ts';

const nvrOf = (id: number): string => `oak${id}-1-1`;
const anImage = (id: number): ImageAnswer => ({
  type: 'image',
  contents: {
    ...{ buildId: id, nvr: nvrOf(id), component: `oak${id}`, namespace: 'container' },
    ...{ name: `oak${id}`, branch: 'f28', target: null, commit: null, parent: null },
    ...{ arches: [], taskId: null, completedAt: null },
    rpms: [{ nvr: 'bash-5-1', epoch: null, source: 'bash' }],
  },
});
const range = (from: number, to: number): ReadonlyArray<number> =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at);

const away = { code: 'koji-unavailable', reason: 'Koji is down' } as const;

/** A list of image builds in Koji's order, and what Koji says of those that are no images. */
const anArchive = (t: ExecutionContext) => {
  const file = join(aFolder(t), 'log.db');
  const none = new Map<number, ImageAnswer>();
  const world = { ids: range(1, 250), downAt: Infinity, asked: [] as Array<number>, none };
  const imageBuilds: Koji['imageBuilds'] = (offset, limit) => () => {
    if (offset >= world.downAt) return TE.left(away)();
    const ids = world.ids.slice(offset, offset + limit);
    return TE.right({
      builds: ids.map((id) => ({ id, nvr: nvrOf(id) })),
      total: world.ids.length,
    })();
  };
  const imageContents: Koji['imageContents'] = (builds) => () => {
    world.asked.push(...builds.map(Number));
    return TE.right(builds.map((id) => none.get(Number(id)) ?? anImage(Number(id))))();
  };
  return { file, world, koji: { imageBuilds, imageContents } };
};

type Scene = { readonly file: string; readonly koji: ImageBackfillDeps['koji'] };

const run = async (
  { file, koji }: Scene,
  changes: Partial<ImageBackfillDeps> = {},
  json = false,
) => {
  const said = { out: '', err: '' };
  const code = await backfillImagesCommand(
    {
      ...{ openLog: () => openEmbeddedLog({ file }), koji },
      stdout: (text) => void (said.out += text),
      stderr: (text) => void (said.err += text),
      ...{ isTerminal: false, clock: () => 0, patience: [] },
      ...{ newId: randomUUID, now: () => '2026-03-03T14:00:00.000Z' },
      ...{ actor: 'ann', codeVersion: '0.1.0', ...changes },
    },
    { json },
  );
  return { code, ...said };
};

/** NVRs whose contents are on record, as often as they are. */
const recorded = async ({ file }: Scene): Promise<ReadonlyArray<string>> => {
  const log = must(await openEmbeddedLog({ file })());
  const types = ['ImageContentsRecorded'];
  const page = must(await log.readAll('', { categories: ['image'], types }, 1000)());
  await log.close();
  return page.events.map(({ data }) => data['nvr'] as string).sort();
};

test('every image build of Koji is recorded once, however often it is run', async (t) => {
  const archive = anArchive(t);
  const first = await run(archive);
  t.is(first.code, 0);
  t.regex(first.out, /^250 of 250 image builds looked at; in this run 250 newly on record, 0 on/);
  t.is(archive.world.asked.length, 250);
  const second = await run(archive);
  t.regex(second.out, /in this run 0 newly on record, 250 on record before, 0 dismissed, 0 unre/);
  t.is(archive.world.asked.length, 250);
  t.deepEqual(await recorded(archive), range(1, 250).map(nvrOf).sort());
});

test('a run that was cut short is gone on with, and nothing is asked for twice', async (t) => {
  const archive = anArchive(t);
  archive.world.downAt = 200;
  const first = await run(archive);
  t.is(first.code, 4);
  t.regex(first.err, /Koji is down.*run it again to go on/);
  archive.world.downAt = Infinity;
  const second = await run(archive);
  t.regex(second.err, /Going on after page 2/);
  t.regex(second.out, /^250 of 250 .* in this run 50 newly on record/);
  t.deepEqual(archive.world.asked, range(1, 250));
});

test('builds that left the list meanwhile make a resumed run pass over none of the others', async (t) => {
  const archive = anArchive(t);
  archive.world.downAt = 200;
  await run(archive);
  archive.world.downAt = Infinity;
  archive.world.ids = range(110, 250);
  await run(archive);
  t.deepEqual(await recorded(archive), range(1, 250).map(nvrOf).sort());
});

test('what is no image is dismissed for ever, what could not be read is asked for again', async (t) => {
  const archive = anArchive(t);
  const { world } = archive;
  world.ids = range(1, 5);
  world.none.set(2, { type: 'none', code: 'not-an-image', reason: 'a disk image' });
  world.none.set(3, { type: 'none', code: 'unreadable', reason: 'no archives' });
  world.none.set(4, { type: 'none', code: 'missing', reason: 'deleted' });
  const first = await run(archive, {}, true);
  t.like(JSON.parse(first.out), { complete: true, recorded: 2, known: 0, dismissed: 2 });
  t.deepEqual((JSON.parse(first.out) as { unreadable: unknown }).unreadable, [
    'oak3-1-1: no archives',
  ]);
  world.asked = [];
  world.none.delete(3);
  const second = await run(archive);
  t.deepEqual(world.asked, [3, 4]);
  t.regex(second.out, /1 newly on record, 3 on record before, 1 dismissed, 0 unreadable/);
});

test('Ctrl-C ends a run cleanly after the page under way', async (t) => {
  const archive = anArchive(t);
  const stopping = new AbortController();
  const imageContents: Koji['imageContents'] = (builds) => {
    stopping.abort();
    return archive.koji.imageContents(builds);
  };
  const koji = { ...archive.koji, imageContents };
  const first = await run(archive, { signal: stopping.signal, koji });
  t.is(first.code, 130);
  t.is((await recorded(archive)).length, 100);
  t.is((await run(archive)).code, 0);
  t.is((await recorded(archive)).length, 250);
});

test('on a terminal it says how fast it is and how long still, also when it goes on', async (t) => {
  const archive = anArchive(t);
  archive.world.downAt = 200;
  await run(archive);
  archive.world.downAt = Infinity;
  let at = 0;
  const clock = (): number => (at += 1000);
  const { err } = await run(archive, { isTerminal: true, clock });
  t.regex(err, /200 of 250 image builds, 100\/s, about 1 s left/);
});

test('images of a Koji on the wire are recorded with what they hold and were built from', async (t) => {
  const { koji } = await aKoji(
    t,
    ...['image base:f28 holds bash', 'image httpd:f28 from base:f28 holds openssl-libs=openssl'],
  );
  const scene = { file: join(aFolder(t), 'log.db'), koji };
  const made = await run(scene);
  t.is(made.code, 0, made.err);
  t.regex(made.out, /^2 of 2 image builds looked at; in this run 2 newly on record/);
  const httpd = (await recorded(scene)).find((nvr) => nvr.startsWith('httpd')) ?? '';
  const log = must(await openEmbeddedLog({ file: scene.file })());
  const events = must(await log.readStream(imageContentsStream(httpd), 0, 10)());
  await log.close();
  t.like(events.at(-1)?.data, { name: 'httpd', branch: 'f28', namespace: 'container' });
  t.regex(JSON.stringify(events.at(-1)?.data['parent']), /"nvr":"base-/);
});
