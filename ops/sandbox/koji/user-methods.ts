import * as E from 'fp-ts/lib/Either.js';
import type { Book } from './book.ts';
import { generic, method, repr, type Method } from './method.ts';
import { isStruct, type Struct, type Value } from './value.ts';

const REALM = 'FEDORAPROJECT.ORG';

const shownUser = (id: number, name: string): Struct => ({
  ...{ id, name, status: 0, usertype: 0, krb_principals: [`${name}@${REALM}`] },
});

const findUser = (book: Book, info: Value | undefined): Struct | undefined => {
  const wanted = isStruct(info) ? (info['id'] ?? info['name'] ?? info['krb_principal']) : info;
  if (typeof wanted !== 'number' && typeof wanted !== 'string') return undefined;
  const found =
    book.users.find(wanted) ??
    (typeof wanted === 'string' ? book.users.find(wanted.replace(`@${REALM}`, '')) : undefined);
  return found === undefined ? undefined : shownUser(found.id, found.name);
};

const GET_USER = ['userInfo', 'strict', 'krb_princs', 'groups'];

const getUser = method('get_user', 0, GET_USER, ({ book }, args, { session }) => {
  const { userInfo = null, strict } = args;
  if (userInfo === null && session === undefined) return generic('No user provided');
  const found = findUser(book, userInfo ?? session?.user);
  if (found !== undefined) return E.right(found);
  return strict === true ? generic(`No such user: ${repr(userInfo)}`) : E.right(null);
});

/** Ways to log in: 2 is a TLS client certificate. */
const SSL = 2;

const getLoggedInUser = method('RootExports.getLoggedInUser', 0, [], ({ book }, _args, caller) => {
  if (caller.session === undefined) return E.right(null);
  const { user } = caller.session;
  const shown = shownUser(book.users.idOf(user), user);
  return E.right({ ...shown, authtype: SSL, krb_principal: `${user}@${REALM}` });
});

const logout = method('logout', 0, ['session_id'], ({ sessions }, _args, { session }) => {
  if (session === undefined) return E.left({ faultCode: 1002, faultString: 'Not logged in' });
  sessions.logout(session);
  return E.right(null);
});

const getPackageId = method(
  'RootExports.getPackageID',
  1,
  ['name', 'strict'],
  ({ book }, { name = null, strict }) => {
    const found = typeof name === 'string' ? book.packages.find(name) : undefined;
    if (found !== undefined) return E.right(found.id);
    return strict === true ? generic(`No such package: ${repr(name)}`) : E.right(null);
  },
);

const getLastEvent = method('RootExports.getLastEvent', 0, ['before', 'strict'], ({ book }) =>
  E.right({ id: book.lastEvent(), ts: Date.now() / 1000 }),
);

export const KOJI_VERSION = '1.35.3';

export const USER_METHODS: Readonly<Record<string, Method>> = {
  ...{ getUser, getLoggedInUser, logout, getPackageID: getPackageId, getLastEvent },
  getAPIVersion: method('RootExports.getAPIVersion', 0, [], () => E.right(1)),
  getKojiVersion: method('RootExports.getKojiVersion', 0, [], () => E.right(KOJI_VERSION)),
  hello: method('RootExports.hello', 0, [], () => E.right('Hello World')),
};
