import type * as E from 'fp-ts/lib/Either.js';
import * as Either from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { StoreFailure } from '../read-models.ts';

type DriverError = Error & { readonly code?: string };

const cannotOpen = 'ConnectionFailed';
const closed = 'The database connection is not open';

const isDriverError = (thrown: unknown): thrown is DriverError =>
  thrown instanceof Error &&
  (thrown.name === 'SqliteError' ||
    thrown.message.startsWith(cannotOpen) ||
    thrown.message === closed);

const codeOf = (error: DriverError): string => {
  if (error.message.startsWith(cannotOpen)) return 'SQLITE_CANTOPEN';
  return error.message === closed ? 'closed' : (error.code ?? '');
};

const advice: ReadonlyArray<readonly [string, string]> = [
  ['SQLITE_FULL', 'The disk is full: make room and start again; nothing was half written.'],
  ['SQLITE_READONLY', 'Give this user the right to write to the file and its folder.'],
  ['SQLITE_CANTOPEN', 'Check that its folder exists and that this user may write there.'],
  [
    'SQLITE_NOTADB',
    'It is no SQLite database: name another file, or remove it if it is a leftover.',
  ],
  [
    'SQLITE_CORRUPT',
    'It is damaged: stop the service, remove it and start again; it is rebuilt from the log.',
  ],
  ['closed', 'The service is shutting down: ask again when it is back.'],
  ['SQLITE_IOERR', 'The disk did not read or write as it should: check it and its mount.'],
];

const adviceFor = (code: string): string =>
  advice.find(([known]) => code.startsWith(known))?.[1] ??
  'The read models can be removed while the service is stopped: they are rebuilt from the log.';

/** Says of an error of the driver what to do about it; anything else is a bug and thrown on. */
export const failureOf = (file: string, thrown: unknown): StoreFailure => {
  if (!isDriverError(thrown)) throw thrown;
  const code = codeOf(thrown);
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    const reason = `${file} is locked by another process for too long. Look for a long-running reader or backup of that file, then try again.`;
    return { code: 'store-locked', reason };
  }
  return {
    code: 'store-unavailable',
    reason: `${file}: ${thrown.message}. ${adviceFor(code)}`,
  };
};

/** The one door between the driver, which throws, and the port, which answers. */
export const attempt =
  <A>(file: string, work: () => E.Either<StoreFailure, A>): TaskEither<StoreFailure, A> =>
  () => {
    try {
      return Promise.resolve(work());
    } catch (thrown) {
      return Promise.resolve(Either.left(failureOf(file, thrown)));
    }
  };
