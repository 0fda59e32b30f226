import test, { type ExecutionContext } from 'ava';
import { createServer } from 'node:net';
import { checkEventStore } from '../../event-log/eventstoredb/check.ts';
import { openEventStoreLog } from '../../event-log/eventstoredb/eventstoredb-log.ts';
import { certificateFor, hasOpenssl } from '../support/eventstore/certificates.ts';
import { openCluster } from '../support/eventstore/cluster.ts';
import { openStandIn, type StandIn, type StandInOptions } from '../support/eventstore/stand-in.ts';
import { begun, left, right } from './an-event.ts';

const users = { admin: 'changeit', auditor: 'looks', packager: 'p@ss:w/rd' };

const aServer = async (t: ExecutionContext, options: StandInOptions): Promise<StandIn> => {
  const standIn = await openStandIn(options);
  t.teardown(standIn.close);
  return standIn;
};

/** The connection string of a server, with a user in it. */
const as = ({ connectionString }: StandIn, user: string, password: string): string =>
  connectionString.replace('//', `//${user}:${encodeURIComponent(password)}@`);

const secureTest = hasOpenssl ? test.serial : test.skip;
const given = hasOpenssl ? '' : ' (skipped: no openssl to make certificates with)';

const aSecureServer = (t: ExecutionContext, names?: string): Promise<StandIn> =>
  aServer(t, { certificate: certificateFor(names), users });

secureTest(`over TLS an administrator is let in, and leaves nothing behind${given}`, async (t) => {
  const standIn = await aSecureServer(t);
  t.is(await right(checkEventStore(as(standIn, 'admin', users.admin))), undefined);
  t.is(standIn.store.all.length, 0);
});

secureTest(`a wrong password, or none, is refused with what to correct${given}`, async (t) => {
  const standIn = await aSecureServer(t);
  const wrong = await left(checkEventStore(as(standIn, 'admin', 'other')));
  t.is(wrong.code, 'access-denied');
  t.regex(wrong.reason, /user or the password.*correct them/);
  t.notRegex(wrong.reason, /other/);
  const none = await left(checkEventStore(standIn.connectionString));
  t.is(none.code, 'access-denied');
});

secureTest(
  `a user without the right to read all is told which right it needs${given}`,
  async (t) => {
    const standIn = await aSecureServer(t);
    const failure = await left(checkEventStore(as(standIn, 'packager', users.packager)));
    t.is(failure.code, 'access-denied');
    t.regex(failure.reason, /\$all.*\$admins/);
  },
);

secureTest(`a user without the right to append is told so at the start${given}`, async (t) => {
  const standIn = await aSecureServer(t);
  const failure = await left(checkEventStore(as(standIn, 'auditor', users.auditor)));
  t.is(failure.code, 'access-denied');
  t.regex(failure.reason, /does not let the user.*append.*\$admins/);
  t.is(standIn.store.all.length, 0);
});

secureTest(
  `an authority nobody here knows is told of with the option for it${given}`,
  async (t) => {
    const { port } = await aSecureServer(t);
    const failure = await left(checkEventStore(`esdb://admin:changeit@127.0.0.1:${port}`));
    t.is(failure.code, 'unavailable');
    t.regex(failure.reason, /authority.*tlsCAFile=<file>/);
  },
);

secureTest(
  `a certificate for another name is told apart from an unknown one${given}`,
  async (t) => {
    const standIn = await aSecureServer(t, 'DNS:elsewhere.example.org');
    const failure = await left(checkEventStore(as(standIn, 'admin', users.admin)));
    t.is(failure.code, 'unavailable');
    t.regex(failure.reason, /not for this name/);
  },
);

secureTest(`TLS on one side only is told of, whichever side it is${given}`, async (t) => {
  const secure = await aSecureServer(t);
  const plain = await aServer(t, {});
  const off = await left(checkEventStore(`esdb://127.0.0.1:${secure.port}?tls=false`));
  t.is(off.code, 'unavailable');
  t.regex(off.reason, /remove tls=false/);
  const on = await left(checkEventStore(`esdb://127.0.0.1:${plain.port}`));
  t.is(on.code, 'unavailable');
  t.regex(on.reason, /does not speak TLS/);
});

test.serial('a server that takes less in one append is refused, with the setting', async (t) => {
  for (const maxAppendSize of [1024, 1024 * 1024 - 1]) {
    const standIn = await aServer(t, { maxAppendSize });
    const failure = await left(checkEventStore(standIn.connectionString));
    t.is(failure.code, 'unavailable');
    t.regex(failure.reason, new RegExp(`only ${maxAppendSize} bytes.*MaxAppendSize.*1048576`));
    t.is(standIn.store.all.length, 0);
  }
});

test.serial('asking for the limit leaves nothing behind on a server that fits', async (t) => {
  for (const maxAppendSize of [1024 * 1024, 4 * 1024 * 1024]) {
    const standIn = await aServer(t, { maxAppendSize });
    t.is(await right(checkEventStore(standIn.connectionString)), undefined);
    t.is(standIn.store.all.length, 0);
  }
});

test.serial('a cluster without a leader is told of, with the nodes that answer', async (t) => {
  const cluster = await openCluster();
  t.teardown(cluster.close);
  t.is(await right(checkEventStore(cluster.connectionString)), undefined);
  cluster.loseMajority();
  const failure = await left(checkEventStore(cluster.connectionString));
  t.is(failure.code, 'unavailable');
  t.regex(failure.reason, /answers at 127.*no leader.*more than half/);
  t.is(failure.reason.match(/127\.0\.0\.1:\d+/g)?.length, 3);
  const alone = await left(checkEventStore(cluster.straightTo(1)));
  t.is(alone.code, 'unavailable');
  t.regex(alone.reason, /has no leader for now.*more than half/);
});

test.serial('a cluster none of whose nodes answers is told of with all of them', async (t) => {
  const cluster = await openCluster();
  await cluster.close();
  const failure = await left(checkEventStore(cluster.connectionString));
  t.is(failure.code, 'unavailable');
  t.regex(failure.reason, /none of the nodes.*ECONNREFUSED.*host and port/);
});

test.serial('a follower that is asked alone sends its readers to the leader', async (t) => {
  const cluster = await openCluster();
  t.teardown(cluster.close);
  t.is(await right(checkEventStore(cluster.straightTo(2))), undefined);
});

test.serial('a host nobody knows, and a port of something else, are told of', async (t) => {
  const unknown = await left(checkEventStore('esdb://nowhere.invalid:2113?tls=false'));
  t.is(unknown.code, 'unavailable');
  t.regex(unknown.reason, /correct the host/);
  const other = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  const port = await new Promise<number>((resolve) => {
    other.listen(0, '127.0.0.1', () => {
      const address = other.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  t.teardown(() => other.close());
  const failure = await left(checkEventStore(`esdb://127.0.0.1:${port}?tls=false`, 5000));
  t.is(failure.code, 'unavailable');
  t.regex(failure.reason, /port/);
});

test.serial(
  'a clock some minutes ahead on the server is nothing, one an hour ahead is told of',
  async (t) => {
    const standIn = await aServer(t, { clockAhead: 5 * 60_000 });
    const log = await right(openEventStoreLog({ connectionString: standIn.connectionString }));
    t.teardown(log.close);
    t.is((await right(log.append('a-1', 'no-stream', begun('a-1')))).revision, 0);
    const { connectionString } = await aServer(t, { clockAhead: 3_600_000 });
    const failure = await left(checkEventStore(connectionString));
    t.is(failure.code, 'unavailable');
    t.regex(failure.reason, /deadline-exceeded.*set the clocks right/);
  },
);
