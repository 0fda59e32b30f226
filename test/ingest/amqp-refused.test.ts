import { readFileSync } from 'node:fs';
import type { Tls } from '../../ingest/amqp/broker.ts';
import {
  aBroker,
  aConsumer,
  aFollower,
  aPublisher,
  aQueue,
  recorded,
  until,
} from '../support/amqp-scene.ts';
import { rabbitOfFile, testWithRabbit as test, withRabbit } from '../support/rabbit-of-file.ts';

const { rabbit, aVhost } = rabbitOfFile({ tls: true });

const hostOf = (url: string): string => new URL(url).pathname;
const nameOf = (url: string): string => decodeURIComponent(hostOf(url).slice(1));

const as = (url: string, user: string, password: string): string => {
  const other = new URL(url);
  other.username = user;
  other.password = password;
  return other.href;
};

const secured = (): Tls & { readonly url: string } => {
  const { tls } = rabbit();
  if (tls === undefined) throw new Error('the broker has no TLS');
  const text = (file: string): string => readFileSync(file, 'utf8');
  return {
    ...{ url: tls.url.replace('/%2F', ''), authority: text(tls.authority) },
    ...{ certificate: text(tls.client.certificate), key: text(tls.client.key) },
  };
};

test(
  withRabbit('a client certificate logs in by itself, with no password (SASL EXTERNAL)'),
  async (t) => {
    const plain = await aVhost();
    const { url, ...tls } = secured();
    const { log } = await aConsumer(t, { broker: aBroker(url + hostOf(plain), tls) });
    const connections = await rabbit().ctl('list_connections', 'user', 'vhost', 'auth_mechanism');
    t.true(connections.split('\n').includes(`certified\t${nameOf(plain)}\tEXTERNAL`));
    const { send } = await aPublisher(t, plain);
    await send({ messageId: 'over-tls' });
    await until(async () => (await recorded(log)).length === 1);
  },
);

test(withRabbit('certificate and key may stand in one file'), async (t) => {
  const plain = await aVhost();
  const { url, authority = '', certificate = '', key = '' } = secured();
  const tls = { authority, certificate: `${certificate}${key}` };
  const { told } = await aConsumer(t, { broker: aBroker(url + hostOf(plain), tls) });
  t.is(told.length, 1);
});

test(
  withRabbit('a broker whose certificate nobody vouches for is refused, with what to check'),
  async (t) => {
    const { url, certificate = '', key = '' } = secured();
    const follower = await aFollower(t, { broker: aBroker(`${url}/%2F`, { certificate, key }) });
    await follower.hasTold(/Check amqpCertificate, amqpKey and amqpAuthority/);
    t.is(follower.told[0]?.level, 'error');
  },
);

test(withRabbit('a broker that wants a client certificate says so'), async (t) => {
  const { url, authority = '' } = secured();
  const follower = await aFollower(t, { broker: aBroker(`${url}/%2F`, { authority }) });
  await follower.hasTold(/certificate.*Check amqpCertificate/i);
  t.is(follower.told[0]?.level, 'error');
});

test(
  withRabbit('a wrong password is an error that says what to check, tried again until it is right'),
  async (t) => {
    const url = await aVhost();
    const user = `user${hostOf(url).length}${Math.random().toString(36).slice(2)}`;
    const follower = await aFollower(t, { broker: aBroker(as(url, user, 'secret')) });
    await follower.hasTold(/ACCESS.REFUSED.*Check user and password in amqpUrl/);
    t.deepEqual(
      follower.told.map(({ level }) => level),
      ['error'],
    );
    t.notRegex(follower.told[0]?.sentence ?? '', /secret/);
    await rabbit().ctl('add_user', user, 'secret');
    await follower.hasTold(/not for this user\. Check the path of amqpUrl/);
    await rabbit().ctl('set_permissions', '-p', nameOf(url), user, '.*', '.*', '.*');
    await follower.hasTold(/answers again after \d+ failed tries/);
  },
);

test(
  withRabbit(
    'a virtual host that stays away is an error that tells of the slash; at first it may be starting',
  ),
  async (t) => {
    const url = await aVhost();
    const follower = await aFollower(t, { broker: aBroker(url.replace('%2F', '')) });
    await follower.hasTold(/virtual host is not there.*its slash is written %2F/);
    await until(() => follower.told.length === 2);
    t.deepEqual(
      follower.told.map(({ level }) => level),
      ['warn', 'error'],
    );
  },
);

test(
  withRabbit('without the permission to make a queue, one that was made is consumed passively'),
  async (t) => {
    const url = await aVhost();
    await rabbit().ctl('add_user', 'reader', 'secret');
    await rabbit().ctl('set_permissions', '-p', nameOf(url), 'reader', '^$', '^$', '^freshmaker$');
    const broker = aBroker(as(url, 'reader', 'secret'));
    const active = await aFollower(t, { broker });
    await active.hasTold(/ACCESS.REFUSED.*set amqpDeclare to passive/);
    t.is(active.told[0]?.level, 'error');
    await active.stop();
    const passive = await aFollower(t, { broker, queue: aQueue({ declare: 'passive' }) });
    await passive.hasTold(
      /no queue 'freshmaker'.*Have the queue made, or set amqpDeclare to active/,
    );
    const { channel, send } = await aPublisher(t, url);
    await channel.assertQueue('freshmaker', { durable: false });
    await channel.bindQueue('freshmaker', 'amq.topic', '#');
    await passive.hasTold(/answers again/);
    await send({ messageId: 'read' });
    await until(async () => (await recorded(passive.log)).length === 1);
  },
);

test(
  withRabbit('a queue that was made in another way is an error that names the setting'),
  async (t) => {
    const url = await aVhost();
    const { channel } = await aPublisher(t, url);
    await channel.assertQueue('freshmaker', { durable: false });
    const follower = await aFollower(t, { broker: aBroker(url) });
    await follower.hasTold(/inequivalent arg 'durable'.*set amqpDurable as it was made/);
    t.is(follower.told[0]?.level, 'error');
  },
);

test(withRabbit('a port where nobody listens is tried again, and told once'), async (t) => {
  let tries = 0;
  const broker = { ...aBroker(await aVhost()), port: 1 };
  const follower = await aFollower(t, { broker, beat: () => void (tries += 1) });
  await until(() => tries > 4);
  t.deepEqual(
    follower.told.map(({ level }) => level),
    ['warn'],
  );
  t.regex(follower.told[0]?.sentence ?? '', /ECONNREFUSED/);
});
