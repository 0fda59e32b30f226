import type { Piece, Scan } from './scan-state.ts';
import { abandon, emitJunk, emitRecord, newLine, rewind, startScan, takeIn } from './scan-state.ts';

const quote = 0x22;
const backslash = 0x5c;
const lineFeed = 0x0a;
const comma = 0x2c;
const colon = 0x3a;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const byteOrderMark = [0xef, 0xbb, 0xbf];
const recordSeparator = 0x1e;

const largestRecord = 64 * 1024 * 1024;

const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x09 || byte === 0x0d;
const isOpening = (byte: number): boolean => byte === openBrace || byte === openBracket;
const isClosing = (byte: number): boolean => byte === closeBrace || byte === closeBracket;

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

// Inside an object a value follows a colon, inside an array a bracket or a comma. Anywhere else a
// line that begins with a brace is the next message: the one before was cut off.
const mayNest = (scan: Scan): boolean =>
  !scan.isOnePerLine &&
  (scan.previous === colon ||
    scan.previous === openBracket ||
    (scan.previous === comma && scan.open.at(-1) === openBracket));

/** What is wrong with the value under way, found at this byte. */
type Fault = string | undefined;

const opened = (scan: Scan, byte: number, at: number): Fault => {
  const isFirst = scan.firstOnLine && scan.line > scan.startLine;
  if (isFirst && at - scan.lineStart <= scan.startColumn && !mayNest(scan)) {
    return 'it is cut off: the next message begins inside it';
  }
  scan.open.push(byte);
  return undefined;
};

const closed = (scan: Scan, byte: number, at: number): Fault => {
  const opening = scan.open.pop();
  if (opening !== (byte === closeBrace ? openBrace : openBracket)) {
    return `it is broken: a ${String.fromCharCode(byte)} closes what was not opened`;
  }
  if (scan.open.length > 0) return undefined;
  scan.isOnePerLine ||= scan.line === scan.startLine && scan.startColumn === 0;
  emitRecord(scan, at);
  return undefined;
};

const structure = (scan: Scan, byte: number, at: number): Fault => {
  if (isOpening(byte)) return opened(scan, byte, at);
  if (isClosing(byte)) return closed(scan, byte, at);
  scan.inString = byte === quote;
  return undefined;
};

const inRecord = (scan: Scan, byte: number, at: number): Fault => {
  if (byte === lineFeed) newLine(scan, at);
  if (byte === lineFeed || isSpace(byte)) return undefined;
  const fault = structure(scan, byte, at);
  scan.previous = byte;
  scan.firstOnLine = false;
  return fault;
};

// One text of a message, or what of it is in this chunk: by far the most bytes are here.
const endOfText = (scan: Scan, from: number): number => {
  const { input } = scan;
  for (let at = from; at < input.length; at += 1) {
    const byte = input[at];
    if (byte === lineFeed) return at;
    if (scan.escaped) scan.escaped = false;
    else if (byte === backslash) scan.escaped = true;
    else if (byte === quote) return at;
  }
  return input.length;
};

const inText = (scan: Scan, from: number): number => {
  const at = endOfText(scan, from);
  if (at === scan.input.length) return at;
  if (scan.input[at] === quote) {
    scan.inString = false;
    return at + 1;
  }
  rewind(scan, at, 'it is cut off: the line ends inside a text');
  return 0;
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
