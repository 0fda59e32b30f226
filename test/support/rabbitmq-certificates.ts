import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Names of PEM files: an authority, and what it has signed for a server and for one client. */
export type Certificates = {
  readonly authority: string;
  readonly server: { readonly certificate: string; readonly key: string };
  readonly client: { readonly certificate: string; readonly key: string };
};

const openssl = (folder: string, ...args: ReadonlyArray<string>): void => {
  execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
};

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

const signed = (folder: string, name: string, subject: string, extensions: string) => {
  writeFileSync(join(folder, `${name}.ext`), extensions);
  const key = join(folder, `${name}.key`);
  openssl(
    ...[folder, 'req', '-new', ...newKey, '-keyout', key],
    ...['-subj', `/CN=${subject}`, '-out', `${name}.csr`],
  );
  openssl(
    ...[folder, 'x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.crt', '-CAkey', 'ca.key'],
    ...['-CAcreateserial', '-days', '2', '-extfile', `${name}.ext`, '-out', `${name}.crt`],
  );
  return { certificate: join(folder, `${name}.crt`), key };
};

/** Makes an authority in a folder, a certificate for 127.0.0.1, and one for a client of this name. */
export const makeCertificates = (folder: string, client: string): Certificates => {
  openssl(
    ...[folder, 'req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.crt'],
    ...['-days', '2', '-subj', '/CN=Authority of a test'],
  );
  const names = 'subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=serverAuth\n';
  return {
    authority: join(folder, 'ca.crt'),
    server: signed(folder, 'server', 'localhost', names),
    client: signed(folder, 'client', client, 'extendedKeyUsage=clientAuth\n'),
  };
};
