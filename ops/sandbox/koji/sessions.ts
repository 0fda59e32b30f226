import { randomBytes } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import { openDocuments } from '../documents.ts';
import type { Store } from '../store.ts';
import { fault, type Fault } from './value.ts';

export type Session = {
  readonly id: number;
  readonly key: string;
  readonly user: string;
  /** The last call number that was carried out. */
  readonly callnum: number | null;
  readonly expired: boolean;
};

/** What a request says of its session. */
export type Credentials = {
  readonly id: number;
  readonly key: string;
  readonly callnum: number | null;
};

export type Sessions = {
  readonly login: (user: string) => Session;
  readonly logout: (session: Session) => void;
  readonly expire: (session: Session) => void;
  readonly find: (credentials: Credentials) => E.Either<Fault, Session>;
  /** Answers 1008 for a call number that is behind, 1009 for one that was used. */
  readonly checkCallnum: (
    session: Session,
    credentials: Credentials,
    method: string,
  ) => Fault | undefined;
  /** Notes that the call of this number was carried out. */
  readonly carriedOut: (session: Session, credentials: Credentials) => void;
};

const BAD = fault(1002, 'Invalid session or bad credentials');

const numberOrNull = (text: string | null | undefined): number | null => {
  if (text == null || text === '') return null;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : null;
};

type Headers = Readonly<Record<string, string | ReadonlyArray<string> | undefined>>;

/** Reads the session headers, or the query string of clients before Koji 1.31. */
export const credentialsOf = (
  headers: Headers,
  query: URLSearchParams,
): Credentials | undefined => {
  const header = (name: string): string | null => {
    const value = headers[name];
    return typeof value === 'string' ? value : null;
  };
  const [id, key, callnum] = [
    header('koji-session-id') ?? query.get('session-id'),
    header('koji-session-key') ?? query.get('session-key'),
    header('koji-session-callnum') ?? query.get('callnum'),
  ];
  if (id === null || key === null) return undefined;
  return { id: numberOrNull(id) ?? 0, key, callnum: numberOrNull(callnum) };
};

/** Koji's sessions; they survive a restart. */
export const openSessions = (store: Store): Sessions => {
  const sessions = openDocuments<Session>(store, 'koji-session');
  return {
    login: (user) => {
      const key = randomBytes(16).toString('hex');
      return sessions.save({ id: sessions.nextId(), key, user, callnum: null, expired: false });
    },
    logout: (session) => void sessions.save({ ...session, key: '' }),
    expire: ({ id }) => {
      const session = sessions.get(id);
      if (session !== undefined) sessions.save({ ...session, expired: true });
    },
    find: ({ id, key }) => {
      const session = sessions.get(id);
      if (session === undefined || session.key === '' || session.key !== key) return E.left(BAD);
      if (session.expired) return E.left(fault(1007, `session "${id}" has expired`));
      return E.right(session);
    },
    checkCallnum: ({ id, callnum: last }, { callnum }, method) => {
      if (last === null || callnum === null || callnum > last) return undefined;
      if (callnum < last) return fault(1008, `${last} > ${callnum} (session ${id})`);
      return fault(1009, `unable to retry call ${callnum} (method ${method}) for session ${id}`);
    },
    carriedOut: ({ id }, { callnum }) => {
      const session = sessions.get(id);
      if (session !== undefined && callnum !== null) sessions.save({ ...session, callnum });
    },
  };
};
