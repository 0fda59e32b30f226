import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import type { Json } from '../../domain/json.ts';
import { normalise, normaliseAnything } from '../../ingest/normal-form.ts';
import { aMessage, fixture, fixtureText } from '../support/bus-fixtures.ts';

const uuid = '859a8cfb-6d95-43f4-9c0b-897e833b06b5';
const read = (raw: Json) => aMessage(JSON.stringify(raw));

test('a message that comes with and without the year before its id has one key', (t) => {
  const bridged = read({ topic: 'git.receive', msg_id: `2017-${uuid}`, msg: {} });
  const native = read({ topic: 'git.receive', id: uuid, headers: {}, body: {} });
  t.is(bridged.key, uuid);
  t.is(native.key, uuid);
  t.is(bridged.messageId, `2017-${uuid}`);
  t.false(native.idDerived);
});

test('a message without an id is known by the hash of what it says, however it is laid out', (t) => {
  const compact = read({ topic: 'git.receive', msg: { a: 1, b: 2 } });
  const printed = aMessage('{ "msg": {"b": 2,\n "a": 1.0}, "topic": "git.receive" }');
  t.true(compact.idDerived);
  t.regex(compact.key, /^sha256:[0-9a-f]{64}$/);
  t.is(printed.key, compact.key);
  t.not(read({ topic: 'git.receive', msg: { a: 1, b: 3 } }).key, compact.key);
});

test('the id of a body thrown together with its topic is not taken for the id of a message', (t) => {
  const flat = read({ topic: 'org.fedoraproject.prod.buildsys.task.state.change', id: 'task-7' });
  t.true(flat.idDerived);
  t.deepEqual(flat.body, { id: 'task-7' });
});

test('a message id as long as a letter is not used to name a stream', (t) => {
  t.true(read({ topic: 'a', msg_id: 'x'.repeat(301), msg: {} }).idDerived);
});

test('each bus is recognised by its envelope', (t) => {
  t.is(fixture('git.receive/spec').format, 'fedmsg');
  t.is(fixture('pagure.git.receive/spec').format, 'fedora-messaging');
  t.is(fixture('mbs.module.state.change/over-umb').format, 'umb');
  t.is(read({ topic: 'git.receive', body: {} }).format, 'bare');
  t.is(read({ topic: 'git.receive', msg: {} }).format, 'bare');
});

test('an item of datagrepper reads like the message it stands for', (t) => {
  const raw = JSON.parse(fixtureText('git.receive/spec')) as { readonly [key: string]: Json };
  const item = { ...raw, source_name: 'datanommer', users: ['p'], packages: ['oak'], headers: {} };
  const { key, topic, body } = fixture('git.receive/spec');
  t.like(read(item), { key, topic, body, format: 'fedmsg' });
});

test('topics lose the prefix they came with, and only a whole one', (t) => {
  const parted = (topic: string) => {
    const { prefix, topic: rest } = read({ topic, msg: {} });
    return [prefix, rest];
  };
  t.deepEqual(parted('org.fedoraproject.prod.git.receive'), [
    'org.fedoraproject.prod',
    'git.receive',
  ]);
  t.deepEqual(parted('org.fedoraproject.dev.x.y'), ['org.fedoraproject.dev', 'x.y']);
  t.deepEqual(parted('io.pagure.prod.x'), ['io.pagure.prod', 'x']);
  t.deepEqual(parted('org.centos.prod.x'), ['org.centos.prod', 'x']);
  t.deepEqual(parted('/topic/VirtualTopic.eng.x.y'), ['VirtualTopic.eng', 'x.y']);
  t.deepEqual(parted('topic://VirtualTopic.eng.x'), ['VirtualTopic.eng', 'x']);
  t.deepEqual(parted('git.receive'), ['', 'git.receive']);
  t.deepEqual(parted('org.fedoraproject.production.x'), ['', 'org.fedoraproject.production.x']);
});

test('a consumer of the UMB finds the topic in the original destination', (t) => {
  const headers = {
    'message-id': 'ID\\cbroker\\c1',
    destination: '/queue/Consumer.client-x.VirtualTopic.eng.>',
    'original-destination': '/topic/VirtualTopic.eng.mbs.module.state.change',
  };
  const message = read({ headers, body: '{"id":1}' });
  t.like(message, { topic: 'mbs.module.state.change', prefix: 'VirtualTopic.eng', format: 'umb' });
  t.deepEqual(message.body, { id: 1 });
  t.is(message.messageId, 'ID\\cbroker\\c1');
  t.is(message.key, 'ID:broker:1');
  const queued = read({ ...message.headers, topic: headers.destination, headers, msg: {} });
  t.is(queued.topic, 'mbs.module.state.change');
});

