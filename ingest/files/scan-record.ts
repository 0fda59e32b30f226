import {
  backslash,
  closeBrace,
  colon,
  comma,
  isClosing,
  isOpening,
  isSpace,
  lineFeed,
  openBrace,
  openBracket,
  quote,
} from './bytes.ts';
import type { Scan } from './scan-state.ts';
import { emitRecord, newLine, rewind } from './scan-state.ts';

// Inside an object a value follows a colon, inside an array a bracket or a comma. Anywhere else a
// line that begins with a brace is the next message: the one before was cut off.
const mayNest = (scan: Scan): boolean =>
  !scan.isOnePerLine &&
  (scan.previous === colon ||
    scan.previous === openBracket ||
    (scan.previous === comma && scan.open.at(-1) === openBracket));

/** What is wrong with the value under way, found at this byte. */
export type Fault = string | undefined;

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

/** Looks at one byte of a record that is in none of its texts. */
export const inRecord = (scan: Scan, byte: number, at: number): Fault => {
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

/** Looks at one text of a record, or what of it is in this chunk; gives the place behind it. */
export const inText = (scan: Scan, from: number): number => {
  const at = endOfText(scan, from);
  if (at === scan.input.length) return at;
  if (scan.input[at] === quote) {
    scan.inString = false;
    return at + 1;
  }
  rewind(scan, at, 'it is cut off: the line ends inside a text');
  return 0;
};
