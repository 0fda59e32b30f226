import { EventEmitter, once } from 'node:events';
import type { ExecutionContext } from 'ava';
import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { EventLog, RecordedEvent } from '../../event-log/event-log.ts';
import type { FedmsgDeps } from '../../ingest/fedmsg/follow-fedmsg.ts';
import { followFedmsg } from '../../ingest/fedmsg/follow-fedmsg.ts';
import { subscribe } from '../../ingest/fedmsg/subscribe.ts';
import type { FedmsgPublisher } from '../support/fedmsg-publisher.ts';
import { aFedmsgPublisher } from '../support/fedmsg-publisher.ts';
import { aMessage, anAuthority, atThatTime, fedmsgFixture, signedBy } from '../support/fedmsg-signer.ts'; // prettier-ignore
import { aLog, anIngest, eventsOf, storedBody } from '../support/ingest-world.ts';

/** All events of a type, once there are so many. */
const recorded = async (
  log: EventLog,
  count: number,
  type = 'MessageObserved',
): Promise<ReadonlyArray<RecordedEvent>> => {
  const found: Array<RecordedEvent> = [];
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), 60_000);
  for await (const page of log.tail('', { types: [type] }, late.signal)) {
    found.push(...page.events);
    if (found.length >= count) break;
  }
  clearTimeout(timer);
  return found;
};

type Entry = Parameters<FedmsgDeps['report']>[0];

/** Listens to publishers until the test ends; resolves when each of them is subscribed to. */
const listen = async (
  t: ExecutionContext,
  publishers: ReadonlyArray<FedmsgPublisher>,
  changes: Partial<FedmsgDeps> = {},
) => {
  const log = await aLog(t);
  const told: Array<Entry> = [];
  const telling = new EventEmitter();
  const stop = new AbortController();
  const run = followFedmsg(
    {
      ingest: { ...anIngest(log), transport: 'fedmsg' },
      endpoints: publishers.map(({ endpoint }) => endpoint),
      topics: ['org.fedoraproject'],
      authority: anAuthority(),
      report: (entry) => {
        told.push(entry);
        telling.emit('told');
      },
      clock: () => atThatTime,
      random: () => 0,
      pauses: { first: 1, longest: 4 },
      ...changes,
    },
    stop.signal,
  );
  t.teardown(async () => {
    stop.abort();
    await run;
  });
  await Promise.all(publishers.map(({ subscribed }) => subscribed()));
  const toldOf = async (count: number): Promise<ReadonlyArray<Entry>> => {
    while (told.length < count) await once(telling, 'told');
    return told;
  };
  return { log, told, toldOf, stop, run };
};

const signed = (id: string, more = {}): string => signedBy('koji', aMessage(id, more));
const topic = 'org.fedoraproject.prod.buildsys.tag';

test('messages of several publishers go on record, each once, without the year in front', async (t) => {
  const [one, other] = [await aFedmsgPublisher(t), await aFedmsgPublisher(t)];
  const { log } = await listen(t, [one, other]);
  await one.publish(signed('a'));
  await recorded(log, 1);
  await other.publish(signed('a'));
  await other.publish(signed('b'));
  const events = await recorded(log, 2);
  t.deepEqual(
    events.map(({ stream }) => stream),
    ['message-a', 'message-b'],
  );
  t.like(events[0]?.data, {
    ...{ messageId: '2026-a', idDerived: false, topic: 'buildsys.tag' },
    ...{ prefix: 'org.fedoraproject.prod', format: 'fedmsg', transport: 'fedmsg' },
    ...{ sentAt: '2026-01-01T12:00:00.000Z', body: { encoding: 'text', text: '"hello"' } },
  });
});

test('a message that Python signed is read as what it means', async (t) => {
  const publisher = await aFedmsgPublisher(t);
  const { log } = await listen(t, [publisher]);
  await publisher.send(topic, fedmsgFixture('by-python.frame'));
  const stream = 'message-859a8cfb-6d95-43f4-9c0b-897e833b06b5';
  t.is((await recorded(log, 1))[0]?.stream, stream);
  const [, verdict] = await eventsOf(log, stream);
  t.is(verdict?.type, 'MessageSetAside');
  t.is(verdict?.data['code'], 'unreadable-body');
});

test('only topics that begin as asked are heard', async (t) => {
  const publisher = await aFedmsgPublisher(t);
  const { log } = await listen(t, [publisher]);
  await publisher.publish(signed('a', { topic: 'org.centos.prod.buildsys.tag' }));
  await publisher.publish(signed('b'));
  t.is((await recorded(log, 1))[0]?.stream, 'message-b');
});

