import { existsSync, readFileSync } from 'node:fs';
import { X509Certificate } from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import type { JsonObject } from '../../domain/json.ts';
import { readAuthority } from '../../ingest/fedmsg/authority.ts';
import { readRevocationList } from '../../ingest/fedmsg/revocation-list.ts';
import type { Envelope } from '../../ingest/fedmsg/verify.ts';
import { hasSigned, verify } from '../../ingest/fedmsg/verify.ts';
import type { Signer } from '../support/fedmsg-signer.ts';
import { aMessage, anAuthority, atThatTime, fedmsgFixture, signedBy } from '../support/fedmsg-signer.ts'; // prettier-ignore

const envelopeOf = (text: string): Envelope => ({ text, object: JSON.parse(text) as JsonObject });

const verdictOn = (text: string, now = atThatTime, authority = anAuthority()): string => {
  const verdict = verify(authority, envelopeOf(text), now);
  return E.isRight(verdict) ? 'genuine' : verdict.left.code;
};

const byPython = fedmsgFixture('by-python.frame').toString();
const byUs = (signer: Signer): string => signedBy(signer, aMessage('1'));

test('a message that Python signed as fedmsg did is genuine', (t) => {
  t.is(verdictOn(byPython), 'genuine');
});

test('a message is genuine in any dress: spaces and the order of members are not signed', (t) => {
  const { msg, ...rest } = JSON.parse(byUs('koji')) as JsonObject;
  t.is(verdictOn(JSON.stringify({ msg, ...rest }, null, 2)), 'genuine');
});

test('a message of which anything was changed has a bad signature', (t) => {
  const text = byUs('koji');
  const changes = [
    text.replace('hello', 'hallo'),
    text.replace('buildsys.tag', 'buildsys.untag'),
    text.replace('"i":1', '"i":1.0'),
    text.replace('{', '{"more":null,'),
    text.replace('"username":"apache",', ''),
    text.replace('"crypto":"x509",', ''),
    text.replace('"signature":"', '"signature":"AAAA'),
    text.replace(/"certificate":"[^"]*"/, '"certificate":"bm90aGluZw=="'),
  ];
  for (const [index, changed] of changes.entries()) {
    t.not(changed, text, `change ${index} changes nothing`);
    t.is(verdictOn(changed), 'bad-signature', `change ${index}`);
  }
});

test('a message signed with a key of somebody else than its certificate has a bad signature', (t) => {
  const theirs = JSON.parse(byUs('stranger')) as JsonObject;
  const { certificate } = JSON.parse(byUs('koji')) as JsonObject;
  t.is(verdictOn(JSON.stringify({ ...theirs, certificate: certificate! })), 'bad-signature');
});

test('a message without signature or without certificate is unsigned', (t) => {
  const { signature, certificate, ...rest } = JSON.parse(byUs('koji')) as JsonObject;
  t.is(verdictOn(JSON.stringify(rest)), 'unsigned');
  t.is(verdictOn(JSON.stringify({ ...rest, signature: signature! })), 'unsigned');
  t.is(verdictOn(JSON.stringify({ ...rest, certificate: certificate! })), 'unsigned');
  t.is(verdictOn(JSON.stringify({ ...rest, certificate: 1, signature: [] })), 'unsigned');
});

test('whoever certifies himself, or in the name of our authority, is no trusted signer', (t) => {
  t.is(verdictOn(byUs('stranger')), 'untrusted-signer');
  t.is(verdictOn(byUs('impostor')), 'untrusted-signer');
});

test('a signature by other means than X.509 is of no trusted signer', (t) => {
  t.is(verdictOn(byUs('koji').replace('"x509"', '"gpg"')), 'untrusted-signer');
});

test('a certificate counts from its first to its last moment', (t) => {
  const [first, last] = [Date.parse('2017-01-01T00:00:00Z'), Date.parse('2056-01-01T00:00:00Z')];
  t.is(verdictOn(byUs('koji'), first - 1), 'untrusted-signer');
  t.is(verdictOn(byUs('koji'), first), 'genuine');
  t.is(verdictOn(byUs('koji'), last), 'genuine');
  t.is(verdictOn(byUs('koji'), last + 1), 'untrusted-signer');
});

