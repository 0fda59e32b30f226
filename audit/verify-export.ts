import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import * as t from 'io-ts';
import { createHash } from 'node:crypto';
import { Count, decode, JsonRecord, textOrNull } from '../domain/codec.ts';
import type { RecordedEvent } from '../event-log/event-log.ts';
import { openWalk, type Verdict, type Walk } from './chain.ts';
import { closingLine } from './closing-line.ts';
import { type Line, linesOf } from './lines.ts';

export type FileFailure = { readonly code: 'unreadable-file'; readonly reason: string };

const Exported = t.type({
  position: t.string,
  stream: t.string,
  revision: Count,
  id: t.string,
  type: t.string,
  data: JsonRecord,
  metadata: t.intersection([t.type({ prev: textOrNull, hash: t.string }), JsonRecord]),
});

/** An event has at most 256 KiB of data; escaped and with its metadata it stays far below this. */
const longestLine = 16 * 1024 * 1024;

const parsed = (line: Line): E.Either<string, RecordedEvent> => {
  try {
    const event = decode(Exported)(JSON.parse(line.bytes.toString('utf8')));
    return E.isLeft(event)
      ? E.left(event.left.reasons.join('; '))
      : E.right(event.right as unknown as RecordedEvent);
  } catch (cause) {
    return E.left(cause instanceof Error ? cause.message : String(cause));
  }
};

const isClosing = (line: Line): boolean =>
  line.bytes.subarray(0, 13).toString() === '{"exported":{';

const look = (walk: Walk, line: Line, isAfterTheEnd: boolean): RecordedEvent | undefined => {
  const { number } = line;
  if (isAfterTheEnd) {
    const reason = 'it stands after the closing line';
    walk.report({ code: 'file-altered', at: `line ${number}`, line: number, reason });
  }
  const event = parsed(line);
  if (E.isLeft(event)) {
    const reason = `no event can be read from it: ${event.left}`;
    walk.report({ code: 'unreadable', at: `line ${number}`, line: number, reason });
    return undefined;
  }
  walk.look(event.right, number);
  return event.right;
};

const close = (walk: Walk, due: string, line: Line | undefined): void => {
  if (line === undefined) {
    const reason = 'the closing line is missing: the file was cut short, or its export was';
    walk.report({ code: 'incomplete', at: 'the end', reason });
  } else if (line.bytes.toString('latin1') !== due) {
    const reason = `it says ${line.bytes.toString().trim()}, the lines before it make ${due.trim()}`;
    walk.report({ code: 'file-altered', at: `line ${line.number}`, line: line.number, reason });
  }
};

/**
 * Verifies an exported log from its bytes alone: every link of every stream, the order of the lines,
 * and that not one byte differs from what was exported. Left when the bytes cannot be had.
 */
export const verifyExport =
  (
    chunks: AsyncIterable<Uint8Array>,
    progress: (events: number) => void = () => undefined,
  ): TaskEither<FileFailure, Verdict> =>
  async () => {
    const walk = openWalk();
    const digest = createHash('sha256');
    let events = 0;
    let upTo = '';
    let closing: Line | undefined;
    try {
      for await (const line of linesOf(chunks, longestLine)) {
        if (closing === undefined && isClosing(line)) {
          closing = line;
          continue;
        }
        digest.update(line.bytes);
        const event = look(walk, line, closing !== undefined);
        if (event === undefined) continue;
        upTo = event.position;
        events += 1;
        if (events % 1000 === 0) progress(events);
      }
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      return E.left({ code: 'unreadable-file', reason: `the export could not be read: ${why}` });
    }
    close(walk, closingLine({ events, upTo, sha256: digest.digest('hex') }), closing);
    return E.right(walk.verdict());
  };
