import type { ExecutionContext } from 'ava';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedLog } from '../../event-log/embedded/embedded-log.ts';
import type { EventLog } from '../../event-log/event-log.ts';
import { right } from './an-event.ts';
import { eventLogContract } from './contract-suite.ts';

const aLog = async (t: ExecutionContext): Promise<EventLog> => {
  const folder = await mkdtemp(join(tmpdir(), 'freshmaker-log-'));
  const log = await right(openEmbeddedLog({ file: join(folder, 'log.db') }));
  t.teardown(async () => {
    await log.close();
    await rm(folder, { recursive: true });
  });
  return log;
};

eventLogContract('embedded log', aLog);
