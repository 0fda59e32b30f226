import { randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Cursor, CursorFailure } from './cursor.ts';

const failure =
  (file: string) =>
  (error: unknown): CursorFailure => ({
    code: 'cursor-unavailable',
    reason: `cursor file ${file}: ${error instanceof Error ? error.message : String(error)}`,
  });

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

const read = async (file: string): Promise<string | undefined> => {
  try {
    return (await readFile(file, 'utf8')).trim() || undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
};

/** Keeps a cursor in a file of its own, replaced as a whole so that it is never half written. */
export const fileCursor = (file: string): Cursor => ({
  load: () => TE.tryCatch(() => read(file), failure(file)),
  save: (cursor) =>
    TE.tryCatch(async () => {
      const own = `${file}.${randomUUID()}`; // several processes may keep one cursor
      await writeFile(own, `${cursor}\n`);
      await rename(own, file);
    }, failure(file)),
});
