import { closeSync, fdatasync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import type { StoredEvent } from './stored-event.ts';

/** What the stand-in has written, in one file that only grows: one line for each write. */
export type Journal = {
  /** What was in the file when it was opened, oldest first. */
  readonly kept: ReadonlyArray<ReadonlyArray<StoredEvent>>;
  /** Once this returns the events outlive the process, all or none of them. */
  readonly write: (events: ReadonlyArray<StoredEvent>) => void;
  /** Settles when all that was written by now outlives the machine too. */
  readonly synced: () => Promise<void>;
  readonly close: () => void;
};

type Line = ReadonlyArray<
  Omit<StoredEvent, 'position' | 'data' | 'metadata'> & {
    readonly position: string;
    readonly data: string;
    readonly metadata: string;
  }
>;

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

const textOf = (events: ReadonlyArray<StoredEvent>): string => {
  const line: Line = events.map(({ position, data, metadata, ...rest }) => ({
    ...rest,
    position: position.toString(),
    data: base64(data),
    metadata: base64(metadata),
  }));
  return `${JSON.stringify(line)}\n`;
};

const eventsOf = (text: string): ReadonlyArray<StoredEvent> =>
  (JSON.parse(text) as Line).map(({ position, data, metadata, ...rest }) => ({
    ...rest,
    position: BigInt(position),
    data: Buffer.from(data, 'base64'),
    metadata: Buffer.from(metadata, 'base64'),
  }));

/** The lines that were written to their end; one that was not was never acknowledged. */
const whole = (bytes: Buffer): Buffer => bytes.subarray(0, bytes.lastIndexOf('\n') + 1);

const sync = promisify(fdatasync);

/** Opens the file, or makes it; what a killed process left half written at its end is cut off. */
export const openJournal = (file: string): Journal => {
  const descriptor = openSync(file, 'a+');
  const bytes = readFileSync(file);
  const lines = whole(bytes);
  if (lines.length < bytes.length) ftruncateSync(descriptor, lines.length);
  const kept = lines.toString().split('\n').slice(0, -1).map(eventsOf);

  let running = Promise.resolve();
  let next: Promise<void> | undefined;
  const begin = (): Promise<void> => {
    if (next !== undefined) running = next;
    next = undefined;
    return sync(descriptor);
  };
  return {
    kept,
    write: (events) => {
      const line = Buffer.from(textOf(events));
      for (let sent = 0; sent < line.length;) sent += writeSync(descriptor, line, sent);
    },
    // Those that ask while a sync runs share the one after it.
    synced: () => (next ??= running.then(begin)),
    close: () => {
      closeSync(descriptor);
    },
  };
};
