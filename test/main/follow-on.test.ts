import test from 'ava';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { appendEvents } from '../../event-log/carry-out.ts';
import type { EventLog } from '../../event-log/event-log.ts';
import { wakeFromLog } from '../../main/backend/wake.ts';
import { loadConfig } from '../../main/config/load-config.ts';
import { handOf } from '../../main/identity.ts';
import { openStores } from '../../main/open-stores.ts';
import { aFolder } from '../support/ingest-world.ts';
import { must, until } from '../support/service.ts';

test('what is appended while the log fails wakes whoever it concerns afterwards', async (t) => {
  const stores = must(await openStores(must(loadConfig({}, { data: aFolder(t) }))));
  t.teardown(() => stores.close());
  let isDown = false;
  let failures = 0;
  const log: EventLog = {
    ...stores.log,
    readAll: (after, filter, max) => {
      if (!isDown) return stores.log.readAll(after, filter, max);
      failures += 1;
      return TE.left({ code: 'unavailable', reason: 'Down.' });
    },
  };
  const hand = handOf(stores.log, 'test');
  const append = async (stream: string) => {
    const aside = { type: 'MessageSetAside', code: 'fork', explanation: 'A fork.' } as const;
    must(await appendEvents(hand)(stream, undefined, { correlationId: 'm' }, [aside]));
  };
  const woken: Array<string> = [];
  const stop = new AbortController();
  let beats = 0;
  const wake = (streams: ReadonlyArray<string>): Promise<void> => {
    woken.push(...streams);
    return Promise.resolve();
  };
  const beat = (): void => void (beats += 1);
  const onFault = (error: unknown): void => t.fail(String(error));
  const ended = wakeFromLog({ log, wake, onFault, beat }, stop.signal);
  t.teardown(async () => {
    stop.abort();
    await ended;
  });
  await until({ stores }, () => Promise.resolve(beats > 1));
  isDown = true;
  await append('artifact-a');
  await until({ stores }, () => Promise.resolve(failures > 0));
  isDown = false;
  await append('artifact-b');
  await until({ stores }, () => Promise.resolve(woken.includes('artifact-b')));
  t.deepEqual(woken, ['artifact-a', 'artifact-b']);
});
