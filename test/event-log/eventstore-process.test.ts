import test from 'ava';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { start } from '../../event-log/event-log.ts';
import { openEventStoreLog } from '../../event-log/eventstoredb/eventstoredb-log.ts';
import { startEventStore } from '../support/eventstore/process.ts';
import { begun, right } from './an-event.ts';

test.serial(
  'the stand-in keeps events, revisions and positions over a kill, and drops a line half written',
  async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'freshmaker-eventstore-'));
    const server = await startEventStore({ folder });
    const { connectionString } = server;
    t.teardown(async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    });
    const everything = async () => {
      const log = await right(openEventStoreLog({ connectionString }));
      const { events } = await right(log.readAll(start, {}, 100));
      await log.close();
      return events;
    };
    const write = async (stream: string) => {
      const log = await right(openEventStoreLog({ connectionString }));
      await right(log.append(stream, 'no-stream', begun(stream, 3)));
      await log.close();
    };
    await write('a-1');
    const before = await everything();
    t.is(before.length, 3);

    await server.kill();
    const [line = ''] = (await readFile(join(folder, 'events'), 'utf8')).split('\n');
    t.true(line.length > 100);
    await appendFile(join(folder, 'events'), line.slice(0, line.length / 2));
    await server.start();
    t.deepEqual(await everything(), before);
    await write('b-1');
    const after = await everything();
    t.deepEqual(after.slice(0, 3), before);
    t.is(after.length, 6);

    await server.kill();
    await server.start();
    t.deepEqual(await everything(), after);
  },
);
