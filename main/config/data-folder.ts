import { accessSync, constants, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';

export type FolderFailure = {
  readonly code: 'data-no-folder' | 'access-denied';
  readonly reason: string;
};

const way = 'Choose another: --data <folder>.';

const denied = (what: string, error: unknown): FolderFailure => {
  const { message } = error as Error;
  return { code: 'access-denied', reason: `${what}: ${message}. ${way}` };
};

const isThere = (path: string): boolean => {
  try {
    statSync(path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw error;
  }
};

/** The folders to make, outermost first, below the nearest one that exists. */
const missingOf = (folder: string): E.Either<FolderFailure, ReadonlyArray<string>> => {
  const missing: Array<string> = [];
  let nearest = folder;
  try {
    for (; !isThere(nearest); nearest = dirname(nearest)) missing.unshift(nearest);
    if (!statSync(nearest).isDirectory()) {
      const which = nearest === folder ? 'it' : nearest;
      const reason = `The data folder cannot be ${folder}: ${which} is a file. ${way}`;
      return E.left({ code: 'data-no-folder', reason });
    }
    accessSync(nearest, constants.W_OK | constants.X_OK);
    return E.right(missing);
  } catch (error) {
    return E.left(denied(`The data folder ${folder} cannot be used`, error));
  }
};

const makeLevel = (folder: string): void => {
  try {
    mkdirSync(folder);
  } catch (error) {
    const isMadeMeanwhile = isThere(folder) && statSync(folder).isDirectory();
    if (!isMadeMeanwhile) throw error;
  }
};

/**
 * Makes the folder where it is absent; left says why it cannot be written in. Level by level: asked
 * for all levels at once, Node 20 never comes back from a file system that takes none.
 */
export const makeDataFolder = (given: string): E.Either<FolderFailure, undefined> => {
  const folder = resolve(given);
  const missing = missingOf(folder);
  if (E.isLeft(missing)) return missing;
  try {
    missing.right.forEach(makeLevel);
    return E.right(undefined);
  } catch (error) {
    return E.left(denied(`The data folder ${folder} cannot be made`, error));
  }
};

const written = /^(log\.db|read-models\.db|feed-cursor|git$)/;

/** Deletes the log and all that was worked out from it, and nothing else in the folder. */
export const wipeRecord = (folder: string): E.Either<FolderFailure, undefined> => {
  try {
    for (const name of readdirSync(folder).filter((entry) => written.test(entry))) {
      rmSync(join(folder, name), { recursive: true, force: true });
    }
    return E.right(undefined);
  } catch (error) {
    return E.left(denied(`The data folder ${folder} cannot be wiped`, error));
  }
};
