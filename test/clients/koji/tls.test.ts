import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import test, { type ExecutionContext } from 'ava';
import { aHub, fault, left, order, right, session, value, type Answering } from './a-hub.ts';

const program = 'openssl';
const openssl = (...args: ReadonlyArray<string>): void => {
  execFileSync(program, args, { stdio: 'pipe' });
};
const isThere = ((): boolean => {
  try {
    openssl('version');
    return true;
  } catch {
    return false;
  }
})();
const reason = isThere
  ? ''
  : ' (skipped: certificates are made by openssl, which is not installed)';
const secure = isThere ? test : test.skip;

type Pair = { readonly cert: string; readonly key: string };
type Certificates = { readonly ca: string; readonly hub: Pair; readonly ours: Pair };

const certificates = (t: ExecutionContext): Certificates => {
  const folder = mkdtempSync(join(tmpdir(), 'koji-tls-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const at = (name: string): string => join(folder, name);
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const authority = ['-subj', '/CN=Testing CA', '-days', '2'];
  openssl('req', '-x509', ...key, ...authority, '-keyout', at('ca.key'), '-out', at('ca.pem'));
  const pair = (name: string): Pair => {
    const [keyFile, request, cert] = [at(`${name}.key`), at(`${name}.csr`), at(`${name}.pem`)];
    const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1'];
    openssl('req', ...key, ...subject, '-keyout', keyFile, '-out', request);
    const signing = ['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial', '-days', '2'];
    openssl('x509', '-req', '-in', request, ...signing, '-copy_extensions', 'copy', '-out', cert);
    return { cert: readFileSync(cert, 'utf8'), key: readFileSync(keyFile, 'utf8') };
  };
  const [hub, ours] = [pair('hub'), pair('freshmaker')];
  return { ca: readFileSync(at('ca.pem'), 'utf8'), hub, ours };
};

/** Knows a user by the name in the certificate, as Koji does. */
const knowing: Answering = ({ method }, response) => {
  const shown = (response.socket as TLSSocket).getPeerCertificate() as {
    readonly subject?: { readonly CN: string };
  };
  const who = shown.subject?.CN ?? 'nobody';
  if (method === 'buildContainer') return value(response, who === 'nobody' ? 503 : 504);
  if (who === 'freshmaker') return value(response, session);
  fault(response, 1002, `could not verify client: ${who}`);
};

secure(`the client certificate is shown at the login, and only there${reason}`, async (t) => {
  const { ca, hub: pair, ours } = certificates(t);
  const asking = { ...pair, ca, requestCert: true, rejectUnauthorized: false };
  const hub = await aHub(t, knowing, asking);
  t.is(await right(hub.koji({ tls: { ca, ...ours } }).buildContainer(order)), 503);
  const failure = await left(hub.koji({ tls: { ca } }).buildContainer(order));
  t.is(failure.code, 'koji-refused');
  t.regex(failure.reason, /could not verify client: nobody/);
});

secure(`a hub whose certificate is not trusted is sent nothing${reason}`, async (t) => {
  const { hub: pair, ours } = certificates(t);
  const hub = await aHub(t, knowing, pair);
  const koji = hub.koji({ tls: ours });
  t.is((await left(koji.buildContainer(order))).code, 'koji-unavailable');
  t.is((await left(koji.task(1))).code, 'koji-unavailable');
  t.is(hub.asked.length, 0);
});

secure(`reading over TLS trusts the given authority${reason}`, async (t) => {
  const { ca, hub: pair } = certificates(t);
  const hub = await aHub(t, (_, response) => value(response, [{ name: 'f40' }]), pair);
  const koji = hub.koji({ tls: { ca } });
  t.deepEqual(await right(koji.tagsOf('oven-1-1')), ['f40']);
  t.deepEqual(await right(koji.tagsOf('oven-1-1')), ['f40']);
});

secure(
  `a certificate that is no certificate is told as such, and nothing is sent${reason}`,
  async (t) => {
    const { ca, hub: pair } = certificates(t);
    const hub = await aHub(t, knowing, pair);
    const koji = hub.koji({ tls: { ca, cert: 'no PEM', key: 'no PEM' } });
    t.is((await left(koji.buildContainer(order))).code, 'koji-unavailable');
    t.is(hub.asked.length, 0);
  },
);
