import test from 'ava';
import { failureOf } from '../../ingest/amqp/failure.ts';
import { aBroker } from '../support/amqp-scene.ts';

const broker = aBroker('amqps://tls.example.org');

const coded = (code: string, message: string): Error => Object.assign(new Error(message), { code });
const codeOf = (error: unknown): string => failureOf(broker, error).code;

for (const [code, message] of [
  ['ECONNRESET', 'Client network socket disconnected before secure TLS connection was established'],
  ['ENOTFOUND', 'getaddrinfo ENOTFOUND tls.example.org'],
  ['ECONNREFUSED', 'connect ECONNREFUSED tls.example.org'],
  ['ETIMEDOUT', 'connect ETIMEDOUT of a certificate'],
  ['EPIPE', 'write EPIPE of TLS'],
  ['EAI_AGAIN', 'getaddrinfo EAI_AGAIN tls.example.org'],
  ['EHOSTUNREACH', 'connect EHOSTUNREACH SSL'],
] as const) {
  test(`${code} passes by itself, whatever its words are`, (t) => {
    t.is(codeOf(coded(code, message)), 'broker-unavailable');
  });
}

for (const code of [
  ...['CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID', 'ERR_SSL_WRONG_VERSION_NUMBER'],
  ...['ERR_OSSL_PEM_NO_START_LINE', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN'],
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]) {
  test(`${code} is for a person to put right`, (t) => {
    const { code: said, reason } = failureOf(broker, coded(code, 'no'));
    t.is(said, 'broker-refuses');
    t.regex(reason, /Check amqpCertificate, amqpKey and amqpAuthority/);
  });
}

test('what names TLS without a code is no refusal; what a broker says in words is one', (t) => {
  t.is(codeOf(new Error('the TLS socket was closed')), 'broker-unavailable');
  t.is(
    codeOf(new Error('403 (ACCESS-REFUSED) with message "login was refused"')),
    'broker-refuses',
  );
});

test('a virtual host that is refused may be one that is starting', (t) => {
  const refused = new Error('Expected ConnectionOpenOk; got <ConnectionClose channel:0>');
  t.is(codeOf(refused), 'broker-not-ready');
});
