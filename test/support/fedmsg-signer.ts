import { createSign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as E from 'fp-ts/lib/Either.js';
import type { Authority } from '../../ingest/fedmsg/authority.ts';
import { readAuthority } from '../../ingest/fedmsg/authority.ts';

/** A file of test/fixtures/fedmsg; make.py beside it tells what each is. */
export const fedmsgFixture = (name: string): Buffer =>
  readFileSync(new URL(`../fixtures/fedmsg/${name}`, import.meta.url));

/** A moment at which every certificate of the fixtures holds. */
export const atThatTime = Date.parse('2026-02-10T00:00:00Z');

export const anAuthority = (revocations: string | null = 'revocations.pem'): Authority => {
  const lists = revocations === null ? null : fedmsgFixture(revocations).toString();
  const read = readAuthority(fedmsgFixture('authority.pem').toString(), lists);
  if (E.isLeft(read)) throw new Error(read.left.reason);
  return read.right;
};

export type Signer = 'koji' | 'revoked' | 'stranger' | 'impostor';

type Members = Readonly<Record<string, string | number>>;

const inAscii = (json: string): string =>
  json.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

const wrapped = (bytes: Buffer): string => bytes.toString('base64').replace(/.{1,76}/g, '$&\n');

/**
 * The text of a signed envelope. Its members are texts without control characters, and numbers whose
 * JSON is the same in JavaScript and in Python; what is signed is put together here, apart from the
 * code under test.
 */
export const signedBy = (signer: Signer, members: Members): string => {
  const all: Members = { ...members, crypto: 'x509' };
  const written = Object.keys(all)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${inAscii(JSON.stringify(all[key]))}`);
  const key = fedmsgFixture(`${signer}.key`);
  const signature = createSign('sha1')
    .update(`{${written.join(',')}}`)
    .sign(key);
  const certificate = wrapped(fedmsgFixture(`${signer}.pem`));
  return JSON.stringify({ ...all, signature: wrapped(signature), certificate });
};

/** A message of that id, the members of which are as simple as `signedBy` wants them. */
export const aMessage = (id: string, more: Members = {}): Members => ({
  ...{ topic: 'org.fedoraproject.prod.buildsys.tag', msg_id: `2026-${id}`, msg: 'hello' },
  ...{ i: 1, timestamp: 1767268800, username: 'apache' },
  ...more,
});
