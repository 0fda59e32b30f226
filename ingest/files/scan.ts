import { closeBracket, comma, isOpening, isSpace, lineFeed, openBracket } from './bytes.ts';
import { inRecord, inText } from './scan-record.ts';
import type { Piece, Scan } from './scan-state.ts';
import { abandon, emitJunk, newLine, rewind, startScan, takeIn } from './scan-state.ts';

const byteOrderMark = [0xef, 0xbb, 0xbf];
const recordSeparator = 0x1e;

const largestRecord = 64 * 1024 * 1024;

const isMark = (scan: Scan, byte: number, at: number): boolean =>
  scan.line === 1 && byte === byteOrderMark[at - scan.lineStart];

const isNothing = (scan: Scan, byte: number, at: number): boolean =>
  isSpace(byte) || byte === comma || byte === recordSeparator || isMark(scan, byte, at);

const begin = (scan: Scan, mode: 'record' | 'junk', at: number): void => {
  scan.mode = mode;
  scan.startLine = scan.line;
  scan.startColumn = at - scan.lineStart;
  scan.from = at;
};

const between = (scan: Scan, byte: number, at: number): void => {
  if (byte === lineFeed) return newLine(scan, at);
  if (isNothing(scan, byte, at)) return;
  if (byte === closeBracket && scan.inArray) {
    scan.inArray = false;
    return;
  }
  if (byte === openBracket && !scan.inArray) {
    scan.inArray = true;
    return;
  }
  begin(scan, isOpening(byte) ? 'record' : 'junk', at);
  if (isOpening(byte)) scan.open.push(byte);
  scan.previous = byte;
  scan.firstOnLine = false;
};

const junk = (scan: Scan, byte: number, at: number): void => {
  const ends = byte === lineFeed || (scan.inArray && byte === comma);
  if (!ends) return;
  emitJunk(scan, at);
  between(scan, byte, at);
};

const mayGoOn = (scan: Scan, byte: number, at: number): boolean => {
  if (isSpace(byte) || byte === comma) return false;
  const isFirst = scan.firstOnLine && at - scan.lineStart <= scan.resyncColumn;
  return isFirst && (isOpening(byte) || (scan.inArray && byte === closeBracket));
};

const resync = (scan: Scan, byte: number, at: number): void => {
  if (byte === lineFeed) {
    // Where every line stands for itself, the next is looked at whatever it begins with.
    if (scan.isOnePerLine && !scan.inArray) scan.mode = 'between';
    return newLine(scan, at);
  }
  if (mayGoOn(scan, byte, at)) {
    scan.mode = 'between';
    return between(scan, byte, at);
  }
  if (!isSpace(byte) && byte !== comma) scan.firstOnLine = false;
};

const outside = (scan: Scan, byte: number, at: number): void => {
  if (scan.mode === 'junk') junk(scan, byte, at);
  else if (scan.mode === 'resync') resync(scan, byte, at);
  else between(scan, byte, at);
};

/** Looks at one byte (or one text); gives the place of the next. */
const step = (scan: Scan, at: number): number => {
  if (scan.inString) return inText(scan, at);
  const byte = scan.input[at] ?? 0;
  if (scan.mode !== 'record') {
    outside(scan, byte, at);
    return at + 1;
  }
  const fault = inRecord(scan, byte, at);
  if (fault === undefined) return at + 1;
  rewind(scan, at, fault);
  return 0;
};

const run = (scan: Scan): void => {
  for (let at = 0; at < scan.input.length;) at = step(scan, at);
  takeIn(scan);
  if (scan.mode === 'record' && scan.heldSize > largestRecord) {
    abandon(scan, 'it is longer than 64 MiB, more than any bus carries');
  }
};

/** Takes the bytes of one input as they come, and gives the JSON values found in them so far. */
export type Scanner = {
  readonly push: (chunk: Uint8Array) => ReadonlyArray<Piece>;
  readonly end: () => ReadonlyArray<Piece>;
};

/**
 * Finds where JSON objects begin and end: one a line, in an array, or printed over many lines. What
 * is cut off or is no JSON becomes a piece of its own, and the search goes on behind it.
 */
export const scanner = (): Scanner => {
  const scan = startScan();
  const taken = (): ReadonlyArray<Piece> => scan.pieces.splice(0);
  return {
    push: (chunk) => {
      scan.input = chunk;
      run(scan);
      return taken();
    },
    end: () => {
      while (scan.mode === 'record') {
        rewind(scan, 0, 'it is cut off: the input ends inside it');
        run(scan);
      }
      if (scan.mode === 'junk') emitJunk(scan, 0);
      return taken();
    },
  };
};
