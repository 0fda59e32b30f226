import { join } from 'node:path';
import Libsql from 'libsql';
import type { EventLog } from '../../event-log/event-log.ts';
import { buildsProjector } from '../../projectors/builds/project.ts';
import { openEmbeddedReadModels } from '../../projectors/embedded/open.ts';
import { messagesProjector } from '../../projectors/messages/project.ts';
import type { Projector } from '../../projectors/projector.ts';
import type { Model, ReadModels, Writer } from '../../projectors/read-models.ts';
import { runProjector } from '../../projectors/run-projector.ts';
import { aHistory } from './history.ts';
import { measured, perSecond, type Figure } from './measure.ts';
import { rawPages, readRaw } from './reading.ts';
import { appendAll, inFolder, must, openLog } from './world.ts';

type Commit = Parameters<Writer['commit']>[0];

/** Told to `heard`, every commit of every writer of these read models. */
const overheard = (readModels: ReadModels, heard: (rows: Commit) => void): ReadModels => ({
  ...readModels,
  writer: (model, owner) => async () => {
    const taken = await must(readModels.writer(model, owner));
    if (taken === undefined) throw new Error(`${model.name} is taken`);
    const commit: Writer['commit'] = (rows, checkpoint) => {
      heard(rows);
      return taken.commit(rows, checkpoint);
    };
    return { _tag: 'Right', right: { ...taken, commit } };
  },
});

/** Runs a projector from nothing to the head of the log. */
export const project = async (
  log: EventLog,
  readModels: ReadModels,
  projector: Projector,
): Promise<void> => {
  const head = await must(log.head());
  const stop = new AbortController();
  const deps = { log, readModels, owner: 'bench', logId: 'bench' };
  const onCommitted = ({ position }: { readonly position: string }): void => {
    if (position >= head) stop.abort();
  };
  await runProjector({ ...deps, onCommitted })(projector)(stop.signal);
};

/** Inserts of the same rows into the same tables in the same transactions. */
const rawRows = (file: string, generation: string, model: Model) => {
  const db = new Libsql(file);
  db.exec('PRAGMA synchronous = NORMAL');
  const info = db.prepare(`PRAGMA table_info("${generation}")`).all() as ReadonlyArray<{
    readonly name: string;
  }>;
  const columns = info.map(({ name }) => name);
  const places = columns.map(() => '?').join(', ');
  const insert = db.prepare(
    `INSERT OR REPLACE INTO "${generation}" (${columns.map((name) => `"${name}"`).join(', ')}) VALUES (${places})`,
  );
  const sides = Object.entries(model.fields).flatMap(([field, kind]) => {
    if (kind !== 'texts' && kind !== 'integers') return [];
    const sql = `INSERT OR IGNORE INTO "${generation}__${field}" (value, id) VALUES (?, ?)`;
    return [[field, db.prepare(sql)] as const];
  });
  const [begin, end] = [db.prepare('BEGIN IMMEDIATE'), db.prepare('COMMIT')];
  const write = (rows: Commit): void => {
    begin.run();
    for (const { id, pos, body = {} } of rows) {
      const fields = model.fieldsOf(body);
      const singles = columns.slice(3).map((name) => fields[name.slice(2)] ?? null);
      insert.run([id, pos, JSON.stringify(body), ...singles]);
      for (const [field, side] of sides) {
        for (const value of fields[field] as ReadonlyArray<unknown>) side.run([value, id]);
      }
    }
    end.run();
  };
  return { write, close: () => db.close() };
};

const compare = async (
  folder: string,
  log: EventLog,
  projector: Projector,
): Promise<ReadonlyArray<Figure>> => {
  const { model } = projector;
  let count = 0;
  const fresh = (): Promise<ReadModels> => {
    count += 1;
    return must(openEmbeddedReadModels({ file: join(folder, `${model.name}-${count}.db`) }));
  };
  const commits: Array<Commit> = [];
  const first = await fresh();
  await project(
    log,
    overheard(first, (rows) => void commits.push(rows)),
    projector,
  );
  await first.close();
  const rows = commits.reduce((total, commit) => total + commit.length, 0);
  const source = new Libsql(join(folder, 'log.db'));
  const pages = rawPages(source, projector.categories);
  const against = (name: string, before: () => unknown): Promise<Figure> =>
    measured({
      ...{ name, unit: 'rows/s', target: 0.8, rounds: 5 },
      ours: async () => {
        const readModels = await fresh();
        const rate = await perSecond(rows, () => project(log, readModels, projector));
        await readModels.close();
        return rate;
      },
      ceiling: async () => {
        const readModels = await fresh();
        const writer = await must(readModels.writer(model, 'bench'));
        const generation = writer?.generation ?? '';
        const raw = rawRows(join(folder, `${model.name}-${count}.db`), generation, model);
        const rate = await perSecond(rows, () => {
          before();
          commits.forEach(raw.write);
        });
        raw.close();
        await readModels.close();
        return rate;
      },
    });
  const name = `project into rows: ${model.name}`;
  const figures = [
    await against(`${name}, inserts`, () => undefined),
    await against(`${name}, log read and inserts`, () => readRaw(pages)),
  ];
  source.close();
  return figures;
};

/**
 * A projector from an empty store to the head of the log, reading, decoding and folding included,
 * against inserts of the rows it wrote, alone and after reading and parsing the log.
 */
export const benchProjection = (): Promise<ReadonlyArray<Figure>> =>
  inFolder(async (folder) => {
    const log = await openLog(join(folder, 'log.db'));
    await appendAll(log, aHistory(1000));
    const figures = [
      ...(await compare(folder, log, messagesProjector)),
      ...(await compare(folder, log, buildsProjector)),
    ];
    await log.close();
    return figures;
  });
