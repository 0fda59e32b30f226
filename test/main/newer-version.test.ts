import type { ExecutionContext } from 'ava';
import { artifactStream, moduleArtifact } from '../../domain/stream-names.ts';
import { startBackend } from '../../main/backend/backend.ts';
import { backfillModules } from '../../main/backend/backfill-modules.ts';
import { clientsOf } from '../../main/backend/clients.ts';
import { noticedMessagesModel } from '../../main/backend/notice-consumer.ts';
import { adoptFirstPolicy } from '../../main/first-policy.ts';
import { handOf } from '../../main/identity.ts';
import { loggerFor } from '../../main/logger.ts';
import { narrate } from '../../main/narrate.ts';
import { openStores } from '../../main/open-stores.ts';
import { eventStates } from '../../projectors/events/row.ts';
import type { Report } from '../../sagas/worker.ts';
import { writeAsNewer } from '../support/newer-version.ts';
import { aSandbox, distributionOf, rowsOf, tempFolder } from '../support/sandbox.ts';
import { scene } from '../support/scene.ts';
import type { Service } from '../support/service.ts';
import { buildsOf, configFor, eventsOf, must, until } from '../support/service.ts';
import { commit, ended } from '../support/story.ts';

type Told = Parameters<Report>[0];

/** A service of this version whose log a newer one writes to as well; what its sagas report. */
const anOlderService = async (t: ExecutionContext) => {
  const distribution = distributionOf(
    ...['base:f28 holds bash@f28', 'leaf:f28 needs base:f28 holds zsh'],
    'lone:f28 holds sed@f28',
  );
  const sandbox = await aSandbox(t, { distribution });
  const config = configFor(sandbox, tempFolder(t));
  const stores = must(await openStores(config));
  const hand = handOf(stores.log, 'test');
  must(await adoptFirstPolicy(hand, config.policy ?? ''));
  const clients = clientsOf(config, process.env);
  must(await backfillModules({ hand, mbs: clients.mbs }, () => undefined));
  const reports: Array<Told> = [];
  const logger = { ...loggerFor(config), saga: (entry: Told) => void reports.push(entry) };
  const backend = startBackend(config, stores, clients, logger);
  t.teardown(async () => {
    await backend.stop(10_000);
    await stores.close();
  });
  const service: Service = { stores, config, backend };
  return { sandbox, service, reports };
};

const unknownOf = (reports: ReadonlyArray<Told>) =>
  reports.filter(({ code }) => code === 'unknown-event');

scene(
  'types of events of a newer version stop nothing but the stream that holds them',
  async (t) => {
    const { sandbox, service, reports } = await anOlderService(t);
    const { log } = service.stores;
    await commit(sandbox, 'rpms/bash');
    await ended(service, 1);
    const base = artifactStream('real', moduleArtifact('base', 'f28'));
    const [message] = must(await log.readAll('', { types: ['MessageUnderstood'] }, 1)()).events;
    const [trigger] = must(await log.readAll('', { types: ['TriggerNoticed'] }, 1)()).events;
    const paused = await writeAsNewer(log, base, { type: 'BuildPaused' });
    await writeAsNewer(log, trigger?.stream ?? '', { type: 'TriggerAnnotated' });
    await writeAsNewer(log, message?.stream ?? '', { type: 'MessageQuarantined' });
    await writeAsNewer(log, 'calendar-f28', { type: 'FreezeAnnounced' });

    await commit(sandbox, 'rpms/bash');
    await until(service, () => Promise.resolve(unknownOf(reports).length > 0));
    await commit(sandbox, 'rpms/sed');
    await until(service, async () => {
      const events = await eventsOf(service);
      return events.some(({ id, state }) => id > 1 && state === eventStates.COMPLETE);
    });

    t.is((await rowsOf(sandbox, 'lone')).length, 2);
    t.is((await rowsOf(sandbox, 'base')).length, 2, 'base is left alone');
    t.deepEqual(service.backend.faults(), []);
    const unknown = unknownOf(reports);
    const sagas = unknown.map(({ saga }) => saga);
    t.is(new Set(sagas).size, sagas.length, 'each saga tells it once');
    for (const { level, reason } of unknown) {
      t.is(level, 'error');
      t.true(reason.startsWith(`${base}@${paused.revision} cannot be read: `), reason);
      t.regex(
        reason,
        /BuildPaused are unknown to this version\. Version 9\.0\.0 wrote it\. Run that/,
      );
    }
  },
);

scene(
  'a message read by a newer version is passed over, kept, and all others are noticed',
  async (t) => {
    const { sandbox, service, reports } = await anOlderService(t);
    const { log, readModels } = service.stores;
    await writeAsNewer(log, 'message-from-the-future', { type: 'MessageUnderstood' });
    await commit(sandbox, 'rpms/sed');
    await ended(service, 1);
    const [event] = await eventsOf(service);
    t.is(event?.state, eventStates.COMPLETE);
    const reader = readModels.reader(noticedMessagesModel);
    const kept = must(await reader.get('message-from-the-future@0')());
    t.is(kept?.body['code'], 'unknown-event');
    t.is(unknownOf(reports).length, 1);
    // The read models that tell messages have stopped, and say so; all others go on.
    t.is((await buildsOf(service)).length, 1);
    for (const fault of service.backend.faults()) {
      t.regex(fault, /^The read model (messages|figures) has stopped for good \(unknown-event\)/);
    }
  },
);

scene('who looks on is told of what this version knows, whatever lies between', async (t) => {
  const { service } = await anOlderService(t);
  const { log } = service.stores;
  const enough = new AbortController();
  const lines: Array<string> = [];
  let begun = (): void => undefined;
  const listening = new Promise<void>((done) => (begun = done));
  const tail: typeof log.tail = (...given) => {
    begun();
    return log.tail(...given);
  };
  const told = narrate({ ...log, tail }, (line) => void lines.push(line), enough.signal);
  await listening;
  await writeAsNewer(log, 'trigger-x', { type: 'TriggerAnnotated' });
  const data = { build: 7, at: '2026-11-22T12:00:00.000Z' };
  await writeAsNewer(log, 'artifact-x', { type: 'BuildSucceeded', schema: 1, data });
  await until(service, () => Promise.resolve(lines.length > 0));
  enough.abort();
  await told;
  t.regex(lines.join(''), /build 7: succeeded/);
});
