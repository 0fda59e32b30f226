import test from 'ava';
import { checkEventStore } from '../../event-log/eventstoredb/check.ts';
import { openEventStoreLog } from '../../event-log/eventstoredb/eventstoredb-log.ts';
import type { Socket } from 'node:net';
import { createServer } from 'node:net';
import { openStandIn } from '../support/eventstore/stand-in.ts';
import { left, right } from './an-event.ts';

test.serial('a server that fits is let pass', async (t) => {
  const standIn = await openStandIn();
  t.teardown(standIn.close);
  t.is(await right(checkEventStore(standIn.connectionString)), undefined);
});

test.serial('a user that may not read the whole log is told of it at the start', async (t) => {
  const standIn = await openStandIn();
  t.teardown(standIn.close);
  standIn.deny('access-denied');
  const failure = await left(checkEventStore(standIn.connectionString));
  t.is(failure.code, 'access-denied');
  t.regex(failure.reason, /\$all.*\$admins/);
});

test.serial('a wrong password is told of at the start', async (t) => {
  const standIn = await openStandIn();
  t.teardown(standIn.close);
  standIn.deny('unauthenticated');
  const { connectionString } = standIn;
  const failure = await left(openEventStoreLog({ connectionString }));
  t.is(failure.code, 'access-denied');
  t.regex(failure.reason, /password/);
});

test.serial('a server too old to say when a tail has caught up is refused', async (t) => {
  for (const version of ['22.10.5', '23.6.0', 'unknown']) {
    const standIn = await openStandIn({ version });
    t.teardown(standIn.close);
    const failure = await left(checkEventStore(standIn.connectionString));
    t.is(failure.code, 'unavailable');
    t.true(failure.reason.includes(version) && failure.reason.includes('23.10'));
  }
  for (const version of ['23.10.0', '24.2.1', '26.0.0']) {
    const standIn = await openStandIn({ version });
    t.teardown(standIn.close);
    await right(checkEventStore(standIn.connectionString));
  }
});

test.serial('a server that cannot be reached is told of with what to look at', async (t) => {
  const standIn = await openStandIn();
  await standIn.close();
  const failure = await left(checkEventStore(standIn.connectionString));
  t.is(failure.code, 'unavailable');
  t.regex(failure.reason, /ECONNREFUSED.*host and port/);
});

test.serial('a server that accepts and says nothing is given up in bounded time', async (t) => {
  const sockets = new Set<Socket>();
  const mute = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  const port = await new Promise<number>((resolve) => {
    mute.listen(0, '127.0.0.1', () => {
      const address = mute.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  t.teardown(() => {
    mute.close();
    for (const socket of sockets) socket.destroy();
  });
  const failure = await left(checkEventStore(`esdb://127.0.0.1:${port}?tls=false`, 300));
  t.is(failure.code, 'unavailable');
});

test.serial(
  'credentials that would not be sent are refused, and no message holds them',
  async (t) => {
    for (const option of ['tls=false', 'TLS=false', 'keepAliveInterval=20000&t-l-s=false']) {
      const failure = await left(checkEventStore(`esdb://admin:s3cret@127.0.0.1:1?${option}`));
      t.is(failure.code, 'bad-address');
      t.regex(failure.reason, /tls=false/);
      t.notRegex(failure.reason, /s3cret/);
    }
    for (const faulty of [
      'http://admin:s3cret@127.0.0.1',
      'esdb://admin:s3cret@127.0.0.1:port',
      'esdb://admin:s3cret@127.0.0.1?tlsCAFile=/nowhere/at/all.pem',
      'esdb://admin:s3cret@127.0.0.1?throwOnAppendFailure=false',
      'esdb://admin:s3cret/x@127.0.0.1?nodePreference=none',
    ]) {
      const failure = await left(checkEventStore(faulty));
      t.is(failure.code, 'bad-address');
      t.notRegex(failure.reason, /s3cret/, failure.reason);
    }
  },
);