test('every way of writing a time is understood, and what is none gives null', (t) => {
  const at = (timestamp: Json) => read({ topic: 'a', timestamp, msg: {} }).sentAt;
  t.is(at(1525000000), '2018-04-29T11:06:40.000Z');
  t.is(at(1525000000.25), '2018-04-29T11:06:40.250Z');
  t.is(at('2018-04-29T11:06:40Z'), '2018-04-29T11:06:40.000Z');
  t.is(at('2018-04-29T13:06:40.5+02:00'), '2018-04-29T11:06:40.500Z');
  t.is(at('2018-04-29 11:06:40'), '2018-04-29T11:06:40.000Z');
  t.is(at('2018-04-29 11:06:40.123456 UTC'), '2018-04-29T11:06:40.123Z');
  for (const none of [null, '', 'soon', '2018-13-45 99:99:99', 0, -1, 1e300, {}]) {
    t.is(at(none), null, JSON.stringify(none));
  }
});

test('the publisher knows better than the bridge when a message was sent', (t) => {
  t.is(fixture('mbs.module.state.change/over-umb').sentAt, '2018-04-29T11:06:40.123Z');
  const headers = { 'sent-at': '2024-03-01T10:00:00+00:00' };
  const bridged = read({ topic: 'a', headers, id: uuid, body: {}, timestamp: 1525000000 });
  t.is(bridged.sentAt, '2024-03-01T10:00:00.000Z');
  const without = { timestamp: '0', destination: '/topic/VirtualTopic.eng.a' };
  const umb = read({ headers: without, timestamp: 1525000000, msg: {} });
  t.is(umb.sentAt, '2018-04-29T11:06:40.000Z');
});

test('the body is kept as it stood in the source, to the last zero', (t) => {
  const body = '{ "big": 12345678901234567890, "one": 1.0,\n  "\\u00e9": "}\\"{" }';
  const message = aMessage(`{"msg": {}, "topic": "a\\u002eb", "m\\u0073g" : ${body} , "i": 1}`);
  t.is(message.bodyText, body);
  t.is(message.bodyEncoding, 'text');
  t.is(message.topic, 'a.b');
});

test('a body that is no valid UTF-8 is kept byte by byte', (t) => {
  const bytes = Buffer.from('{"headers":{},"topic":"a","msg":{"name":"J\xf6rg"},"i":1}', 'latin1');
  const text = bytes.toString('utf8');
  const message = normalise(JSON.parse(text) as Json, { text, bytes });
  const base64 = Buffer.from('{"name":"J\xf6rg"}', 'latin1').toString('base64');
  t.like(message, { right: { bodyEncoding: 'base64', bodyText: base64 } });
});

test('bad bytes outside the body leave the body a text', (t) => {
  const bytes = Buffer.from(
    '{"username":"J\xf6rg","topic":"a","msg":{"é":1}}'.replace('é', 'e'),
    'latin1',
  );
  const text = bytes.toString('utf8');
  const message = normalise(JSON.parse(text) as Json, { text, bytes });
  t.like(message, { right: { bodyEncoding: 'text', bodyText: '{"e":1}' } });
});

test('what no store can hold is put right before it goes on record', (t) => {
  const message = aMessage(
    '{"topic":"a\\ud800","msg_id":"\\udfff","headers":{"n":1e999},"msg":{}}',
  );
  t.like(message, { topic: 'a\ufffd', messageId: '\ufffd' });
  t.deepEqual(message.headers, { n: null });
});

test('what is no message is refused with the reason', (t) => {
  const deep = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`) as Json;
  const refused: ReadonlyArray<readonly [Json, RegExp]> = [
    [{ nvr: 'oak-1-1', state: 1 }, /no topic/],
    [{ topic: 7, msg: {} }, /no topic/],
    [[1], /JSON object/],
    [deep, /nested deeper/],
    [{ topic: 'x'.repeat(256), msg: {} }, /longer than 255/],
    [{ topic: 'x', headers: { h: 'x'.repeat(40_000) }, msg: {} }, /32 KiB/],
  ];
  for (const [raw, reason] of refused) {
    const message = normalise(raw);
    t.regex(E.isLeft(message) ? message.left.reason : 'a message', reason);
  }
});

test('a live source loses nothing: what is no message is kept without a topic', (t) => {
  const message = normaliseAnything([1, 2], { text: '[1, 2]' });
  t.like(message, { topic: '', bodyText: '[1, 2]', idDerived: true });
});
