import test from 'ava';
import { loadConfig } from '../../main/config/load-config.ts';
import { loggerFor } from '../../main/logger.ts';
import type { Running } from '../../main/run-until-stopped.ts';
import { runUntilStopped } from '../../main/run-until-stopped.ts';
import { must } from '../support/service.ts';

test('a store that hangs does not keep a process that was asked to stop', async (t) => {
  t.timeout(60_000);
  const hanging = () => new Promise<never>(() => undefined);
  const log = { head: () => hanging, last: () => hanging, close: hanging };
  const stores = { log, close: hanging } as unknown as Running['stores'];
  const logger = { ...loggerFor({ logLevel: 'silent' }), close: hanging };
  const running: Running = {
    ...{ stores, logger, backend: undefined, frontend: undefined, health: undefined },
  };
  const stopping = { asked: () => Promise.resolve('SIGTERM'), reasons: () => [] };
  const config = must(loadConfig({}, {}));
  t.is(await runUntilStopped(config, running, undefined, stopping), 0);
});
