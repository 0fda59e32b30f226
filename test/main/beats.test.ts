import { EventEmitter, once } from 'node:events';
import type { ExecutionContext } from 'ava';
import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { startBackend } from '../../main/backend/backend.ts';
import { clientsOf } from '../../main/backend/clients.ts';
import type { Heartbeats } from '../../main/backend/heartbeats.ts';
import { heartbeatsOf } from '../../main/backend/heartbeats.ts';
import { loadConfig } from '../../main/config/load-config.ts';
import type { Config } from '../../main/config/settings.ts';
import { startFrontend } from '../../main/frontend.ts';
import { hearingOf } from '../../main/hearing.ts';
import { loggerFor } from '../../main/logger.ts';
import { openStores } from '../../main/open-stores.ts';
import type { Reader, ReadModels } from '../../projectors/read-models.ts';
import { openWorkModel } from '../../projectors/open-work/row.ts';
import type { WorkerDeps } from '../../sagas/worker.ts';
import { worker } from '../../sagas/worker.ts';
import { aFolder } from '../support/ingest-world.ts';
import { must, until } from '../support/service.ts';

const unending = (): Promise<never> => new Promise(() => undefined);
const silentPino = { error: () => undefined, info: () => undefined } as never;

/** Heartbeats on a clock of the test's own. */
const aWatch = (t: ExecutionContext) => {
  let time = 0;
  const looks = new EventEmitter();
  const heartbeats = heartbeatsOf({
    ...{ pino: silentPino, monotonic: () => time, patience: 60_000, every: 30_000 },
    timer: (look) => {
      looks.on('look', look);
      return () => void looks.removeAllListeners();
    },
  });
  const stop = new AbortController();
  t.teardown(() => stop.abort());
  const pass = (seconds: number): void => {
    time += seconds * 1000;
    looks.emit('look');
  };
  return { heartbeats, pass, stop };
};

const aWorker = (more: Partial<WorkerDeps>) =>
  worker({
    saga: 'rebuild',
    openWork: { due: () => TE.right(['artifact-a']), openClaims: () => TE.right([]) } as never,
    act: () => Promise.resolve(E.right({ after: null })),
    now: () => '2026-11-22T12:00:00.000Z',
    monotonic: () => 0,
    ...{ concurrency: 1, longestBackOff: 1, report: () => undefined },
    ...more,
  });

test('a saga whose work takes for ever is not stuck: its loop turns', async (t) => {
  const { heartbeats, pass, stop } = aWatch(t);
  heartbeats.watch(stop.signal);
  const beats = new EventEmitter();
  const beat = heartbeats.beatOf('The saga rebuild');
  const acted = new Promise<void>((done) => {
    const { run } = aWorker({
      act: () => {
        done();
        return unending();
      },
      beat: () => {
        beat();
        beats.emit('beat');
      },
    });
    void run(stop.signal);
  });
  await acted;
  for (let half = 0; half < 4; half += 1) {
    await once(beats, 'beat');
    pass(30);
    await once(beats, 'beat');
    t.deepEqual(heartbeats.alarms(), []);
  }
});

test('a saga that never learns what there is to do is stuck', async (t) => {
  const { heartbeats, pass, stop } = aWatch(t);
  heartbeats.watch(stop.signal);
  const asked = new Promise<void>((done) => {
    const due = () => () => {
      done();
      return unending();
    };
    const { run } = aWorker({
      openWork: { due } as never,
      beat: heartbeats.beatOf('The saga rebuild'),
    });
    void run(stop.signal);
  });
  await asked;
  pass(30);
  t.deepEqual(heartbeats.alarms(), []);
  pass(30);
  t.is(heartbeats.alarms().length, 1);
});

