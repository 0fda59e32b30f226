import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A recorded exchange: the XML of the call and of its answer. */
export type Exchange = { readonly name: string; readonly call: string; readonly answer: string };

const xmlOf = (lines: ReadonlyArray<string>, mark: string): string => {
  const text = lines
    .filter((line) => line.startsWith(mark))
    .map((line) => line.slice(2))
    .join('\n');
  return text.slice(text.indexOf('<?xml'));
};

/** The exchanges of a folder whose names fit; none when there is no such folder. */
export const exchangesIn = (folder: string, names: RegExp): ReadonlyArray<Exchange> => {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((name) => names.test(name));
  return files.map((name) => {
    const lines = readFileSync(join(folder, name), 'utf8').split('\n');
    return { name, call: xmlOf(lines, '>'), answer: xmlOf(lines, '<') };
  });
};
