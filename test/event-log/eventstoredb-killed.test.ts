import * as E from 'fp-ts/lib/Either.js';
import test, { type ExecutionContext } from 'ava';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appendSurely } from '../../event-log/append-surely.ts';
import { openEventStoreLog } from '../../event-log/eventstoredb/eventstoredb-log.ts';
import { hasOpenssl } from '../support/eventstore/certificates.ts';
import {
  type EventStoreProcess,
  type EventStoreProcessOptions,
  startEventStore,
} from '../support/eventstore/process.ts';
import { until } from './a-scene.ts';
import { begun, left, right } from './an-event.ts';
import { keepBusy } from './many-writers.ts';

const aServer = async (
  t: ExecutionContext,
  options: Pick<EventStoreProcessOptions, 'tls'> = {},
): Promise<EventStoreProcess> => {
  const folder = await mkdtemp(join(tmpdir(), 'freshmaker-eventstore-'));
  const server = await startEventStore({ folder, ...options });
  t.teardown(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });
  return server;
};

const killedAgainAndAgain = async (
  t: ExecutionContext,
  server: EventStoreProcess,
  rounds: number,
): Promise<void> => {
  const log = await right(openEventStoreLog({ connectionString: server.connectionString }));
  t.teardown(log.close);
  const busy = keepBusy(log, { category: 'busy' });
  for (let round = 0; round < rounds; round += 1) {
    const before = busy.acknowledged();
    await until(() => busy.acknowledged() > before + 40 + round * 7 || busy.failures().length > 0);
    await server.kill();
    await server.start();
  }
  const before = busy.acknowledged();
  await until(() => busy.acknowledged() > before + 20 || busy.failures().length > 0);
  await busy.rest();
  t.deepEqual(busy.failures(), []);
  await busy.examine(t);
};

test.serial(
  'a server killed five times under writers and a reader loses and doubles nothing',
  async (t) => killedAgainAndAgain(t, await aServer(t), 5),
);

const secureTest = hasOpenssl ? test.serial : test.skip;
secureTest(
  `the same over TLS with a user${hasOpenssl ? '' : ' (skipped: no openssl to make certificates with)'}`,
  async (t) => {
    const users = { admin: 'ch@nge/it' };
    await killedAgainAndAgain(t, await aServer(t, { tls: { users } }), 2);
  },
);

test.serial(
  'a server that is away at the start is told of, and let in when it is there',
  async (t) => {
    const server = await aServer(t);
    const { connectionString } = server;
    await server.kill();
    const failure = await left(openEventStoreLog({ connectionString }));
    t.is(failure.code, 'unavailable');
    t.regex(failure.reason, /ECONNREFUSED.*is the server up/);
    await server.start();
    const log = await right(openEventStoreLog({ connectionString }));
    t.teardown(log.close);
    t.is((await right(log.append('a-1', 'no-stream', begun('a-1')))).revision, 0);
  },
);

test.serial(
  'while a server is away appends wait, the impatient are told in the end, the others are written once',
  async (t) => {
    const server = await aServer(t);
    const log = await right(openEventStoreLog({ connectionString: server.connectionString }));
    t.teardown(log.close);
    const names = (of: string) => Array.from({ length: 40 }, (_, index) => `${of}-${index}`);
    const sent = new Map(
      [...names('brief'), ...names('patient')].map((name) => [name, begun(name)]),
    );
    const append = (name: string, tries: number) =>
      appendSurely(log, name, 'no-stream', sent.get(name)!, { tries })();
    await server.kill();
    const patient = Promise.all(names('patient').map((name) => append(name, 1000)));
    // As long as who appends waits by default: a quarter of a minute.
    const brief = await Promise.all(names('brief').map((name) => append(name, 10)));
    t.is(brief.length, 40);
    for (const outcome of brief) {
      t.true(E.isLeft(outcome) && outcome.left.code === 'outcome-unknown');
      t.regex(
        JSON.stringify(outcome),
        /could not be found out.*ECONNREFUSED.*read the stream again/,
      );
    }
    await server.start();
    t.true((await patient).every(E.isRight));
    const counts = await Promise.all(
      names('patient').map(async (name) => (await right(log.readStream(name, 0, 10))).length),
    );
    t.deepEqual(
      counts,
      Array.from({ length: 40 }, () => 1),
    );
    for (const name of names('brief')) {
      t.is((await right(appendSurely(log, name, 'no-stream', sent.get(name)!))).revision, 0);
    }
  },
);

test.serial(
  'closing waits for the appends under way, and what comes after is refused',
  async (t) => {
    const server = await aServer(t);
    const { connectionString } = server;
    const log = await right(openEventStoreLog({ connectionString }));
    const names = Array.from({ length: 200 }, (_, index) => `c-${index}`);
    const outcomes = names.map((name) => log.append(name, 'no-stream', begun(name))());
    await log.close();
    t.is((await left(log.append('late-1', 'no-stream', begun('late-1')))).code, 'closed');
    t.true((await Promise.all(outcomes)).every(E.isRight));
    const again = await right(openEventStoreLog({ connectionString }));
    t.teardown(again.close);
    for (const name of names) t.is((await right(again.readStream(name, 0, 9))).length, 1);
  },
);

test.serial(
  'closing while the server is away ends in bounded time, and so do those who wait',
  async (t) => {
    const server = await aServer(t);
    const log = await right(openEventStoreLog({ connectionString: server.connectionString }));
    await server.kill();
    const waiting = Promise.all(
      Array.from({ length: 30 }, (_, index) => {
        const name = `c-${index}`;
        return appendSurely(log, name, 'no-stream', begun(name), { tries: 1000 })();
      }),
    );
    await log.close();
    const outcomes = await waiting;
    t.is(outcomes.length, 30);
    t.true(outcomes.every((one) => E.isLeft(one) && one.left.code === 'outcome-unknown'));
  },
);
