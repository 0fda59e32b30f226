import { join } from 'node:path';
import Libsql from 'libsql';
import * as E from 'fp-ts/lib/Either.js';
import { openEmbeddedReadModels } from '../../projectors/embedded/open.ts';
import { foldPage, touchesOf } from '../../projectors/fold-page.ts';
import { imageIndexProjector } from '../../projectors/image-index/project.ts';
import type { Recorded } from '../../projectors/projector.ts';
import type { ReadModels, Writer } from '../../projectors/read-models.ts';
import type { ImageWorld } from './image-history.ts';
import { imageBuild } from './image-history.ts';
import { must } from './world.ts';

/** What telling the index came to. Seconds do not count the making of the events. */
export type Told = {
  readonly readModels: ReadModels;
  readonly rows: number;
  readonly seconds: number;
  /** Of the pages that were also written plainly. */
  readonly sampled: { readonly rows: number; readonly ours: number; readonly plain: number };
  readonly peakMegabytes: number;
};

const buildsPerPage = 100;
const sampleEach = 10;
const positionOf = (index: number): string => String(index).padStart(20, '0');

const recordedBuild = (world: ImageWorld, index: number): ReadonlyArray<Recorded> => {
  const { stream, events } = imageBuild(world, index);
  return events.map((event, revision) => ({
    ...{ id: `${index}.${revision}`, stream, revision, event },
    position: positionOf(2 * index + revision + 1),
    metadata: {
      ...{ correlationId: 'bench', actor: 'bench', recordedAt: '2026-01-01T00:00:00.000Z' },
      ...{ schema: 1, codeVersion: '0', prev: null, hash: 'hash' },
    },
  }));
};

/** Reads, parses, writes and inserts rows by their ids, in one transaction, and knows no fields. */
const plainStore = (file: string) => {
  const db = new Libsql(file);
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  db.exec('CREATE TABLE plain (id TEXT PRIMARY KEY, pos TEXT NOT NULL, body TEXT NOT NULL)');
  const read = db.prepare('SELECT body FROM plain WHERE id = ?').raw(true);
  const write = db.prepare('INSERT OR REPLACE INTO plain VALUES (?, ?, ?)');
  const [begin, commit] = [db.prepare('BEGIN IMMEDIATE'), db.prepare('COMMIT')];
  return {
    put: (rows: Parameters<Writer['commit']>[0]): void => {
      for (const { id } of rows) {
        const [body = 'null'] = (read.get([id]) ?? []) as ReadonlyArray<string>;
        JSON.parse(body);
      }
      begin.run();
      for (const { id, pos, body } of rows) write.run([id, pos, JSON.stringify(body)]);
      commit.run();
    },
    close: () => db.close(),
  };
};

/** Tells one page as the runner of projectors does; answers what it wrote. */
const tellPage = async (writer: Writer, events: ReadonlyArray<Recorded>) => {
  const touches = touchesOf(imageIndexProjector, events);
  const ids = [...new Set(touches.flatMap((touch) => touch.ids))];
  const changes = foldPage(imageIndexProjector, await must(writer.load(ids)), touches);
  if (E.isLeft(changes)) throw new Error(changes.left.reason);
  const position = events.at(-1)?.position ?? '';
  await must(writer.commit(changes.right, { logId: 'bench', position, hash: 'hash' }));
  return changes.right;
};

const secondsOf = async <A>(work: () => A | Promise<A>): Promise<readonly [A, number]> => {
  const begun = performance.now();
  const result = await work();
  return [result, (performance.now() - begun) / 1000];
};

/** Tells the index of a world from its builds, by the projector and the store, without a log. */
export const tellImages = async (folder: string, world: ImageWorld): Promise<Told> => {
  const readModels = await must(openEmbeddedReadModels({ file: join(folder, 'index.db') }));
  const writer = await must(readModels.writer(imageIndexProjector.model, 'bench'));
  if (writer === undefined) throw new Error('the index is taken');
  const plain = plainStore(join(folder, 'plain.db'));
  const total = world.images * world.rounds;
  const sampled = { rows: 0, ours: 0, plain: 0 };
  let [rows, seconds, page] = [0, 0, 0];
  for (let from = 0; from < total; from += buildsPerPage) {
    const count = Math.min(buildsPerPage, total - from);
    const events = Array.from({ length: count }, (_, at) => recordedBuild(world, from + at)).flat();
    const [written, took] = await secondsOf(() => tellPage(writer, events));
    rows += written.length;
    seconds += took;
    page += 1;
    if (page % sampleEach !== 0) continue;
    const [, plainly] = await secondsOf(() => plain.put(written));
    sampled.rows += written.length;
    sampled.ours += took;
    sampled.plain += plainly;
  }
  plain.close();
  const peakMegabytes = process.resourceUsage().maxRSS / 1024;
  return { readModels, rows, seconds, sampled, peakMegabytes };
};
