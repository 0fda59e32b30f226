import { X509Certificate } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import type { RevocationList } from './revocation-list.ts';
import { readRevocationList } from './revocation-list.ts';

/** One certificate that signers are trusted by, and the serial numbers it has taken back. */
export type Issuer = {
  readonly certificate: X509Certificate;
  readonly revoked: ReadonlySet<string>;
};

/** Whom signers of messages are trusted by. */
export type Authority = {
  readonly issuers: ReadonlyArray<Issuer>;
  /** When the first of its revocation lists was to be replaced, Unix milliseconds. */
  readonly listsDue: number | undefined;
};

export type NoAuthority = { readonly code: 'bad-authority'; readonly reason: string };

const fault = (reason: string): E.Either<NoAuthority, never> =>
  E.left({ code: 'bad-authority', reason });

const blocksOf = (pem: string, label: string): ReadonlyArray<string> =>
  pem.match(new RegExp(`-----BEGIN ${label}-----[^-]*-----END ${label}-----`, 'g')) ?? [];

const certificatesIn = (pem: string): E.Either<NoAuthority, ReadonlyArray<X509Certificate>> => {
  const blocks = blocksOf(pem, 'CERTIFICATE');
  if (blocks.length === 0) return fault('fedmsgAuthority names a file that holds no certificate.');
  try {
    return E.right(blocks.map((block) => new X509Certificate(block)));
  } catch (error) {
    return fault(`fedmsgAuthority: a certificate cannot be read: ${String(error)}`);
  }
};

const listsIn = (pem: string): E.Either<NoAuthority, ReadonlyArray<RevocationList>> => {
  const blocks = blocksOf(pem, 'X509 CRL');
  const lists = blocks.map((block) =>
    readRevocationList(Buffer.from(block.replace(/-----[^-]+-----/g, ''), 'base64')),
  );
  const read = lists.filter((list) => list !== undefined);
  if (blocks.length > 0 && read.length === blocks.length) return E.right(read);
  return fault(
    'fedmsgRevocations names a file without a revocation list that can be read ("-----BEGIN X509 CRL-----", signed by RSA with SHA-1 or SHA-2).',
  );
};

const isBy = (list: RevocationList, certificate: X509Certificate): boolean => {
  try {
    return list.isSignedBy(certificate.publicKey);
  } catch {
    return false; // a key of another kind signs no such list
  }
};

/**
 * Reads the certificates that signers are trusted by and the lists of those who are so no more, from
 * PEM text. Left where one cannot be read, or a list is not signed by one of the certificates.
 */
export const readAuthority = (
  pem: string,
  revocations: string | null,
): E.Either<NoAuthority, Authority> => {
  const certificates = certificatesIn(pem);
  if (E.isLeft(certificates)) return certificates;
  const lists = revocations === null ? E.right([]) : listsIn(revocations);
  if (E.isLeft(lists)) return lists;
  const isForeign = (list: RevocationList): boolean =>
    !certificates.right.some((certificate) => isBy(list, certificate));
  if (lists.right.some(isForeign)) {
    return fault('fedmsgRevocations holds a list that is not signed by fedmsgAuthority.');
  }
  const issuers = certificates.right.map((certificate): Issuer => {
    const own = lists.right.filter((list) => isBy(list, certificate));
    return { certificate, revoked: new Set(own.flatMap(({ revoked }) => [...revoked])) };
  });
  const due = lists.right.flatMap(({ nextUpdate }) => nextUpdate ?? []);
  return E.right({ issuers, listsDue: due.length === 0 ? undefined : Math.min(...due) });
};
