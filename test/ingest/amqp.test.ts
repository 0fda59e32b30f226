import { randomUUID } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { EventLog } from '../../event-log/event-log.ts';
import {
  aBroker,
  aConsumer,
  aFollower,
  aPublisher,
  aQueue,
  idsIn,
  recorded,
  until,
} from '../support/amqp-scene.ts';
import { fixtureText } from '../support/bus-fixtures.ts';
import { aLog, anIngest, eventsOf, storedBody } from '../support/ingest-world.ts';
import { rabbitOfFile, testWithRabbit as test, withRabbit } from '../support/rabbit-of-file.ts';

const { rabbit, aVhost } = rabbitOfFile();

const hostOf = (url: string): string => decodeURIComponent(new URL(url).pathname.slice(1));

type Counts = { readonly ready: number; readonly unacked: number; readonly consumers: number };

/** What the broker says of the queue `freshmaker`. */
const countsIn = async (url: string): Promise<Counts> => {
  const columns = ['messages_ready', 'messages_unacknowledged', 'consumers'];
  const text = await rabbit().ctl('list_queues', '-p', hostOf(url), 'name', ...columns);
  const line = text.split('\n').find((each) => each.startsWith('freshmaker\t')) ?? '';
  const [, ready = NaN, unacked = NaN, consumers = NaN] = line.split('\t').map(Number);
  return { ready, unacked, consumers };
};

const ids = (count: number): ReadonlyArray<string> => Array.from({ length: count }, randomUUID);

test(withRabbit('a message goes on record as it came, then is acknowledged'), async (t) => {
  const url = await aVhost();
  const { log } = await aConsumer(t, { broker: aBroker(url) });
  const { send } = await aPublisher(t, url);
  const dump = JSON.parse(fixtureText('git.receive/spec')) as { msg: object };
  const body = JSON.stringify(dump.msg, undefined, 3);
  const messageId = randomUUID();
  const headers = {
    fedora_messaging_schema: 'git.receive',
    'sent-at': '2026-01-02T03:04:05+01:00',
  };
  await send({
    topic: 'org.fedoraproject.prod.git.receive',
    body,
    messageId,
    headers,
    priority: 3,
  });
  await until(async () => (await recorded(log)).length === 1);
  const events = await eventsOf(log, `message-${messageId}`);
  t.deepEqual(
    events.map(({ type }) => type),
    ['MessageObserved', 'MessageUnderstood'],
  );
  t.like(events[0]?.data, {
    ...{ messageId, topic: 'git.receive', prefix: 'org.fedoraproject.prod', transport: 'amqp' },
    ...{ sentAt: '2026-01-02T02:04:05.000Z', format: 'fedora-messaging' },
    headers: { ...headers, priority: 3 },
  });
  t.is(storedBody(events), body);
  await until(async () => {
    const { ready, unacked } = await countsIn(url);
    return ready === 0 && unacked === 0;
  });
});

test(
  withRabbit('a queue gets what each of its bindings lets through, of every exchange'),
  async (t) => {
    const url = await aVhost();
    const { channel, send } = await aPublisher(t, url);
    await channel.assertExchange('zmq.topic', 'topic', { durable: true });
    const bindings = ['amq.topic:org.fedoraproject.prod.git.#', 'zmq.topic:*.*.*.mbs.#'];
    const { log } = await aConsumer(t, { broker: aBroker(url), queue: aQueue({}, bindings) });
    await send(
      { topic: 'org.fedoraproject.prod.git.receive', messageId: 'a' },
      { topic: 'org.fedoraproject.prod.buildsys.tag', messageId: 'b' },
      { exchange: 'zmq.topic', topic: 'org.fedoraproject.prod.mbs.x', messageId: '2019-c' },
      { topic: 'org.fedoraproject.prod.git.end', messageId: 'd' },
    );
    await until(async () => (await recorded(log)).length === 3);
    t.deepEqual(
      (await recorded(log)).map(({ stream }) => stream),
      ['message-a', 'message-c', 'message-d'],
    );
  },
);

