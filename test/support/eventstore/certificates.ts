import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a server on this machine shows, and the authority that says so. */
export type Certificate = {
  readonly key: Buffer;
  readonly chain: Buffer;
  readonly caFile: string;
};

const openssl = (folder: string, ...args: ReadonlyArray<string>): void => {
  execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
};

/** Whether certificates can be made here. */
export const hasOpenssl = ((): boolean => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
})();

const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** A certificate for `names` (127.0.0.1 unless given) by an authority made for it. */
export const makeCertificate = (names = 'IP:127.0.0.1'): Certificate => {
  const folder = mkdtempSync(join(tmpdir(), 'freshmaker-tls-'));
  const subject = (name: string): ReadonlyArray<string> => ['-subj', `/CN=${name}`];
  const asked = ['-keyout', 'server.key', '-out', 'server.csr'];
  const made = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-out', 'server.pem'];
  writeFileSync(join(folder, 'names'), `subjectAltName=${names}\n`);
  openssl(folder, 'req', '-x509', ...curve, ...subject('an authority'), '-days', '2', '-keyout', 'ca.key', '-out', 'ca.pem'); // prettier-ignore
  openssl(folder, 'req', ...curve, ...subject('a server'), ...asked);
  openssl(folder, 'x509', '-req', '-in', 'server.csr', ...made, '-days', '2', '-extfile', 'names'); // prettier-ignore
  return {
    key: readFileSync(join(folder, 'server.key')),
    chain: readFileSync(join(folder, 'server.pem')),
    caFile: join(folder, 'ca.pem'),
  };
};

const made = new Map<string, Certificate>();

/** The same, made once in a process for each `names`. */
export const certificateFor = (names = 'IP:127.0.0.1'): Certificate => {
  const certificate = made.get(names) ?? makeCertificate(names);
  made.set(names, certificate);
  return certificate;
};
