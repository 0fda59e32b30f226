import type { Metadata } from '@grpc/grpc-js';
import type { Asked, Denial } from './mood.ts';

/**
 * Passwords by name. `admin` may do everything, `auditor` only read; the others read and write
 * streams, but not the log of all.
 */
export type Users = Readonly<Record<string, string>>;

const nobody = { name: undefined, password: '' };

const credentialsIn = (
  given: Metadata,
): { readonly name: string | undefined; readonly password: string } => {
  const [header] = given.get('authorization');
  if (typeof header !== 'string') return nobody;
  const text = Buffer.from(header.replace(/^Basic /, ''), 'base64').toString();
  const colon = text.indexOf(':');
  return { name: text.slice(0, colon), password: text.slice(colon + 1) };
};

/** Who may do what, as the server's default ACL has it. Without users everyone may do everything. */
export const denialBy =
  (users: Users | undefined) =>
  (given: Metadata, asked: Asked): Denial | undefined => {
    if (users === undefined) return undefined;
    const { name, password } = credentialsIn(given);
    if (name === undefined) return 'access-denied';
    if (users[name] !== password) return 'unauthenticated';
    const denied: Asked = name === 'auditor' ? 'append' : 'all';
    return name !== 'admin' && asked === denied ? 'access-denied' : undefined;
  };