test(
  withRabbit('what cannot be read is set aside and acknowledged, and does not come again'),
  async (t) => {
    const url = await aVhost();
    const { log } = await aConsumer(t, { broker: aBroker(url) });
    const { send } = await aPublisher(t, url);
    const topic = 'org.fedoraproject.prod.git.receive';
    await send(
      { topic, body: 'no JSON' },
      { topic, body: Buffer.from([0x7b, 0xff, 0x7d]) },
      { topic, body: '{"a":1}', contentEncoding: 'gzip', messageId: 'packed' },
      { topic, body: '' },
      { topic: '', body: '{}' },
      { topic, body: '{}', headers: { long: 'x'.repeat(40_000) }, messageId: 'long' },
      { topic, body: '{}', headers: { bytes: Buffer.from([1, 255]) }, appId: 'odd' },
      { topic, body: '[1,2]', messageId: 'list' },
    );
    await send({ topic, body: '{}', messageId: 'last' });
    await until(async () => (await idsIn(log)).includes('last'));
    t.is((await recorded(log)).length, 9);
    const aside = await log.readAll('', { types: ['MessageSetAside'] }, 100)();
    const codes = E.isRight(aside) ? aside.right.events.map(({ data }) => data['code']) : [];
    const expected = ['unreadable-body', 'unreadable-body', 'unreadable-body', 'unreadable-body'];
    t.deepEqual(codes.slice(0, 6), [...expected, 'unreadable-message', 'unreadable-message']);
    t.is(codes.length, 9);
    await until(async () => (await countsIn(url)).unacked === 0);
  },
);

test(
  withRabbit(
    'the broker hands over no more than the prefetch, and what waits is never acknowledged',
  ),
  async (t) => {
    const url = await aVhost();
    const log = await aLog(t);
    let isDown = true;
    let tried = 0;
    const down: EventLog = {
      ...log,
      append: (...request) => {
        tried += 1;
        const unavailable = { code: 'unavailable', reason: 'nobody is there' } as const;
        return isDown ? TE.left(unavailable) : log.append(...request);
      },
    };
    const sent = ids(40);
    const follower = await aConsumer(t, {
      ...{ broker: aBroker(url), prefetch: 7, ingest: anIngest(down) },
    });
    const { send } = await aPublisher(t, url);
    await send(...sent.map((messageId) => ({ messageId })));
    await follower.hasTold(/the log takes no message: nobody is there/);
    await until(() => tried > 30);
    t.deepEqual(await countsIn(url), { ready: 33, unacked: 7, consumers: 1 });
    isDown = false;
    await follower.hasTold(/the log takes messages again after \d+ tries/);
    await until(async () => (await recorded(log)).length === 40);
    t.deepEqual([...(await idsIn(log))].sort(), [...sent].sort());
    t.is(follower.told.filter(({ level }) => level === 'error').length, 1);
    await until(async () => (await countsIn(url)).unacked === 0);
  },
);

test(withRabbit('a message whose reading the log refuses is on record all the same'), async (t) => {
  const url = await aVhost();
  const log = await aLog(t);
  const picky: EventLog = {
    ...log,
    append: (stream, expected, events) =>
      events.some(({ type }) => type === 'MessageUnderstood')
        ? TE.left({ code: 'too-large', bytes: 300_000, limit: 262_144 })
        : log.append(stream, expected, events),
  };
  await aConsumer(t, { broker: aBroker(url), ingest: anIngest(picky) });
  const { send } = await aPublisher(t, url);
  const { msg } = JSON.parse(fixtureText('git.receive/spec')) as { msg: object };
  const topic = 'org.fedoraproject.prod.git.receive';
  await send({ topic, body: JSON.stringify(msg), messageId: 'large' });
  await until(async () => (await recorded(log)).length === 1);
  const [, aside] = await eventsOf(log, 'message-large');
  t.is(aside?.data['code'], 'unreadable-message');
});

test(
  withRabbit(
    "when it is told to stop, what is on record is acknowledged and the rest is the next one's",
  ),
  async (t) => {
    const url = await aVhost();
    const log = await aLog(t);
    const sent = ids(300);
    const first = await aConsumer(t, { broker: aBroker(url), ingest: anIngest(log), prefetch: 5 });
    const { send } = await aPublisher(t, url);
    const sending = send(...sent.map((messageId) => ({ messageId })));
    await until(async () => (await recorded(log)).length >= 20);
    await first.stop();
    const taken = (await recorded(log)).length;
    await sending;
    const { ready, unacked, consumers } = await countsIn(url);
    t.deepEqual({ all: ready + taken, unacked, consumers }, { all: 300, unacked: 0, consumers: 0 });
    await aConsumer(t, { broker: aBroker(url), ingest: anIngest(log) });
    await until(async () => (await recorded(log)).length === 300);
    t.deepEqual([...(await idsIn(log))].sort(), [...sent].sort());
  },
);