test('a forged message is on record with what was to prove it, and does not shut out the true one', async (t) => {
  const publisher = await aFedmsgPublisher(t);
  const { log } = await listen(t, [publisher]);
  const forged = signed('a').replace('hello', 'hallo');
  await publisher.publish(forged);
  await publisher.publish(forged);
  await publisher.publish(signed('a'));
  const [first, second, ...more] = await recorded(log, 2);
  t.deepEqual(more, []);
  t.regex(first?.stream ?? '', /^message-rejected:sha256:[0-9a-f]{64}$/);
  t.is(first?.data['messageId'], '2026-a');
  t.is(second?.stream, 'message-a');
  const events = await eventsOf(log, first!.stream);
  t.is(storedBody(events), forged);
  t.is(events[1]?.type, 'MessageSetAside');
  t.is(events[1]?.data['code'], 'bad-signature');
  const [, verdict] = await eventsOf(log, 'message-a');
  t.not(verdict?.data['code'], 'bad-signature');
});

test('whatever is no genuine message is set aside with a code that says why', async (t) => {
  const publisher = await aFedmsgPublisher(t);
  const { log } = await listen(t, [publisher]);
  const cases: ReadonlyArray<readonly [string, ReadonlyArray<string | Uint8Array>]> = [
    ['unreadable-message', [topic]],
    ['unreadable-message', [topic, signed('1'), 'more']],
    ['unreadable-message', [topic, '{"topic":']],
    ['unreadable-message', [topic, '[]']],
    ['unreadable-message', [topic, `${'['.repeat(5000)}${']'.repeat(5000)}`]],
    ['unreadable-message', [topic, `{"a":${'['.repeat(300)}${']'.repeat(300)}}`]],
    ['unsigned', [topic, JSON.stringify(aMessage('2'))]],
    ['untrusted-signer', [topic, signedBy('stranger', aMessage('3'))]],
    ['revoked-signer', [topic, signedBy('revoked', aMessage('4'))]],
    ['topic-mismatch', [`${topic}s`, signed('5')]],
    ['bad-signature', [topic, Buffer.from(signed('6', { msg: 'Jos\u00e9' }), 'latin1')]],
    ['unreadable-message', [topic, Buffer.from([0xff, 0x00])]],
  ];
  for (const [, frames] of cases) await publisher.send(...frames);
  const verdicts = await recorded(log, cases.length, 'MessageSetAside');
  t.deepEqual(
    verdicts.map(({ data }) => data['code']),
    cases.map(([code]) => code),
  );
  t.true(verdicts.every(({ stream }) => stream.startsWith('message-rejected:sha256:')));
});

test('where signatures are ignored anybody is believed, but not a topic that is not its own', async (t) => {
  const publisher = await aFedmsgPublisher(t);
  const { log } = await listen(t, [publisher], { authority: undefined });
  await publisher.send(`${topic}s`, JSON.stringify(aMessage('1')));
  await publisher.publish(JSON.stringify(aMessage('1')));
  const [first, second] = await recorded(log, 2);
  t.regex(first?.stream ?? '', /^message-rejected:/);
  t.is(second?.stream, 'message-1');
});

test('a rehearsal puts what it hears in streams of its own', async (t) => {
  const publisher = await aFedmsgPublisher(t);
  const { log } = await listen(t, [publisher], { realm: 'rehearsal' });
  await publisher.publish(signed('a'));
  t.is((await recorded(log, 1))[0]?.stream, 'dry_message-a');
});

test('messages wait while the log takes none, and go on record in order', async (t) => {
  const publisher = await aFedmsgPublisher(t);
  const log = await aLog(t);
  let failures = 3;
  const failing: EventLog = {
    ...log,
    append: (...request) => {
      failures -= 1;
      const full = { code: 'disk-full', reason: 'the disk is full' } as const;
      return failures >= 0 ? TE.left(full) : log.append(...request);
    },
  };
  const { told } = await listen(t, [publisher], { ingest: anIngest(failing) });
  for (const id of ['a', 'b', 'c']) await publisher.publish(signed(id));
  t.deepEqual(
    (await recorded(log, 3)).map(({ stream }) => stream),
    ['message-a', 'message-b', 'message-c'],
  );
  const sentences = told.filter(({ code }) => code !== 'connected');
  t.deepEqual(
    sentences.map(({ code }) => code),
    ['disk-full', 'disk-full', 'disk-full', 'log-again'],
  );
  t.regex(sentences[0]?.reason ?? '', /^fedmsg: the disk is full; next try in 1 ms$/);
  t.regex(sentences[3]?.reason ?? '', /after 3 failed tries.*catching up/);
});

