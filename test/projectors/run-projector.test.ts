import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import type { ArtifactEvent } from '../../domain/artifact/events.ts';
import type { DomainEvent } from '../../domain/catalogue.ts';
import { appendEvents, loadStream } from '../../event-log/carry-out.ts';
import { openEmbeddedLog } from '../../event-log/embedded/embedded-log.ts';
import type { EventLog } from '../../event-log/event-log.ts';
import { buildsProjector } from '../../projectors/builds/project.ts';
import { openEmbeddedReadModels } from '../../projectors/embedded/open.ts';
import { moduleIndexProjector } from '../../projectors/module-index/project.ts';
import type { Projector } from '../../projectors/projector.ts';
import type { ReadModels } from '../../projectors/read-models.ts';
import type { Committed, ProjectorFailure } from '../../projectors/run-projector.ts';
import { runProjector } from '../../projectors/run-projector.ts';
import { writeAsNewer } from '../support/newer-version.ts';
import { all, must } from './read-models-suite.ts';
import { artifactStory as story, planned, taken } from './stories.ts';

const right = async <A>(asked: () => Promise<E.Either<unknown, A>>): Promise<A> => {
  const answer = await asked();
  if (E.isLeft(answer)) throw new Error(JSON.stringify(answer.left));
  return answer.right;
};

const stream = 'artifact-module:nodejs:20';
const context = { correlationId: 'm1' };

const write = async (log: EventLog, events: ReadonlyArray<DomainEvent>, to = stream) => {
  const hand = { log, newId: () => crypto.randomUUID(), actor: 'test', codeVersion: 'v' };
  const clock = { ...hand, now: () => '2026-03-01T10:00:00.000Z' };
  const passing = { initial: null, evolve: () => null };
  const { head } = await right(() => loadStream(log)(to, passing));
  await right(() => appendEvents(clock)(to, head, context, events));
};

