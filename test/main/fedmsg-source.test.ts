import type { ExecutionContext } from 'ava';
import test from 'ava';
import { startBackend } from '../../main/backend/backend.ts';
import { clientsOf } from '../../main/backend/clients.ts';
import { loadConfig } from '../../main/config/load-config.ts';
import type { Config } from '../../main/config/settings.ts';
import { hearingOf } from '../../main/hearing.ts';
import { loggerFor } from '../../main/logger.ts';
import { openStores } from '../../main/open-stores.ts';
import { aFedmsgPublisher } from '../support/fedmsg-publisher.ts';
import { aMessage, fedmsgFixture, signedBy } from '../support/fedmsg-signer.ts';
import { aFolder } from '../support/ingest-world.ts';
import { must, until } from '../support/service.ts';

const aBackend = async (t: ExecutionContext, more: Partial<Config>) => {
  const given = must(loadConfig({}, { data: aFolder(t) }));
  const config: Config = { ...given, logLevel: 'silent', ...more };
  const stores = must(await openStores(config));
  const heard: Array<string> = [];
  const hearing = { ...hearingOf(config), heard: (transport: string) => heard.push(transport) };
  const clients = clientsOf(config, {});
  const backend = startBackend(config, stores, clients, loggerFor(config), { hearing });
  t.teardown(async () => {
    await backend.stop(10_000);
    await stores.close();
  });
  return { stores, backend, heard };
};

test('fedmsg as configured goes on record: what its authority vouches for, and what it does not', async (t) => {
  const publisher = await aFedmsgPublisher(t);
  const { stores, backend, heard } = await aBackend(t, {
    fedmsgEndpoints: [publisher.endpoint],
    fedmsgAuthority: fedmsgFixture('authority.pem').toString(),
    fedmsgRevocations: fedmsgFixture('revocations.pem').toString(),
  });
  t.is(await publisher.subscribed(), 'org.fedoraproject');
  await publisher.publish(signedBy('revoked', aMessage('a')));
  await publisher.publish(signedBy('koji', aMessage('a')));
  await publisher.publish(signedBy('koji', aMessage('a')));
  await publisher.publish(signedBy('koji', aMessage('b')));
  const streams = async (): Promise<ReadonlyArray<string>> => {
    const page = must(await stores.log.readAll('', { types: ['MessageObserved'] }, 10)());
    return page.events.map(({ stream }) => stream);
  };
  await until({ stores }, () => Promise.resolve(heard.length >= 4), 60);
  const [first, ...rest] = await streams();
  t.regex(first ?? '', /^message-rejected:/);
  t.deepEqual(rest, ['message-a', 'message-b']);
  t.deepEqual(heard, ['fedmsg', 'fedmsg', 'fedmsg', 'fedmsg']);
  t.deepEqual(backend.faults(), []);
});

const refusals: ReadonlyArray<readonly [why: string, Partial<Config>, RegExp]> = [
  ['no authority is named', {}, /bad-authority.*Name its PEM file as fedmsgAuthority/],
  ['its authority is none', { fedmsgAuthority: 'none' }, /bad-authority.*no certificate/],
  [
    'an endpoint is none',
    { fedmsgSignatures: 'ignored', fedmsgEndpoints: ['localhost'] },
    /bad-endpoint.*names localhost/,
  ],
];

for (const [why, more, said] of refusals) {
  test(`fedmsg is not listened to, and the service tells so, where ${why}`, async (t) => {
    const endpoints = { fedmsgEndpoints: ['tcp://127.0.0.1:1'] };
    const { stores, backend } = await aBackend(t, { ...endpoints, ...more });
    await until({ stores }, () => Promise.resolve(backend.faults().length > 0), 60);
    t.is(backend.faults().length, 1);
    t.regex(backend.faults()[0] ?? '', said);
    t.regex(backend.faults()[0] ?? '', /^The subscription to fedmsg has stopped for good/);
  });
}