const aHouse = async (t: ExecutionContext) => {
  const nowhere = { feedUrl: 'http://127.0.0.1:1/', fedmsgEndpoints: ['tcp://127.0.0.1:1'] };
  const config: Config = {
    ...must(loadConfig({}, { data: aFolder(t) })),
    ...nowhere,
    ...{ fedmsgSignatures: 'ignored', port: 0, logLevel: 'silent' },
  };
  const stores = must(await openStores(config));
  t.teardown(() => stores.close());
  return { config, stores };
};

test('every part of a backend beats, again and again', async (t) => {
  const { config, stores } = await aHouse(t);
  const counts = new Map<string, number>();
  const heartbeats: Heartbeats = {
    ...heartbeatsOf({ pino: silentPino, monotonic: () => performance.now() }),
    beatOf: (part) => {
      counts.set(part, 0);
      return () => void counts.set(part, (counts.get(part) ?? 0) + 1);
    },
  };
  const logger = loggerFor(config);
  const backend = startBackend(config, stores, clientsOf(config, {}), logger, { heartbeats });
  t.teardown(() => backend.stop(10_000));
  await until({ stores }, () => Promise.resolve([...counts.values()].every((n) => n > 2)), 120);
  const parts = [...counts.keys()];
  const expected = [
    ...['The saga rebuild', 'The saga wave', 'The saga compose', 'The saga contents'],
    ...['The saga pushes', 'The saga signing', 'The noticing of messages'],
    ...['The watch of the log', 'The watch of the sources', 'The read model builds'],
    ...['The feed', 'The subscription to fedmsg'],
  ];
  t.deepEqual(
    expected.filter((part) => !parts.includes(part)),
    [],
  );
});

test('a stuck part makes the service not ready, and is listed with how long it stands still', async (t) => {
  const { config, stores } = await aHouse(t);
  const { heartbeats, pass } = aWatch(t);
  const hang = (reader: Reader): Reader => ({ ...reader, find: () => unending });
  const readModels: ReadModels = {
    ...stores.readModels,
    reader: (model) => {
      const reader = stores.readModels.reader(model);
      return model.name === openWorkModel.name ? hang(reader) : reader;
    },
  };
  const logger = loggerFor(config);
  const clients = clientsOf(config, {});
  const backend = startBackend(config, { ...stores, readModels }, clients, logger, { heartbeats });
  t.teardown(() => backend.stop(1000));
  const standing = { faults: backend.faults, silence: hearingOf(config) };
  const frontend = must(await startFrontend(config, stores, logger, standing));
  t.teardown(() => frontend.stop());
  t.deepEqual(backend.faults(), []);
  const secondsOf = (name: string): number =>
    backend.heartbeats().find(({ part }) => part === name)?.secondsSinceBeat ?? -1;
  pass(30);
  await until({ stores }, () => Promise.resolve(secondsOf('The saga signing') === 30));
  await until({ stores }, () => Promise.resolve(secondsOf('The noticing of messages') === 0));
  pass(30);
  const stuck = backend.faults();
  t.true(stuck.some((sentence) => sentence.startsWith('The saga rebuild is stuck')));
  t.false(stuck.some((sentence) => sentence.startsWith('The noticing')));
  const answer = await fetch(`${frontend.url}/readyz`);
  t.is(answer.status, 503);
  const { reasons } = (await answer.json()) as { readonly reasons: ReadonlyArray<string> };
  t.true(reasons.some((reason) => reason.startsWith('The saga rebuild is stuck')));
});

test('a stream that waits for nothing is looked at again after minutes all the same', async (t) => {
  let time = 0;
  let looks = 0;
  const beats = new EventEmitter();
  const stop = new AbortController();
  const running = aWorker({
    monotonic: () => time,
    act: () => {
      looks += 1;
      return Promise.resolve(E.right({ after: null }));
    },
    beat: () => beats.emit('beat'),
  }).run(stop.signal);
  for (let turn = 0; turn < 3; turn += 1) await once(beats, 'beat');
  t.is(looks, 1);
  time += 600_000;
  for (let turn = 0; turn < 3; turn += 1) await once(beats, 'beat');
  t.is(looks, 2);
  stop.abort();
  await running;
});
