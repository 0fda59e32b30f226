import type { Stats } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A file to read, or why something in a folder cannot be read. */
export type Found =
  | { readonly kind: 'file'; readonly file: string; readonly bytes: number }
  | { readonly kind: 'unreadable'; readonly file: string; readonly reason: string };

const message = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

const unreadable = (file: string, reason: string): ReadonlyArray<Found> => [
  { kind: 'unreadable', file, reason },
];

const inFolder = async (
  folder: string,
  above: ReadonlySet<string>,
): Promise<ReadonlyArray<Found>> => {
  const real = await realpath(folder);
  if (above.has(real)) return unreadable(folder, 'a link back to a folder above it: not followed');
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
  const found: Array<Found> = [];
  for (const name of names)
    found.push(...(await below(join(folder, name), new Set([...above, real]))));
  return found;
};

const ofKind = async (
  file: string,
  stats: Stats,
  above: ReadonlySet<string>,
): Promise<ReadonlyArray<Found>> => {
  if (stats.isDirectory()) return inFolder(file, above);
  const isNamed = above.size === 0;
  return stats.isFile() || isNamed
    ? [{ kind: 'file', file, bytes: stats.size }]
    : unreadable(file, 'neither a file nor a folder');
};

const below = async (file: string, above: ReadonlySet<string>): Promise<ReadonlyArray<Found>> => {
  try {
    return await ofKind(file, await stat(file), above);
  } catch (error) {
    return unreadable(file, message(error));
  }
};

/**
 * The files of an input: itself, or all in and below a folder, by name. Names that begin with a dot
 * are left out; a link that leads back up is reported, not followed.
 */
export const filesOf = (input: string): Promise<ReadonlyArray<Found>> => below(input, new Set());
