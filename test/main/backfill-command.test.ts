import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Mbs } from '../../clients/mbs/port.ts';
import type { ModuleContents } from '../../domain/module/events.ts';
import { openEmbeddedLog } from '../../event-log/embedded/embedded-log.ts';
import type { BackfillDeps } from '../../main/commands/backfill.ts';
import { backfillCommand } from '../../main/commands/backfill.ts';
import { aFolder } from '../support/ingest-world.ts';

const contents = (buildId: number): ModuleContents => ({
  type: 'ModuleContentsRecorded',
  buildId,
  ...{ name: `m${buildId}`, stream: '1', version: '1', context: 'c', commit: null },
  ...{ components: [], buildRequires: [], completedAt: null },
});

const range = (from: number, to: number): ReadonlyArray<number> =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at);

const silence = { code: 'mbs-unavailable', reason: 'MBS is down' } as const;

/** MBS's list of ready builds, and a log of the test's own to record it in. */
const anArchive = (t: ExecutionContext) => {
  const file = join(aFolder(t), 'log.db');
  const world = { ready: range(1, 250), downAt: Infinity, asked: [] as Array<number> };
  const readyPage: Mbs['readyPage'] = (page, perPage) => () => {
    world.asked.push(page);
    if (page >= world.downAt) return TE.left(silence)();
    const ids = world.ready.slice((page - 1) * perPage, page * perPage);
    const total = world.ready.length;
    return TE.right({ builds: ids.map(contents), pages: Math.ceil(total / perPage), total })();
  };
  const run = async (changes: Partial<BackfillDeps> = {}) => {
    const said = { out: '', err: '' };
    world.asked = [];
    const code = await backfillCommand(
      {
        openLog: () => openEmbeddedLog({ file }),
        mbs: { readyPage },
        stdout: (text) => void (said.out += text),
        stderr: (text) => void (said.err += text),
        ...{ isTerminal: false, clock: () => 0, patience: [] },
        ...{ newId: randomUUID, now: () => '2026-03-03T14:00:00.000Z' },
        ...{ actor: 'ann', codeVersion: '0.1.0' },
        ...changes,
      },
      {},
    );
    return { code, ...said, asked: world.asked };
  };
  const recorded = async (): Promise<ReadonlyArray<unknown>> => {
    const log = await openEmbeddedLog({ file })();
    if (E.isLeft(log)) throw new Error(log.left.reason);
    const page = await log.right.readAll('', { categories: ['module'] }, 1000)();
    await log.right.close();
    if (E.isLeft(page)) throw new Error(page.left.reason);
    const ids = page.right.events.map(({ data }) => Number(data['buildId']));
    return ids.sort((a, b) => a - b);
  };
  return { world, run, recorded };
};

test('every ready module of MBS is recorded once, however often it is run', async (t) => {
  const { run, recorded } = anArchive(t);
  const first = await run();
  t.is(first.code, 0);
  t.regex(first.out, /^250 of 250 module builds looked at: 250 newly on record/);
  const second = await run();
  t.regex(second.out, /: 0 newly on record, 250 on record before/);
  t.deepEqual(second.asked, [1, 2, 3]);
  t.deepEqual(await recorded(), range(1, 250));
});

test('a run after a complete one finds what the bus missed', async (t) => {
  const { world, run, recorded } = anArchive(t);
  world.ready = range(1, 250).filter((id) => id !== 7);
  await run();
  world.ready = range(1, 250);
  t.regex((await run()).out, /: 1 newly on record/);
  t.deepEqual(await recorded(), range(1, 250));
});

test('a run that was cut short is gone on with, not begun anew', async (t) => {
  const { world, run, recorded } = anArchive(t);
  world.downAt = 3;
  const first = await run();
  t.is(first.code, 4);
  t.regex(first.err, /MBS is down.*run it again to go on/);
  world.downAt = Infinity;
  const second = await run();
  t.is(second.code, 0);
  t.false(second.asked.includes(1));
  t.deepEqual(await recorded(), range(1, 250));
});

test('builds that left the list meanwhile make a resumed run pass over none of the others', async (t) => {
  const { world, run, recorded } = anArchive(t);
  world.downAt = 3;
  await run();
  world.downAt = Infinity;
  world.ready = range(110, 250);
  await run();
  t.deepEqual(await recorded(), range(1, 250));
});

test('Ctrl-C ends a run cleanly after the page under way', async (t) => {
  const { run, recorded } = anArchive(t);
  const stopping = new AbortController();
  const openLog = (): ReturnType<BackfillDeps['openLog']> =>
    TE.left({ code: 'closed', reason: 'not used' } as const);
  t.is((await run({ openLog })).code, 4);
  stopping.abort();
  const first = await run({ signal: stopping.signal });
  t.is(first.code, 130);
  t.regex(first.err, /Interrupted; run it again/);
  t.is((await run()).code, 0);
  t.deepEqual(await recorded(), range(1, 250));
});

test('MBS that falls silent in the middle is asked again', async (t) => {
  const { world, run } = anArchive(t);
  world.downAt = 2;
  const stderr = (text: string): void => {
    if (text.includes('Asking again')) world.downAt = Infinity;
  };
  const { code, asked } = await run({ patience: [1, 1], stderr });
  t.is(code, 0);
  t.deepEqual(asked, [1, 2, 2, 3]);
});

test('MBS that never answered is out of reach at once', async (t) => {
  const { world, run } = anArchive(t);
  world.downAt = 1;
  const { code, asked } = await run({ patience: [60_000] });
  t.is(code, 4);
  t.deepEqual(asked, [1]);
});

test('of two backfills on one log at once one goes on, and the other is told', async (t) => {
  const { world, run, recorded } = anArchive(t);
  const other: Array<Promise<{ readonly code: number }>> = [];
  const readyPage: Mbs['readyPage'] = (page) => async () => {
    if (page === 1) other.push(run());
    await Promise.all(other);
    const builds = world.ready.slice((page - 1) * 100, page * 100).map(contents);
    return E.right({ builds, pages: 3, total: 250 });
  };
  const { code, err } = await run({ mbs: { readyPage } });
  t.is(code, 2);
  t.regex(err, /another backfill is under way on this log/);
  t.is((await other[0])?.code, 0);
  t.deepEqual(await recorded(), range(1, 250));
});