test(
  withRabbit('stopping takes no longer than it is given, though the log never answers'),
  async (t) => {
    const url = await aVhost();
    const log = await aLog(t);
    const hanging: EventLog = { ...log, append: () => () => new Promise(() => undefined) };
    const follower = await aConsumer(t, {
      ...{ broker: aBroker(url), ingest: anIngest(hanging), patience: 50 },
    });
    const { send } = await aPublisher(t, url);
    await send({ messageId: 'hangs' });
    await until(async () => (await countsIn(url)).unacked === 1);
    await follower.stop();
    await until(async () => (await countsIn(url)).ready === 1);
    t.pass();
  },
);

test(withRabbit('two consumers of one queue put each message on record once'), async (t) => {
  const url = await aVhost();
  const log = await aLog(t);
  const heard = [0, 0];
  for (const which of [0, 1]) {
    const count = (): void => void (heard[which]! += 1);
    await aConsumer(t, { broker: aBroker(url), ingest: anIngest(log), heard: count });
  }
  const sent = ids(100);
  const { send } = await aPublisher(t, url);
  await send(...[...sent, ...sent].map((messageId) => ({ messageId })));
  await until(async () => {
    const { ready, unacked } = await countsIn(url);
    return ready === 0 && unacked === 0;
  });
  t.deepEqual([...(await idsIn(log))].sort(), [...sent].sort());
  t.true(heard.every((count) => count > 0));
  t.is(heard[0]! + heard[1]!, 200);
});

test(
  withRabbit('a connection that the broker closes is made anew, and nothing is lost or doubled'),
  async (t) => {
    const url = await aVhost();
    const follower = await aConsumer(t, { broker: aBroker(url), prefetch: 10 });
    const sent = ids(400);
    const { send } = await aPublisher(t, url);
    await send(...sent.slice(0, 200).map((messageId) => ({ messageId })));
    await rabbit().ctl('close_all_connections', '--vhost', hostOf(url), 'for the test');
    await follower.hasTold(/answers again after 1 failed tries; queue freshmaker is consumed/);
    t.regex(
      follower.told[1]?.sentence ?? '',
      /CONNECTION.FORCED.*for the test.*The next try is in/,
    );
    t.is(follower.told[1]?.level, 'warn');
    const again = await aPublisher(t, url);
    await again.send(...sent.slice(200).map((messageId) => ({ messageId })));
    await until(async () => (await recorded(follower.log)).length === 400);
    t.deepEqual([...(await idsIn(follower.log))].sort(), [...sent].sort());
    t.is(follower.told.length, 3);
  },
);

test(withRabbit('a queue that is deleted is made again, with its bindings'), async (t) => {
  const url = await aVhost();
  const { log, hasTold } = await aConsumer(t, { broker: aBroker(url) });
  await rabbit().ctl('delete_queue', '-p', hostOf(url), 'freshmaker');
  await hasTold(/the queue freshmaker was deleted/);
  await hasTold(/answers again after/);
  const { send } = await aPublisher(t, url);
  await send({ messageId: 'after' });
  await until(async () => (await recorded(log)).length === 1);
  t.pass();
});

test(withRabbit("without a name the queue is the connection's own and goes with it"), async (t) => {
  const url = await aVhost();
  const follower = await aConsumer(t, { broker: aBroker(url), queue: aQueue({ name: null }) });
  t.regex(follower.told[0]?.sentence ?? '', /queue amq\.gen-\S+ is consumed/);
  const { send } = await aPublisher(t, url);
  await send({ messageId: 'own' });
  await until(async () => (await recorded(follower.log)).length === 1);
  await follower.stop();
  const left = async () => rabbit().ctl('list_queues', '-p', hostOf(url), 'name');
  await until(async () => !(await left()).includes('amq.gen'));
  t.pass();
});

test(
  withRabbit('an exchange that is missing is told, and the queue is bound when it is there'),
  async (t) => {
    const url = await aVhost();
    const follower = await aFollower(t, {
      ...{ broker: aBroker(url), queue: aQueue({}, ['zmq.topic:#']) },
    });
    await follower.hasTold(/no exchange 'zmq\.topic'.*Have the exchange made, or .*amqpBindings/);
    const { channel, send } = await aPublisher(t, url);
    await channel.assertExchange('zmq.topic', 'topic', { durable: true });
    await follower.hasTold(/answers again after \d+ failed tries/);
    await send({ exchange: 'zmq.topic', messageId: 'bridged' });
    await until(async () => (await recorded(follower.log)).length === 1);
    t.is(follower.told.length, 2);
  },
);
