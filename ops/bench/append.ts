import { join } from 'node:path';
import Libsql from 'libsql';
import type { EventLog, SealedEvent } from '../../event-log/event-log.ts';
import type { Head } from '../../event-log/seal.ts';
import { sealedAfter } from './history.ts';
import { measured, perSecond, type Figure } from './measure.ts';
import { inFolder, must, openLog } from './world.ts';

type Link = { readonly stream: string; readonly revision: number; readonly event: SealedEvent };

const artifact = 'module:nodejs:20';

/** `count` events for `streams` streams in turns, each the next link of its stream. */
const linksAfter = (streams: ReadonlyArray<string>, count: number) => {
  const heads = new Map<string, Head>();
  return (): ReadonlyArray<Link> =>
    Array.from({ length: count }, (_, index): Link => {
      const stream = streams[index % streams.length] ?? 'bench-0';
      const head = heads.get(stream);
      const [build, attempt] = [index, 1];
      const [event] = sealedAfter(stream, head, [
        {
          ...{ type: 'BuildStateObserved', build, attempt, externalId: 4711, state: 2 },
          ...{ stateName: 'build', stateReason: `${artifact} builds`, via: 'message' },
        },
      ]);
      if (event === undefined) throw new Error('seal gave nothing');
      const revision = (head?.revision ?? -1) + 1;
      heads.set(stream, { revision, hash: event.metadata.hash });
      return { stream, revision, event };
    });
};

const streamsFor = (whose: string): ReadonlyArray<string> =>
  Array.from({ length: 64 }, (_, index) => `artifact-${whose}${index}`);

const append = (log: EventLog, { stream, revision, event }: Link): Promise<unknown> =>
  must(log.append(stream, revision === 0 ? 'no-stream' : revision - 1, [event]));

/** The log's own table and settings, and nothing but its statements. */
const rawWriter = (file: string) => {
  const db = new Libsql(file);
  db.exec('PRAGMA journal_mode = WAL');
  db.exec('PRAGMA synchronous = FULL');
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const insert = db.prepare(
    'INSERT INTO events (stream, revision, id, type, data, metadata) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const write = (links: ReadonlyArray<Link>): void => {
    begin.run();
    for (const { stream, revision, event } of links) {
      const { id, type, data, metadata } = event;
      insert.run(stream, revision, id, type, JSON.stringify(data), JSON.stringify(metadata));
    }
    commit.run();
  };
  return { write, close: () => db.close() };
};

const grouped = <A>(items: ReadonlyArray<A>, size: number): ReadonlyArray<ReadonlyArray<A>> =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );

/** Appends of one event each against the same inserts into the same table, synced alike. */
export const benchAppend = (): Promise<ReadonlyArray<Figure>> =>
  inFolder(async (folder) => {
    const [file, rawFile] = [join(folder, 'ours.db'), join(folder, 'raw.db')];
    const log = await openLog(file);
    await (await openLog(rawFile)).close();
    const raw = rawWriter(rawFile);
    const compare = (name: string, inFlight: number, count: number): Promise<Figure> => {
      const [ours, theirs] = [`${inFlight}-ours`, `${inFlight}-raw`];
      const oursNext = linksAfter(streamsFor(ours), count);
      const rawNext = linksAfter(streamsFor(theirs), count);
      return measured({
        ...{ name, unit: 'events/s', target: 0.8, rounds: 9 },
        ours: () => {
          const groups = grouped(oursNext(), inFlight);
          return perSecond(count, async () => {
            for (const group of groups) await Promise.all(group.map((link) => append(log, link)));
          });
        },
        ceiling: () => {
          const groups = grouped(rawNext(), inFlight);
          return perSecond(count, () => groups.forEach(raw.write));
        },
      });
    };
    const figures = [
      await compare('append one by one', 1, 256),
      await compare('append, 64 in flight', 64, 4096),
    ];
    raw.close();
    await log.close();
    return figures;
  });