test('what the log refuses for good of a message is set aside', async (t) => {
  const publisher = await aFedmsgPublisher(t);
  const log = await aLog(t);
  const picky: EventLog = {
    ...log,
    append: (stream, expected, events) =>
      events.some(({ data }) => data['code'] !== undefined && data['code'] !== 'unreadable-message')
        ? TE.left({ code: 'too-large', bytes: 2, limit: 1 })
        : log.append(stream, expected, events),
  };
  await listen(t, [publisher], { ingest: anIngest(picky) });
  await publisher.publish(signed('a'));
  t.is((await recorded(log, 1))[0]?.stream, 'message-a');
  const [, aside] = await eventsOf(log, 'message-a');
  t.is(aside?.data['code'], 'unreadable-message');
});

test('a message that the log never takes is told and passed over, and those after it are not', async (t) => {
  const publisher = await aFedmsgPublisher(t);
  const log = await aLog(t);
  const picky: EventLog = {
    ...log,
    append: (...request) =>
      request[0] === 'message-a'
        ? TE.left({ code: 'too-large', bytes: 2, limit: 1 })
        : log.append(...request),
  };
  const { told } = await listen(t, [publisher], { ingest: anIngest(picky) });
  await publisher.publish(signed('a'));
  await publisher.publish(signed('b'));
  t.is((await recorded(log, 1))[0]?.stream, 'message-b');
  const [error] = told.filter(({ level }) => level === 'error');
  t.regex(
    error?.reason ?? '',
    /message 2026-a cannot be put on record and is passed over: too-large/,
  );
});

test('a publisher that goes is told once, and is heard again when it is back', async (t) => {
  const before = await aFedmsgPublisher(t);
  const { log, toldOf } = await listen(t, [before]);
  await before.publish(signed('a'));
  await recorded(log, 1);
  before.close();
  const after = await aFedmsgPublisher(t, before.endpoint);
  t.is(await after.subscribed(), 'org.fedoraproject');
  await after.publish(signed('b'));
  t.is((await recorded(log, 2))[1]?.stream, 'message-b');
  const told = await toldOf(3);
  t.deepEqual(
    told.map(({ level, code }) => [level, code]),
    [
      ['info', 'connected'],
      ['warn', 'lost'],
      ['info', 'connected'],
    ],
  );
  t.true(told.every(({ reason }) => reason.includes(before.endpoint)));
});

test('it beats while nothing comes, tells a stale revocation list once, and ends when told to', async (t) => {
  const publisher = await aFedmsgPublisher(t);
  const turns = { count: 0, third: (): void => undefined };
  const third = new Promise<void>((done) => (turns.third = done));
  const beat = (): void => {
    turns.count += 1;
    if (turns.count === 3) turns.third();
  };
  const clock = (): number => Date.parse('2026-03-03T00:00:00Z');
  const { told, stop, run } = await listen(t, [publisher], { beat, clock });
  await third;
  stop.abort();
  t.deepEqual(await run, E.right(undefined));
  const stale = told.filter(({ code }) => code === 'stale-revocations');
  t.is(stale.length, 1);
  t.regex(stale[0]?.reason ?? '', /replaced by 2026-03-02T00:00:00.000Z/);
});

const wish = { topics: [], highWaterMark: 1, report: () => undefined };

test('an endpoint that is none is refused in a sentence', async (t) => {
  for (const endpoint of ['', 'localhost:9940', 'tcp://localhost', 'tcp://localhost:99999']) {
    const subscribed = await subscribe({ ...wish, endpoints: ['tcp://fine:1', endpoint] });
    t.true(E.isLeft(subscribed), endpoint);
    const { left } = subscribed as E.Left<{ readonly code: string; readonly reason: string }>;
    t.is(left.code, 'bad-endpoint');
    t.is(left.reason, `fedmsgEndpoints names ${endpoint}; an endpoint is tcp://<host>:<port>.`);
  }
});

test('where zeromq is not installed, the sentence says how to install it', async (t) => {
  const load = () => Promise.reject(new Error("Cannot find package 'zeromq'"));
  const subscribed = await subscribe({ ...wish, endpoints: ['tcp://[::1]:1'], load });
  const { left } = subscribed as E.Left<{ readonly code: string; readonly reason: string }>;
  t.is(left.code, 'no-zeromq');
  t.regex(left.reason, /Cannot find package 'zeromq'.*npm install zeromq/);
});
