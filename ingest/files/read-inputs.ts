import { createReadStream } from 'node:fs';
import { extname } from 'node:path';
import type { Json } from '../../domain/json.ts';
import type { Source } from '../envelope/source.ts';
import type { Value } from './values.ts';
import { valuesIn } from './values.ts';
import type { Found } from './walk.ts';
import { filesOf } from './walk.ts';

/** One thing found in the inputs: JSON that may be a message, or a fault, and where it stands. */
export type Item = {
  readonly file: string;
  readonly line: number;
  readonly found:
    | { readonly kind: 'json'; readonly raw: Json; readonly source: Source }
    | { readonly kind: 'fault'; readonly reason: string };
};

type Bytes = AsyncIterable<Uint8Array>;
type Reader = {
  readonly stdin: Bytes;
  /** Told how many bytes were read, as they are. */
  readonly onBytes: (bytes: number) => void;
};

// What the file system refuses has a code; anything else is a bug and goes on up.
const readFault = (error: unknown): string => {
  if (error instanceof Error && 'code' in error) return error.message;
  throw error;
};

async function* counted(chunks: Bytes, onBytes: Reader['onBytes']): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    onBytes(chunk.length);
    yield chunk;
  }
}

const itemOf = (file: string, value: Value): Item => {
  const { line } = value;
  if (value.kind === 'fault') return { file, line, found: { kind: 'fault', reason: value.reason } };
  return { file, line, found: { kind: 'json', raw: value.raw, source: value.source } };
};

const faultIn = (file: string, line: number, reason: string): Item => ({
  file,
  line,
  found: { kind: 'fault', reason },
});

const prose = new Set(['.txt', '.md', '.rst', '.html']);

// A recorded exchange may hold pieces of JSON between its prose: none of them came over a bus.
const isProse = (file: string, chunk: Uint8Array): boolean => {
  const begin = Buffer.from(chunk.subarray(0, 1024)).toString('utf8').replace('\ufeff', '').trim();
  return prose.has(extname(file).toLowerCase()) && !/^[[{]/.test(begin);
};

async function* inBytes(file: string, chunks: Bytes): AsyncGenerator<Item, void, undefined> {
  try {
    for await (const value of valuesIn(chunks)) yield itemOf(file, value);
  } catch (error) {
    yield faultIn(file, 1, readFault(error));
  }
}

async function* firstChunk(file: string): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of createReadStream(file, { end: 1023 })) yield chunk as Uint8Array;
}

const beginning = async (file: string): Promise<Uint8Array> => {
  for await (const chunk of firstChunk(file)) return chunk;
  return new Uint8Array();
};

async function* inFile(
  { file, bytes }: Extract<Found, { kind: 'file' }>,
  onBytes: Reader['onBytes'],
): AsyncGenerator<Item, void, undefined> {
  try {
    if (prose.has(extname(file).toLowerCase()) && isProse(file, await beginning(file))) {
      onBytes(bytes);
      yield faultIn(file, 1, 'it is a text, not JSON');
      return;
    }
  } catch (error) {
    yield faultIn(file, 1, readFault(error));
    return;
  }
  yield* inBytes(file, counted(createReadStream(file), onBytes));
}

/** What there is to read. `bytes` is null where standard input is part of it. */
export type Inputs = {
  readonly found: ReadonlyArray<Found | { readonly kind: 'stdin' }>;
  readonly bytes: number | null;
};

/** Looks up files, folders and `-` (standard input) before anything is read. */
export const findInputs = async (inputs: ReadonlyArray<string>): Promise<Inputs> => {
  const found: Array<Inputs['found'][number]> = [];
  for (const input of inputs) {
    if (input === '-') found.push({ kind: 'stdin' });
    else found.push(...(await filesOf(input)));
  }
  const sizes = found.map((one) => (one.kind === 'file' ? one.bytes : 0));
  const isOpen = found.some(({ kind }) => kind === 'stdin');
  return { found, bytes: isOpen ? null : sizes.reduce((sum, size) => sum + size, 0) };
};

/** Reads the inputs in order, in bounded memory; what is wrong becomes an item, and the rest goes on. */
export async function* readInputs(
  { found }: Inputs,
  reader: Reader,
): AsyncGenerator<Item, void, undefined> {
  for (const one of found) {
    if (one.kind === 'stdin') yield* inBytes('-', counted(reader.stdin, reader.onBytes));
    else if (one.kind === 'unreadable') yield faultIn(one.file, 1, one.reason);
    else yield* inFile(one, reader.onBytes);
  }
}