test('a signer whose certificate is on the revocation list is trusted no more', (t) => {
  t.is(verdictOn(byUs('revoked')), 'revoked-signer');
  t.is(verdictOn(byUs('revoked'), atThatTime, anAuthority(null)), 'genuine');
});

test('an authority knows when its revocation list was to be replaced', (t) => {
  t.is(anAuthority().listsDue, Date.parse('2026-03-02T00:00:00Z'));
  t.is(anAuthority(null).listsDue, undefined);
});

test('an authority that cannot be read, or whose list is not its own, is told', (t) => {
  const pem = fedmsgFixture('authority.pem').toString();
  const reasonOf = (authority: string, lists: string | null): string => {
    const read = readAuthority(authority, lists);
    return E.isLeft(read) ? read.left.reason : '';
  };
  const strange = fedmsgFixture('strange-revocations.pem').toString();
  t.regex(reasonOf('nothing', null), /^fedmsgAuthority .* no certificate/);
  t.regex(reasonOf(pem.replace(/MII/, 'AAA'), null), /^fedmsgAuthority: .* cannot be read/);
  t.regex(reasonOf(pem, pem), /^fedmsgRevocations .* without a revocation list/);
  t.regex(reasonOf(pem, strange), /^fedmsgRevocations .* not signed by fedmsgAuthority/);
});

test('a revocation list that was cut off is none, and one that is signed names whom it named', (t) => {
  const pem = fedmsgFixture('revocations.pem').toString();
  const der = Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64');
  const { publicKey } = new X509Certificate(fedmsgFixture('authority.pem'));
  const whole = readRevocationList(der);
  t.deepEqual([...(whole?.revoked ?? [])], ['7F', 'ABC']);
  t.true(whole?.isSignedBy(publicKey));
  for (let length = 0; length < der.length; length += 1) {
    t.is(readRevocationList(der.subarray(0, length)), undefined);
  }
  fc.assert(
    fc.property(fc.nat(der.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const damaged = Buffer.from(der);
      damaged[at] = damaged[at]! ^ flip;
      const read = readRevocationList(damaged);
      if (!read?.isSignedBy(publicKey)) return true;
      return [...read.revoked].join() === '7F,ABC' && read.nextUpdate === whole?.nextUpdate;
    }),
    { numRuns: 2000 },
  );
});

test('whatever stands where signature and certificate are expected, the answer is a verdict', (t) => {
  const anything = fc.oneof(fc.jsonValue(), fc.base64String(), fc.constant(null));
  fc.assert(
    fc.property(anything, anything, anything, (signature, certificate, crypto) => {
      const text = JSON.stringify({ signature, certificate, crypto });
      return verdictOn(text) !== 'genuine';
    }),
  );
  t.pass();
});

const samples = new URL('../../../shared/samples/', import.meta.url);
/** As they came over the wire: datanommer has added three members and made the time a fraction. */
const onTheWire = (name: string): string =>
  readFileSync(new URL(name, samples), 'utf8')
    .replace(/("timestamp": \d+)\.0/, '$1')
    .replace(/"source_(?:name|version)": "[^"]*",\s*/g, '')
    .replace(/"headers": \{\},\s*/, '');

const recorded = [
  ...['buildsys-build-state-change-12', 'buildsys-build-state-change-21'],
  ...['buildsys-build-state-change-22', 'buildsys-rpm-sign-5', 'buildsys-tag-5'],
  ...['buildsys-task-state-change-10', 'buildsys-untag-3'],
].map((name) => `${name}.json`);

if (existsSync(samples)) {
  for (const name of recorded) {
    test(`what Fedora signed is what it has signed, and nothing else: ${name}`, (t) => {
      const envelope = envelopeOf(onTheWire(name));
      const { certificate, signature } = envelope.object as Record<string, string>;
      const credentials = {
        certificate: new X509Certificate(Buffer.from(certificate!, 'base64')),
        signature: Buffer.from(signature!, 'base64'),
      };
      t.true(hasSigned(envelope, credentials));
      const changed = envelopeOf(envelope.text.replace('"primary"', '"secondary"'));
      t.not(changed.text, envelope.text);
      t.false(hasSigned(changed, credentials));
      t.is(verdictOn(envelope.text), 'untrusted-signer');
    });
  }
} else {
  test.skip('what Fedora signed is what it has signed (needs the folder of recorded samples)', (t) => {
    t.fail();
  });
}
