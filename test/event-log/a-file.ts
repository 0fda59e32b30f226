import type { ExecutionContext } from 'ava';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedOptions, openEmbeddedLog } from '../../event-log/embedded/embedded-log.ts';
import type { EventLog } from '../../event-log/event-log.ts';
import { right } from './an-event.ts';

/** The path of a log file that does not exist yet, in a folder that goes when the test is over. */
export const aFile = async (t: ExecutionContext): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'freshmaker-log-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'log.db');
};

/** Opens an embedded log that is closed when the test is over. */
export const openedLog = async (
  t: ExecutionContext,
  options: EmbeddedOptions,
): Promise<EventLog> => {
  const log = await right(openEmbeddedLog(options));
  t.teardown(() => log.close());
  return log;
};
