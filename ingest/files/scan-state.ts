/** What the scanner found: the bytes of one JSON value, or something that is none. */
export type Piece =
  | { readonly kind: 'value'; readonly line: number; readonly bytes: Uint8Array }
  | { readonly kind: 'broken'; readonly line: number; readonly reason: string }
  | { readonly kind: 'junk'; readonly line: number; readonly excerpt: string };

/** Where the scanner is; it changes in place, byte by byte. Offsets count in the current chunk. */
export type Scan = {
  /** The chunk under way, or what is left to look at again. */
  input: Uint8Array;
  mode: 'between' | 'record' | 'junk' | 'resync';
  line: number;
  lineStart: number;
  firstOnLine: boolean;
  inArray: boolean;
  isOnePerLine: boolean;
  startLine: number;
  startColumn: number;
  from: number;
  held: Array<Uint8Array>;
  heldSize: number;
  open: Array<number>;
  inString: boolean;
  escaped: boolean;
  previous: number;
  resyncColumn: number;
  readonly pieces: Array<Piece>;
};

const excerptLength = 60;

export const startScan = (): Scan => ({
  input: new Uint8Array(),
  mode: 'between',
  line: 1,
  lineStart: 0,
  firstOnLine: true,
  inArray: false,
  isOnePerLine: false,
  startLine: 1,
  startColumn: 0,
  from: 0,
  held: [],
  heldSize: 0,
  open: [],
  inString: false,
  escaped: false,
  previous: 0,
  resyncColumn: 0,
  pieces: [],
});

export const newLine = (scan: Scan, at: number): void => {
  scan.line += 1;
  scan.lineStart = at + 1;
  scan.firstOnLine = true;
};

const forget = (scan: Scan): void => {
  scan.held = [];
  scan.heldSize = 0;
  scan.open = [];
  scan.inString = false;
  scan.escaped = false;
  scan.from = 0;
};

/** The bytes of what is under way, up to (not with) `end` of the current chunk. */
const underWay = (scan: Scan, end: number): Uint8Array => {
  const tail = scan.input.subarray(scan.from, end);
  return scan.held.length === 0 ? tail : Buffer.concat([...scan.held, tail]);
};

/** The closing byte stands at `at`. */
export const emitRecord = (scan: Scan, at: number): void => {
  scan.pieces.push({ kind: 'value', line: scan.startLine, bytes: underWay(scan, at + 1) });
  forget(scan);
  scan.mode = 'between';
};

/** The junk ends before `at`. */
export const emitJunk = (scan: Scan, at: number): void => {
  const excerpt = Buffer.from(underWay(scan, at).subarray(0, excerptLength)).toString('utf8');
  scan.pieces.push({ kind: 'junk', line: scan.startLine, excerpt });
  forget(scan);
  scan.mode = 'between';
};

/** The chunk is used up: what is under way is kept for the next. */
export const takeIn = (scan: Scan): void => {
  const isKept = scan.mode === 'record' || (scan.mode === 'junk' && scan.heldSize < excerptLength);
  if (isKept) {
    scan.held.push(scan.input.subarray(scan.from));
    scan.heldSize += scan.input.length - scan.from;
  }
  scan.lineStart -= scan.input.length;
  scan.from = 0;
  scan.input = new Uint8Array();
};

/**
 * The value under way turned out broken before `at`. Its first line is given up; what it had
 * swallowed of later lines is looked at again.
 */
export const rewind = (scan: Scan, at: number, reason: string): void => {
  const swallowed = underWay(scan, at);
  const rest = scan.input.subarray(at);
  const lineEnd = swallowed.indexOf(0x0a);
  scan.pieces.push({ kind: 'broken', line: scan.startLine, reason });
  forget(scan);
  scan.mode = 'resync';
  scan.resyncColumn = scan.startColumn;
  if (lineEnd < 0) {
    scan.input = rest;
    scan.lineStart -= at;
    return;
  }
  scan.input = Buffer.concat([swallowed.subarray(lineEnd + 1), rest]);
  if (scan.isOnePerLine && !scan.inArray) scan.mode = 'between';
  scan.line = scan.startLine + 1;
  scan.lineStart = 0;
  scan.firstOnLine = true;
};

/** The value under way is too long to be looked at again: the search goes on behind it. */
export const abandon = (scan: Scan, reason: string): void => {
  scan.pieces.push({ kind: 'broken', line: scan.startLine, reason });
  forget(scan);
  scan.mode = 'resync';
  scan.resyncColumn = scan.startColumn;
};