const aHouse = async (t: ExecutionContext) => {
  const folder = await mkdtemp(join(tmpdir(), 'freshmaker-told-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const log = await right(openEmbeddedLog({ file: join(folder, 'log.db') }));
  t.teardown(() => log.close());
  const open = async (): Promise<ReadModels> => {
    const models = await must(openEmbeddedReadModels({ file: join(folder, 'rows.db') }));
    t.teardown(() => models.close());
    return models;
  };
  return { log, open, file: join(folder, 'rows.db'), readModels: await open() };
};

type Settings = {
  readonly projector?: Projector;
  readonly owner?: string;
  readonly logId?: string;
};

/** Runs a projector and lets the test wait for what it commits and reports. */
const running = (
  t: ExecutionContext,
  { log, readModels }: { readonly log: EventLog; readonly readModels: ReadModels },
  { projector = buildsProjector, owner = 'one', logId = 'log-1' }: Settings = {},
) => {
  const stop = new AbortController();
  const commits: Array<Committed> = [];
  const reports: Array<string> = [];
  const waiting = new Set<() => void>();
  const wake = (): void => waiting.forEach((look) => look());
  const ended = runProjector({
    ...{ log, readModels, owner, logId },
    report: ({ code }) => {
      reports.push(code);
      wake();
    },
    onCommitted: (committed) => {
      commits.push(committed);
      wake();
    },
  })(projector)(stop.signal);
  const until = (isSo: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!isSo()) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  const told = async (): Promise<void> => {
    const head = await right(log.head());
    await until(() => commits.some(({ position }) => position >= head));
  };
  const end = (): Promise<E.Either<ProjectorFailure, void>> => {
    stop.abort();
    return ended;
  };
  t.teardown(end);
  return { commits, reports, until, told, end, ended };
};

const building: ReadonlyArray<ArtifactEvent> = [planned(), taken(7), story.started, story.commit];

const rowsOf = async (readModels: ReadModels, projector: Projector = buildsProjector) =>
  must(readModels.reader(projector.model).find(all));

test('what the log holds is told, and what comes is told as it comes', async (t) => {
  const house = await aHouse(t);
  await write(house.log, building.slice(0, 2));
  const run = running(t, house);
  await run.told();
  t.like((await rowsOf(house.readModels))[0]?.body, { id: 1, eventIds: [7] });
  await write(house.log, [planned(2), taken(9, 2)]);
  await run.told();
  t.deepEqual(
    (await rowsOf(house.readModels)).map(({ id }) => id),
    ['1', '2'],
  );
  t.deepEqual(run.commits.at(-1)?.ids, ['2']);
  t.deepEqual(await run.end(), E.right(undefined));
});

test('the checkpoint follows events of streams that do not matter to the model', async (t) => {
  const house = await aHouse(t);
  const projector: Projector = moduleIndexProjector;
  const run = running(t, house, { projector });
  for (const part of [building.slice(0, 2), building.slice(2)]) {
    await write(house.log, part);
    await run.told();
  }
  const checkpoint = await must(house.readModels.reader(projector.model).checkpoint());
  const head = await right(house.log.head());
  const newest = await right(house.log.at(head));
  t.deepEqual(checkpoint, { logId: 'log-1', position: head, hash: newest!.metadata.hash });
});

test('after it was fenced it takes half as many events at once', async (t) => {
  const house = await aHouse(t);
  await write(house.log, building);
  const sizes: Array<number> = [];
  const log: EventLog = {
    ...house.log,
    readAll: (after, filter, max) => async () => {
      sizes.push(max);
      const page = await house.log.readAll(after, filter, max)();
      if (sizes.length > 2) return page;
      // Another one that takes over meanwhile, and is gone again.
      const later = await must(
        openEmbeddedReadModels({ file: house.file, now: () => Date.now() + 60_000 }),
      );
      const other = await must(later.writer(buildsProjector.model, 'two'));
      await must(other!.release());
      await later.close();
      return page;
    },
  };
  const run = running(t, { ...house, log });
  await run.told();
  t.deepEqual(sizes.slice(0, 3), [1000, 500, 250]);
  t.deepEqual(run.reports, ['fenced', 'fenced']);
});

test('a projector that starts again goes on where it was, and the rows are the same', async (t) => {
  const house = await aHouse(t);
  const first = running(t, house);
  await write(house.log, building.slice(0, 2));
  await first.told();
  await first.end();
  await write(house.log, building.slice(2));
  const second = running(t, house, { owner: 'two' });
  await second.told();
  t.is(second.commits.length, 1);
  const fresh = await aHouse(t);
  for (const event of building) await write(fresh.log, [event]);
  const other = running(t, fresh);
  await other.told();
  const bodies = async (readModels: ReadModels) =>
    (await rowsOf(readModels)).map(({ body }) => body);
  t.deepEqual(await bodies(house.readModels), await bodies(fresh.readModels));
});

test('one stands by while another tells, and takes over when that one ends', async (t) => {
  const house = await aHouse(t);
  await write(house.log, building);
  const first = running(t, house, { owner: 'one' });
  await first.told();
  const second = running(t, { ...house, readModels: await house.open() }, { owner: 'two' });
  await write(house.log, [planned(2)]);
  await first.told();
  t.deepEqual(second.commits, []);
  await first.end();
  await write(house.log, [planned(3)]);
  await second.told();
  t.is((await rowsOf(house.readModels)).length, 3);
});

test('who ends in good order leaves its place free at once', async (t) => {
  const house = await aHouse(t);
  await write(house.log, building);
  const run = running(t, house);
  await run.told();
  t.is(await must(house.readModels.writer(buildsProjector.model, 'two')), undefined);
  await run.end();
  t.not(await must(house.readModels.writer(buildsProjector.model, 'two')), undefined);
});

test('who was fenced says so and stands by', async (t) => {
  const house = await aHouse(t);
  await write(house.log, building);
  const run = running(t, house);
  await run.told();
  await must((await house.open()).writer(buildsProjector.model, 'one'));
  await write(house.log, [planned(2)]);
  await run.until(() => run.reports.includes('fenced'));
  await run.told();
  t.is((await rowsOf(house.readModels)).length, 2);
});

test('rows told from another log are not told on', async (t) => {
  const house = await aHouse(t);
  await write(house.log, building);
  const run = running(t, house);
  await run.told();
  await run.end();
  const foreign = await running(t, house, { logId: 'log-2' }).ended;
  t.like(foreign, { left: { code: 'foreign-checkpoint' } });
});

test('rows told from events this log never held are not told on', async (t) => {
  const house = await aHouse(t);
  await write(house.log, building);
  const run = running(t, house);
  await run.told();
  await run.end();
  const restored = await aHouse(t);
  const { readModels } = house;
  const shorter = await running(t, { log: restored.log, readModels }).ended;
  t.like(shorter, { left: { code: 'foreign-checkpoint' } });
  await write(restored.log, [planned(5), ...building.slice(1)]);
  const other = await running(t, { log: restored.log, readModels }).ended;
  t.like(other, { left: { code: 'foreign-checkpoint' } });
});

test('a row that cannot be told stops its own projector, and says at which position', async (t) => {
  const house = await aHouse(t);
  const model = { ...buildsProjector.model, name: 'faulty' };
  const project = (): never => {
    throw new Error('planted');
  };
  await write(house.log, building);
  const good = running(t, house);
  const bad = running(t, house, { projector: { ...buildsProjector, model, project } });
  t.like(await bad.ended, { left: { code: 'row-failed', position: '1'.padStart(20, '0') } });
  t.deepEqual(bad.reports, ['row-failed']);
  await good.told();
  await write(house.log, [planned(2)]);
  await good.told();
  t.is((await rowsOf(house.readModels)).length, 2);
});

test('events of a type that a projector does not tell, an unknown one among them, are passed over', async (t) => {
  const house = await aHouse(t);
  const alien = { type: 'FromTheFuture' } as unknown as DomainEvent;
  await write(house.log, [...building, alien]);
  const told = running(t, house);
  await told.told();
  t.deepEqual(told.reports, []);
  t.is((await rowsOf(house.readModels)).length, 1);
});

test('a type in a shape of a newer version stops the projectors that tell it, with its place', async (t) => {
  const house = await aHouse(t);
  await write(house.log, building);
  const { revision } = await writeAsNewer(house.log, stream, { type: 'BuildPlanned' });
  const ended = await running(t, house).ended;
  t.like(ended, { left: { code: 'unknown-event', stream, revision } });
  t.regex(JSON.stringify(ended), /BuildPlanned is written in shape 2.*Version 9\.0\.0 wrote it/);
  const other = running(t, house, { projector: moduleIndexProjector });
  await other.told();
  t.deepEqual(other.reports, []);
});

test('a new version of a model is told beside the live one and goes live when it caught up', async (t) => {
  const house = await aHouse(t);
  await write(house.log, building);
  const old = running(t, house);
  await old.told();
  const model = { ...buildsProjector.model, version: 99 };
  const project: Projector['project'] = () => ({ id: 1, told: 'anew' });
  const projector: Projector = { ...buildsProjector, model, project };
  const rebuild = running(t, house, { projector });
  await rebuild.told();
  await rebuild.end();
  const rows = await rowsOf(await house.open());
  t.deepEqual(
    rows.map(({ body }) => body),
    [{ id: 1, told: 'anew' }],
  );
});
