import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { isIntact } from '../../event-log/seal.ts';
import type { EventLog } from '../../event-log/event-log.ts';
import { appendMessage } from '../../ingest/append-message.ts';
import type { NormalForm } from '../../ingest/normal-form.ts';
import { aMessage, fixture, fixtureText } from '../support/bus-fixtures.ts';
import { aLog, anIngest, eventsOf, storedBody } from '../support/ingest-world.ts';

const big = (fill: string, count: number): NormalForm =>
  aMessage(
    JSON.stringify({
      topic: 'git.receive',
      msg_id: 'big-1',
      msg: { commit: { repo: 'oak', branch: 'f28', rev: 'abc', message: fill.repeat(count) } },
    }),
  );

// A log that breaks off before its n-th append, as a process does that is killed there.
const breaking = (log: EventLog, after: number): EventLog => {
  let appends = 0;
  return {
    ...log,
    append: (...request) => {
      appends += 1;
      const killed = { code: 'unavailable', reason: 'killed' } as const;
      return appends > after ? TE.left(killed) : log.append(...request);
    },
  };
};

test('a message and what it means are put on record in one append', async (t) => {
  const log = await aLog(t);
  const message = fixture('git.receive/spec');
  t.deepEqual(await appendMessage(anIngest(log))(message, 'real')(), E.right('appended'));
  const events = await eventsOf(log, `message-${message.key}`);
  t.deepEqual(
    events.map(({ type }) => type),
    ['MessageObserved', 'MessageUnderstood'],
  );
  t.like(events[0]?.data, {
    messageId: message.messageId,
    transport: 'test',
    prefix: message.prefix,
  });
  t.like(events[0]?.metadata, { correlationId: message.key, actor: 'test', schema: 1 });
  t.is(storedBody(events), message.bodyText);
  t.true(fixtureText('git.receive/spec').includes(storedBody(events)));
});

test('a message no flow wants is on record with the reason', async (t) => {
  const log = await aLog(t);
  const message = fixture('pagure.git.receive/fork');
  await appendMessage(anIngest(log))(message, 'real')();
  const [, verdict] = await eventsOf(log, `message-${message.key}`);
  t.like(verdict, { type: 'MessageSetAside', data: { code: 'fork' } });
});

test('a copy of a message, with or without the year before its id, changes nothing', async (t) => {
  const log = await aLog(t);
  const text = fixtureText('git.receive/spec');
  const copy = aMessage(text.replace('"2018-', '"'));
  await appendMessage(anIngest(log))(aMessage(text), 'real')();
  t.deepEqual(await appendMessage(anIngest(log))(copy, 'real')(), E.right('seen-before'));
  t.is((await eventsOf(log, `message-${copy.key}`)).length, 2);
});

test('a rehearsal does not hide the real message, nor the other way round', async (t) => {
  const log = await aLog(t);
  const message = fixture('git.receive/spec');
  const append = appendMessage(anIngest(log));
  t.deepEqual(await append(message, 'rehearsal')(), E.right('appended'));
  t.deepEqual(await append(message, 'real')(), E.right('appended'));
  t.is((await eventsOf(log, `dry_message-${message.key}`)).length, 2);
});

test('a long body is kept whole, in parts, and counts from its closing event on', async (t) => {
  const log = await aLog(t);
  for (const message of [big('"\n', 1_300_000), { ...big('é€😀', 200_000), key: 'big-2' }]) {
    const append = appendMessage(anIngest(log));
    t.deepEqual(await append(message, 'real')(), E.right('appended'));
    const events = await eventsOf(log, `message-${message.key}`);
    t.is(storedBody(events), message.bodyText);
    t.is(events.at(-1)?.type, 'MessageUnderstood');
    t.true(events.every((event, at) => isIntact(event, events[at - 1]?.metadata.hash ?? null)));
    t.deepEqual(await append(message, 'real')(), E.right('seen-before'));
  }
});

test('a long body that was cut off anywhere is finished by the next delivery', async (t) => {
  const message = big('x', 3_000_000);
  for (const after of [0, 1, 2, 3, 4]) {
    const log = await aLog(t);
    const killed = await appendMessage(anIngest(breaking(log, after)))(message, 'real')();
    t.is(E.isLeft(killed) && killed.left.code, 'unavailable');
    t.deepEqual(await appendMessage(anIngest(log))(message, 'real')(), E.right('appended'));
    const events = await eventsOf(log, `message-${message.key}`);
    t.is(storedBody(events), message.bodyText);
    t.is(events.filter(({ type }) => type === 'MessageBodyPart').length, 15);
  }
});

test('parts of another body under the same id are left behind, not mixed in', async (t) => {
  const log = await aLog(t);
  await appendMessage(anIngest(breaking(log, 1)))(big('x', 3_000_000), 'real')();
  const message = big('y', 1_000_000);
  t.deepEqual(await appendMessage(anIngest(log))(message, 'real')(), E.right('appended'));
  const events = await eventsOf(log, 'message-big-1');
  t.is(storedBody(events), message.bodyText);
  const small = { ...big('z', 10), key: 'big-2' };
  await appendMessage(anIngest(breaking(log, 1)))({ ...message, key: 'big-2' }, 'real')();
  t.deepEqual(await appendMessage(anIngest(log))(small, 'real')(), E.right('appended'));
  t.is(storedBody(await eventsOf(log, 'message-big-2')), small.bodyText);
});

test('of many who bring one long message at once, one puts it on record', async (t) => {
  const log = await aLog(t);
  const message = big('x', 2_000_000);
  const outcomes = await Promise.all(
    [1, 2, 3, 4].map(() => appendMessage(anIngest(log))(message, 'real')()),
  );
  const appended = outcomes.filter((one) => E.isRight(one) && one.right === 'appended');
  t.is(appended.length, 1);
  t.true(outcomes.every(E.isRight));
  const events = await eventsOf(log, `message-${message.key}`);
  t.is(events.filter(({ type }) => type === 'MessageObserved').length, 1);
  t.is(storedBody(events), message.bodyText);
});

test('a body of bytes that are no text comes back byte by byte', async (t) => {
  const log = await aLog(t);
  const bodyText = Buffer.from([0xff, 0x00, 0xc3]).toString('base64');
  const message = { ...fixture('git.receive/spec'), bodyText, bodyEncoding: 'base64' } as const;
  await appendMessage(anIngest(log))(message, 'real')();
  const events = await eventsOf(log, `message-${message.key}`);
  t.like(events[0]?.data, { body: { encoding: 'base64', text: bodyText } });
  t.like(events[1]?.data, { code: 'unreadable-body' });
});
