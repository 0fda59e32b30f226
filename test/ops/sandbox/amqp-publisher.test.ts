import { connect } from 'amqplib';
import type { ExecutionContext } from 'ava';
import { startSandbox } from '../../../ops/sandbox/sandbox.ts';
import { until } from '../../support/amqp-scene.ts';
import {
  rabbitOfFile,
  serialWithRabbit as test,
  withRabbit,
} from '../../support/rabbit-of-file.ts';
import {
  aSandbox,
  distributionOf,
  hear,
  post,
  submitHead,
  tempFolder,
} from '../../support/sandbox.ts';

const { rabbit, aVhost } = rabbitOfFile();

type Got = {
  readonly id: unknown;
  readonly topic: string;
  readonly exchange: string;
  readonly body: unknown;
  readonly properties: Readonly<Record<string, unknown>>;
};

/** A durable queue bound to both exchanges, and what came to it so far. */
const aListener = async (t: ExecutionContext, url: string): Promise<ReadonlyArray<Got>> => {
  // The driver leaves the timers of its heartbeat behind when a broker is killed.
  const connection = await connect(`${url}?heartbeat=0`);
  connection.on('error', () => undefined);
  t.teardown(() => connection.close().catch(() => undefined));
  const channel = await connection.createChannel();
  channel.on('error', () => undefined);
  await channel.assertExchange('zmq.topic', 'topic', { durable: true });
  await channel.assertQueue('listener', { durable: true });
  for (const exchange of ['amq.topic', 'zmq.topic']) {
    await channel.bindQueue('listener', exchange, '#');
  }
  const got: Array<Got> = [];
  await channel.consume('listener', (message) => {
    if (message === null) return;
    const { fields, properties, content } = message;
    got.push({
      ...{ id: properties.messageId as unknown, topic: fields.routingKey },
      ...{ exchange: fields.exchange, body: JSON.parse(content.toString()) as unknown },
      properties: { ...properties },
    });
    channel.ack(message);
  });
  return got;
};

const commit = { namespace: 'rpms', repo: 'bash', branch: 'f28' };

test(
  withRabbit('the sandbox publishes its bus in order, as native and bridged messages are'),
  async (t) => {
    const url = await aVhost();
    const got = await aListener(t, url);
    const sandbox = await aSandbox(t, { amqp: url });
    await post(sandbox, '/sandbox/commit', commit);
    await submitHead(sandbox, 'foo', 'f28');
    const heard = await hear(sandbox, (all) =>
      all.some(({ body }) => body['state_name'] === 'ready'),
    );
    await until(() => got.length >= heard.length);
    t.deepEqual(
      got.map(({ id, topic, body }) => ({ id, topic, body })),
      heard.map(({ id, topic, body }) => ({ id, topic, body })),
    );
    const exchanges = got.map(({ id, exchange }) => [/^\d{4}-/.test(String(id)), exchange]);
    t.true(
      exchanges.every(
        ([bridged, exchange]) => exchange === (bridged === true ? 'zmq.topic' : 'amq.topic'),
      ),
    );
    t.true(exchanges.some(([bridged]) => bridged === true));
    t.true(exchanges.some(([bridged]) => bridged === false));
    t.like(got[0]?.properties, {
      ...{ contentType: 'application/json', contentEncoding: 'utf-8', deliveryMode: 2 },
      headers: { fedora_messaging_severity: 20 },
    });
  },
);

test(
  withRabbit('a broker that is away loses nothing of the bus, nor does a sandbox that is'),
  async (t) => {
    const url = await aVhost();
    const data = tempFolder(t);
    await aListener(t, url);
    const distribution = distributionOf('foo:f28 unbuilt holds bash@f28');
    const first = await startSandbox({ amqp: url, data, distribution });
    await rabbit().kill();
    await post(first, '/sandbox/commit', commit);
    const heard = await hear(first, (all) => all.length >= 2);
    await first.close();
    await rabbit().start();
    const got = await aListener(t, url);
    const second = await aSandbox(t, { amqp: url, data });
    await until(() => heard.every(({ id }) => got.some((one) => one.id === id)));
    await post(second, '/sandbox/commit', commit);
    const all = await hear(second, (now) => now.length > heard.length + 1);
    await until(() => all.every(({ id }) => got.some((one) => one.id === id)));
    t.pass();
  },
);
