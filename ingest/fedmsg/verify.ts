import { X509Certificate, verify as fits } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import type { JsonObject } from '../../domain/json.ts';
import type { SetAside } from '../set-aside.ts';
import { setAside } from '../set-aside.ts';
import type { Authority, Issuer } from './authority.ts';
import { canonicalJson } from './canonical-json.ts';

/** An envelope of fedmsg: what it says, and its text as it came. */
export type Envelope = { readonly object: JsonObject; readonly text: string };

type Credentials = { readonly certificate: X509Certificate; readonly signature: Buffer };
type Verdict = E.Either<SetAside, undefined>;

const credentialNames: ReadonlySet<string> = new Set(['signature', 'certificate']);

const decoded = (text: string): Buffer => Buffer.from(text, 'base64');

const nameOf = ({ subject }: X509Certificate): string =>
  /^CN=(.*)$/m.exec(subject)?.[1] ?? '(no name)';

const credentialsOf = ({ object }: Envelope): E.Either<SetAside, Credentials> => {
  const { signature, certificate } = object;
  if (typeof signature !== 'string' || typeof certificate !== 'string') {
    return E.left(setAside('unsigned', 'it comes without a signature and its certificate'));
  }
  const kind = object['crypto'] ?? 'x509';
  if (kind !== 'x509') {
    const said = `it is signed by ${JSON.stringify(kind)}, and only x509 is trusted here`;
    return E.left(setAside('untrusted-signer', said));
  }
  try {
    const read = new X509Certificate(decoded(certificate));
    return E.right({ certificate: read, signature: decoded(signature) });
  } catch {
    return E.left(setAside('bad-signature', 'the certificate in it cannot be read'));
  }
};

/** Whether the signature in a message is one over this very message by the certificate in it. */
export const hasSigned = ({ text }: Envelope, { certificate, signature }: Credentials): boolean => {
  const { publicKey } = certificate;
  if (publicKey.asymmetricKeyType !== 'rsa') return false;
  const signed = Buffer.from(canonicalJson(text, credentialNames), 'latin1');
  return fits('sha1', signed, publicKey, signature);
};

const isWithin = ({ validFrom, validTo }: X509Certificate, now: number): boolean =>
  Date.parse(validFrom) <= now && now <= Date.parse(validTo);

const isIssuedBy =
  (certificate: X509Certificate) =>
  ({ certificate: authority }: Issuer): boolean =>
    certificate.checkIssued(authority) && certificate.verify(authority.publicKey);

const trust = ({ issuers }: Authority, certificate: X509Certificate, now: number): Verdict => {
  const name = nameOf(certificate);
  const issuer = issuers.find(isIssuedBy(certificate));
  if (issuer === undefined) {
    const said = `the certificate of ${name} is not issued by fedmsgAuthority`;
    return E.left(setAside('untrusted-signer', said));
  }
  const { serialNumber, validFrom, validTo } = certificate;
  if (issuer.revoked.has(serialNumber.replace(/^0+(?=.)/, '').toUpperCase())) {
    const said = `the certificate of ${name} (serial ${serialNumber}) has been revoked`;
    return E.left(setAside('revoked-signer', said));
  }
  if (isWithin(certificate, now) && isWithin(issuer.certificate, now)) return E.right(undefined);
  const said = `the certificate of ${name} holds from ${validFrom} to ${validTo}, that of its authority from ${issuer.certificate.validFrom} to ${issuer.certificate.validTo}`;
  return E.left(setAside('untrusted-signer', said));
};

/**
 * Right where a message is signed by somebody the authority vouches for now (Unix milliseconds):
 * fedmsg's crypto.x509, which leaves out nothing but which signer may send which topic. The envelope
 * must not be too deep to recurse into.
 */
export const verify = (authority: Authority, envelope: Envelope, now: number): Verdict => {
  const credentials = credentialsOf(envelope);
  if (E.isLeft(credentials)) return credentials;
  const { certificate } = credentials.right;
  try {
    const trusted = trust(authority, certificate, now);
    if (E.isLeft(trusted) || hasSigned(envelope, credentials.right)) return trusted;
    const said = `it is not what ${nameOf(certificate)} has signed`;
    return E.left(setAside('bad-signature', said));
  } catch (error) {
    // Whoever sends may put any key and any algorithm into a certificate.
    const said = `the certificate in it cannot be used: ${String(error)}`;
    return E.left(setAside('bad-signature', said));
  }
};
