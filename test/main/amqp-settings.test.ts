import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import { parse } from 'yaml';
import { bindingOf } from '../../ingest/amqp/binding.ts';
import { brokerOf, placeOf } from '../../ingest/amqp/broker.ts';
import { amqpSourceOf } from '../../main/backend/sources/amqp.ts';
import { loadConfig } from '../../main/config/load-config.ts';
import type { Config } from '../../main/config/settings.ts';

const configOf = (environment: NodeJS.ProcessEnv): Config => {
  const config = loadConfig(environment, {});
  if (E.isLeft(config)) throw new Error(config.left.join('\n'));
  return config.right;
};

const url = 'amqps://fedora:@rabbitmq.example.org/%2Fpubsub';

test('the address of a broker names its virtual host with the slash it begins with', (t) => {
  const broker = brokerOf(url, {});
  t.true(E.isRight(broker));
  if (E.isLeft(broker)) return;
  t.like(broker.right, { protocol: 'amqps', port: 5671, user: 'fedora', password: '' });
  t.is(placeOf(broker.right), 'rabbitmq.example.org:5671 (virtual host /pubsub)');
});

test('what an address leaves out is what AMQP has by default', (t) => {
  const expected = { protocol: 'amqp', host: 'h', port: 5672, user: 'guest', virtualHost: '/' };
  for (const short of ['amqp://h', 'amqp://h/']) {
    const broker = brokerOf(short, {});
    t.like(E.isRight(broker) ? broker.right : undefined, expected);
  }
  const six = brokerOf('amqp://a%40b:c%2Fd@[::1]:7/v', {});
  const all = { host: '::1', port: 7, user: 'a@b', password: 'c/d', virtualHost: 'v' };
  t.like(E.isRight(six) ? six.right : undefined, all);
});

test("an address that is no broker's is refused with what it must be", (t) => {
  for (const wrong of ['http://host/', 'amqp:', 'broker', 'amqp://a%zz:b@host']) {
    const loaded = loadConfig({ FRESHMAKER_AMQP_URL: wrong }, {});
    t.regex(E.isLeft(loaded) ? loaded.left.join() : '', /FRESHMAKER_AMQP_URL is .* amqps:\/\//);
  }
});

test('a binding is an exchange and a pattern; anything else is refused with an example', (t) => {
  t.deepEqual(bindingOf('amq.topic:a.*.#'), E.right({ exchange: 'amq.topic', pattern: 'a.*.#' }));
  for (const wrong of ['amq.topic', ':#', 'amq.topic:', `amq.topic:${'x'.repeat(256)}`]) {
    const loaded = loadConfig({ FRESHMAKER_AMQP_BINDINGS: `zmq.topic:#,${wrong}` }, {});
    const fault = /^FRESHMAKER_AMQP_BINDINGS is .*; it must be a list of exchange:pattern, such as/;
    t.regex(E.isLeft(loaded) ? loaded.left.join() : '', fault);
  }
});

test('without an address nothing is consumed', (t) => {
  t.is(amqpSourceOf(configOf({})), undefined);
});

test('a rehearsal takes nothing from the queue of the service that acts, unless told to', (t) => {
  const rehearsing = { FRESHMAKER_REHEARSAL: 'true' };
  t.is(configOf({}).amqpQueue, 'freshmaker');
  t.is(configOf(rehearsing).amqpQueue, 'freshmaker-rehearsal');
  for (const [given, queue] of [
    ['freshmaker', 'freshmaker'],
    ['mine', 'mine'],
    ['', null],
  ] as const) {
    t.is(configOf({ ...rehearsing, FRESHMAKER_AMQP_QUEUE: given }).amqpQueue, queue);
  }
});

test('settings that contradict each other are told, with what to change', (t) => {
  const faultOf = (changes: Partial<Config>): string => {
    const source = amqpSourceOf({ ...configOf({ FRESHMAKER_AMQP_URL: url }), ...changes });
    return source !== undefined && E.isLeft(source) ? source.left : '';
  };
  const pem = '-----BEGIN CERTIFICATE-----';
  t.is(faultOf({}), '');
  t.is(faultOf({ amqpCertificate: pem }), '');
  t.regex(faultOf({ amqpUrl: 'amqp://h', amqpCertificate: pem }), /must be amqps:\/\//);
  t.regex(faultOf({ amqpKey: pem }), /amqpKey is set without amqpCertificate/);
  t.regex(faultOf({ amqpDeclare: 'passive', amqpQueue: null }), /needs the name of a queue/);
  t.regex(faultOf({ amqpBindings: [] }), /amqpBindings is empty/);
  t.regex(faultOf({ amqpBindings: ['x'] }), /amqpBindings holds "x"; it must be exchange:pattern/);
});

test("the example for Fedora's public broker rehearses, and declares a queue of its own", (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'freshmaker-example-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const pem = (name: string): string => {
    const file = join(folder, name);
    writeFileSync(file, '-----BEGIN CERTIFICATE-----\n');
    return file;
  };
  const loaded = loadConfig(
    {
      FRESHMAKER_AMQP_CERTIFICATE: pem('certificate'),
      ...{ FRESHMAKER_AMQP_KEY: pem('key'), FRESHMAKER_AMQP_AUTHORITY: pem('authority') },
    },
    { config: 'ops/examples/fedora-public-broker.yaml' },
  );
  t.deepEqual(E.isLeft(loaded) ? loaded.left : [], []);
  if (E.isLeft(loaded)) return;
  t.like(loaded.right, { rehearsal: true, amqpPrefetch: 25, amqpDurable: false });
  t.regex(loaded.right.amqpQueue ?? '', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  const source = amqpSourceOf(loaded.right);
  t.true(source !== undefined && E.isRight(source));
  if (source === undefined || E.isLeft(source)) return;
  t.is(
    placeOf(source.right.broker),
    'rabbitmq.fedoraproject.org:5671 (virtual host /public_pubsub)',
  );
  t.is(source.right.queue.declare, 'active');
  t.true(source.right.queue.bindings.length > 0);
});

test('the example names the certificates where the package fedora-messaging puts them', (t) => {
  const example = parse(readFileSync('ops/examples/fedora-public-broker.yaml', 'utf8')) as Config;
  const { amqpCertificate, amqpKey, amqpAuthority } = example;
  const files = ['fedora-cert.pem', 'fedora-key.pem', 'cacert.pem'];
  t.deepEqual(
    [amqpCertificate, amqpKey, amqpAuthority],
    files.map((file) => `/etc/fedora-messaging/${file}`),
  );
});
