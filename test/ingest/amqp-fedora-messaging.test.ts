import test from 'ava';
import { aBroker, aConsumer, aPublisher, recorded, until } from '../support/amqp-scene.ts';
import { fixtureText } from '../support/bus-fixtures.ts';
import {
  fedoraMessagingPython,
  noFedoraMessaging,
  runFedoraMessaging,
} from '../support/fedora-messaging/client.ts';
import { eventsOf, storedBody } from '../support/ingest-world.ts';
import { rabbitOfFile } from '../support/rabbit-of-file.ts';
import { noRabbit, rabbitForTests } from '../support/rabbitmq.ts';
import { aSandbox, hear, post } from '../support/sandbox.ts';

const missing = [
  ...(rabbitForTests() === undefined ? [noRabbit] : []),
  ...(fedoraMessagingPython === undefined ? [noFedoraMessaging] : []),
];
const withBoth = missing.length === 0 ? test : test.skip;
const titled = (title: string): string =>
  missing.length === 0 ? title : `${title} (skipped: ${missing.join('; ')})`;
const { rabbit, aVhost } = rabbitOfFile({ tls: true });
const nameOf = (url: string): string => decodeURIComponent(new URL(url).pathname.slice(1));

type Dump = { readonly msg?: object; readonly body?: object };
const payload = (name: string): object => {
  const { msg, body } = JSON.parse(fixtureText(name)) as Dump;
  return msg ?? body ?? {};
};

withBoth(titled("what Fedora's own client publishes is on record as it was meant"), async (t) => {
  const url = await aVhost();
  await (await aPublisher(t, url)).channel.assertExchange('zmq.topic', 'topic', { durable: true });
  const { log } = await aConsumer(t, { broker: aBroker(url) });
  const messages = [
    {
      topic: 'bodhi.update.complete.stable',
      body: payload('bodhi.update.complete.stable/new-form'),
    },
    { topic: 'git.receive', body: payload('git.receive/spec'), priority: 2 },
    { topic: 'something.else', body: { text: 'žluťoučký kůň' } },
  ];
  const said = await runFedoraMessaging(t, rabbit(), {
    ...{ vhost: nameOf(url), script: 'publish.py', input: JSON.stringify(messages) },
  });
  t.deepEqual({ code: said.code, logged: said.logged }, { code: 0, logged: '' });
  const ids = JSON.parse(said.out[0] ?? '[]') as ReadonlyArray<string>;
  t.is(ids.length, 3);
  await until(async () => (await recorded(log)).length === 3);
  for (const [index, id] of ids.entries()) {
    const { topic, body } = messages[index]!;
    const events = await eventsOf(log, `message-${id}`);
    t.like(events[0]?.data, {
      ...{ messageId: id, topic, prefix: 'org.fedoraproject.prod' },
      headers: { fedora_messaging_schema: 'base.message', fedora_messaging_severity: 30 },
    });
    t.regex(events[0]?.data['sentAt'] as string, /^\d{4}-.*T.*Z$/);
    t.deepEqual(JSON.parse(storedBody(events)), body);
  }
  const [second, understood] = await eventsOf(log, `message-${ids[1]!}`);
  t.is(understood?.type, 'MessageUnderstood');
  const headers = second?.data['headers'] as Readonly<Record<string, unknown>>;
  t.is(headers['priority'], 2);
  t.false('amqp-properties' in headers);
});

withBoth(titled("Fedora's own client consumes what the sandbox publishes"), async (t) => {
  const url = await aVhost();
  const { channel } = await aPublisher(t, url);
  await channel.assertExchange('zmq.topic', 'topic', { durable: true });
  await channel.assertQueue('python', { durable: true });
  for (const exchange of ['amq.topic', 'zmq.topic']) {
    await channel.bindQueue('python', exchange, '#');
  }
  const sandbox = await aSandbox(t, { amqp: url });
  await post(sandbox, '/sandbox/commit', { namespace: 'modules', repo: 'foo', branch: 'f28' });
  const heard = await hear(sandbox, (all) => all.length >= 2);
  await until(async () => (await channel.checkQueue('python')).messageCount >= heard.length);
  const said = await runFedoraMessaging(t, rabbit(), {
    ...{ vhost: nameOf(url), script: 'consume.py', args: [String(heard.length)] },
  });
  t.is(said.code, 0, said.logged);
  // How it is told to stop it calls an unhandled error itself, with a traceback.
  t.notRegex(said.logged, /\b(ERROR|CRITICAL)\b|ValidationError/);
  const consumed = said.out.map((line) => JSON.parse(line) as { id: string; topic: string });
  t.deepEqual(
    consumed.map(({ id, topic }) => ({ id, topic })),
    heard.map(({ id, topic }) => ({ id, topic })),
  );
});
