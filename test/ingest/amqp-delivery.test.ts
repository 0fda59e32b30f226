import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import type { Delivery, Taken } from '../../ingest/amqp/delivery.ts';
import { readDelivery } from '../../ingest/amqp/delivery.ts';
import { fixtureText } from '../support/bus-fixtures.ts';

const topic = 'org.fedoraproject.prod.git.receive';
const usual = { contentType: 'application/json', contentEncoding: 'utf-8', deliveryMode: 2 };

const aDelivery = (
  body: string | Uint8Array,
  properties: Delivery['properties'] = {},
  routingKey = topic,
): Delivery => ({
  content: Buffer.from(body),
  fields: { routingKey },
  properties: { ...usual, messageId: 'b1a7', ...properties },
});

const spec = JSON.stringify((JSON.parse(fixtureText('git.receive/spec')) as { msg: object }).msg);

const verdictOf = ({ judgement }: Taken): string =>
  E.isRight(judgement) ? 'understood' : `${judgement.left.code}: ${judgement.left.explanation}`;

test('topic, id, headers and time of a message are those of the wire, its body every byte', (t) => {
  const headers = {
    fedora_messaging_schema: 'git.receive',
    'sent-at': '2026-01-02T03:04:05+00:00',
  };
  const taken = readDelivery(aDelivery(`\n ${spec} `, { headers }));
  t.like(taken.message, {
    ...{ messageId: 'b1a7', idDerived: false, key: 'b1a7', format: 'fedora-messaging' },
    ...{ topic: 'git.receive', prefix: 'org.fedoraproject.prod', headers },
    ...{ sentAt: '2026-01-02T03:04:05.000Z', bodyText: `\n ${spec} `, bodyEncoding: 'text' },
  });
  t.is(verdictOf(taken), 'understood');
});

test('a bridged message is known by its id without the year', (t) => {
  const { message } = readDelivery(aDelivery('{}', { messageId: '2019-b1a7' }));
  t.like(message, { messageId: '2019-b1a7', key: 'b1a7' });
});

test('a message without an id is known by what it says, however often it is delivered', (t) => {
  const without = (headers: object, body = '{"a":1}'): string =>
    readDelivery(aDelivery(body, { messageId: undefined, headers })).message.key;
  const first = without({ 'sent-at': '2026-01-02T03:04:05Z' });
  t.regex(first, /^sha256:/);
  t.is(without({ 'sent-at': '2026-01-02T03:04:05Z', 'x-delivery-count': 2 }), first);
  t.not(without({ 'sent-at': '2026-01-02T03:04:06Z' }), first);
  t.not(without({ 'sent-at': '2026-01-02T03:04:05Z' }, '{"a": 1}'), first);
});

test('the priority is among the headers, also where only the property tells it', (t) => {
  const headersOf = (properties: Delivery['properties']) =>
    readDelivery(aDelivery('{}', properties)).message.headers;
  t.deepEqual(headersOf({ priority: 4 }), { priority: 4 });
  t.deepEqual(headersOf({ priority: 4, headers: { priority: 5 } }), { priority: 5 });
});

test('properties unlike those of fedora-messaging are on record too', (t) => {
  const { message } = readDelivery(
    aDelivery('{}', { userId: 'someone', timestamp: 1_700_000_000, contentType: 'text/plain' }),
  );
  t.deepEqual(message.headers, {
    'amqp-properties': { content_type: 'text/plain', timestamp: 1_700_000_000, user_id: 'someone' },
  });
  t.is(message.sentAt, '2023-11-14T22:13:20.000Z');
});

test('every kind of value that a header of AMQP may have is on record as JSON', (t) => {
  const headers = {
    bytes: Buffer.from([0xff]),
    text: Buffer.from('é'),
    time: { '!': 'timestamp', value: 17 },
    decimal: { '!': 'decimal', value: { places: 2, digits: 314 } },
    nested: [{ deeper: [null, true, NaN] }],
    'half \ud800': '\ud800',
  };
  t.deepEqual(readDelivery(aDelivery('{}', { headers })).message.headers, {
    ...{ bytes: { base64: '/w==' }, text: 'é', time: 17, decimal: 3.14 },
    ...{ nested: [{ deeper: [null, true, 'NaN'] }], 'half \ufffd': '\ufffd' },
  });
});

const unreadable: ReadonlyArray<readonly [string, Delivery, RegExp]> = [
  ['no JSON', aDelivery('{"a":'), /^unreadable-body: the body is not JSON/],
  ['nothing', aDelivery(''), /^unreadable-body: the body is not JSON/],
  ['no UTF-8', aDelivery(Buffer.from([0xff])), /^unreadable-body: the body is not valid UTF-8/],
  [
    'another encoding',
    aDelivery(spec, { contentEncoding: 'latin-1' }),
    /^unreadable-body: its content_encoding is "latin-1"; only utf-8 is read/,
  ],
  ['no object', aDelivery('7'), /^unreadable-body: /],
  ['too deep', aDelivery('['.repeat(999) + ']'.repeat(999)), /^unreadable-body: .*200 levels/],
  ['no topic', aDelivery(spec, {}, ''), /^unreadable-message: it has no routing key/],
  ['nothing but a prefix', aDelivery('{}', {}, 'org.fedoraproject.prod.'), /^unreadable-message/],
  ['a strange topic', aDelivery('no JSON', {}, 'org.fedoraproject.prod.x'), /^unknown-topic/],
];

for (const [what, delivery, expected] of unreadable) {
  test(`${what}: it is set aside with the reason, and its bytes are kept`, (t) => {
    const taken = readDelivery(delivery);
    t.regex(verdictOf(taken), expected);
    const { bodyText, bodyEncoding } = taken.message;
    const kept = Buffer.from(bodyText, bodyEncoding === 'base64' ? 'base64' : 'utf8');
    t.deepEqual(kept, Buffer.from(delivery.content));
  });
}

test('headers too long for an event are kept with the body, as one text', (t) => {
  const headers = { long: 'x'.repeat(33_000) };
  const taken = readDelivery(aDelivery('{}', { headers }));
  t.regex(verdictOf(taken), /^unreadable-message: its headers are over 32 KiB/);
  t.deepEqual(taken.message.headers, {});
  t.deepEqual(JSON.parse(taken.message.bodyText), { headers, body: '{}', bodyEncoding: 'text' });
});

test('headers nested deeper than the call stack are no reason to lose the message', (t) => {
  let headers: object = {};
  for (let depth = 0; depth < 100_000; depth += 1) headers = { headers };
  const taken = readDelivery(aDelivery('{"a":1}', { headers }));
  t.regex(verdictOf(taken), /^unreadable-message: it cannot be read, and only its body is kept/);
  t.is(Buffer.from(taken.message.bodyText, 'base64').toString(), '{"a":1}');
  t.is(taken.message.messageId, 'b1a7');
});
