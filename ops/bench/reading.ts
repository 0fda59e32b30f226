import { join } from 'node:path';
import Libsql from 'libsql';
import * as E from 'fp-ts/lib/Either.js';
import { decodeRecorded } from '../../event-log/carry-out.ts';
import { start, type EventLog } from '../../event-log/event-log.ts';
import { aHistory } from './history.ts';
import { measured, perSecond, type Figure } from './measure.ts';
import { appendAll, inFolder, must, openLog } from './world.ts';

const pageSize = 1000;

const readOurs = async (log: EventLog, decoding: boolean): Promise<number> => {
  let [after, count, atEnd] = [start, 0, false];
  while (!atEnd) {
    const page = await must(log.readAll(after, {}, pageSize));
    if (decoding && page.events.map(decodeRecorded).some(E.isLeft)) throw new Error('undecodable');
    count += page.events.length;
    [after, atEnd] = [page.upTo, page.atEnd];
  }
  return count;
};

type Columns = readonly [number, string, number, string, string, string, string];

/** Pages after a position: of the whole log, or of some categories of streams. */
export const rawPages = (
  db: Libsql.Database,
  categories: ReadonlyArray<string> = [],
): Libsql.Statement => {
  const list = categories.map((category) => `'${category}'`).join(', ');
  const filter = categories.length === 0 ? '' : `AND category IN (${list})`;
  return db
    .prepare(
      `SELECT position, stream, revision, id, type, data, metadata FROM events
       WHERE position > ? ${filter} ORDER BY position LIMIT ?`,
    )
    .raw(true);
};

/** SELECT and JSON.parse of all pages, and nothing else; how many events there were. */
export const readRaw = (statement: Libsql.Statement): number => {
  let [after, count] = [0, 0];
  for (;;) {
    const rows = statement.all(after, pageSize) as ReadonlyArray<Columns>;
    const events = rows.map(([, , , , , data, metadata]) => [
      JSON.parse(data) as unknown,
      JSON.parse(metadata) as unknown,
    ]);
    count += events.length;
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageSize) return count;
    [after] = last;
  }
};

/** The whole log in pages of 1000 against SELECT and JSON.parse of the same rows. */
export const benchReading = (): Promise<ReadonlyArray<Figure>> =>
  inFolder(async (folder) => {
    const file = join(folder, 'log.db');
    const log = await openLog(file);
    await appendAll(log, aHistory(1000));
    const db = new Libsql(file);
    const statement = rawPages(db);
    const count = readRaw(statement);
    const compare = (name: string, decoding: boolean): Promise<Figure> =>
      measured({
        ...{ name, unit: 'events/s', target: 0.8, rounds: 9 },
        ours: () => perSecond(count, () => readOurs(log, decoding)),
        ceiling: () => perSecond(count, () => readRaw(statement)),
      });
    const figures = [
      await compare('read and parse the log', false),
      await compare('… and check every event against its codec', true),
    ];
    db.close();
    await log.close();
    return figures;
  });
