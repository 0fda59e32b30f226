import type { LogFailure } from '../event-log.ts';
import type { LogError } from '../log-error.ts';

/** The symbolic result code of SQLite (`SQLITE_BUSY` …) or of the file system (`EACCES` …). */
export const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : '';

/** Somebody else holds a lock; nothing happened, and the same may be tried again. */
export const isBusy = (error: unknown): boolean => /^SQLITE_(BUSY|LOCKED)/.test(codeOf(error));

type Explanation = readonly [RegExp, LogFailure['code'], (file: string) => string];

const explanations: ReadonlyArray<Explanation> = [
  [
    /^SQLITE_(BUSY|LOCKED)/,
    'locked',
    (file) =>
      `the log ${file} is held by another process's long write; end that process (fuser ${file} names it) or try again`,
  ],
  [
    /^(SQLITE_FULL|ENOSPC|EDQUOT)/,
    'disk-full',
    (file) => `no space is left for the log ${file}; free some on its disk, nothing was written`,
  ],
  [
    /^(SQLITE_(NOTADB|CORRUPT)|SQLITE_FORMAT)/,
    'corrupt',
    (file) =>
      `${file} is damaged or no SQLite database; put back a copy, or name another file for the log`,
  ],
  [
    /^(SQLITE_(READONLY|PERM|CANTOPEN|AUTH)|EACCES|EPERM|EROFS|ENOTDIR|EISDIR|ENOENT|EEXIST)/,
    'access-denied',
    (file) =>
      `the log ${file} cannot be opened for writing; make its folder and the file writable for this user, or name another place`,
  ],
  [
    /^SQLITE_(IOERR|PROTOCOL|NOLFS|NOMEM)/,
    'unavailable',
    (file) =>
      `the disk of the log ${file} does not answer as it should; look at the system's journal`,
  ],
];

const isLogError = (error: unknown): error is LogError =>
  error instanceof Error && 'reason' in error && 'code' in error;

/** What an error of the driver means for whoever uses the log. An error of our own is thrown on. */
export const explain = (file: string, error: unknown): LogFailure => {
  if (isLogError(error)) return { code: error.code, reason: error.reason };
  const code = codeOf(error);
  const found = explanations.find(([pattern]) => pattern.test(code));
  if (found === undefined) throw error;
  return { code: found[1], reason: `${found[2](file)} (${code})` };
};
