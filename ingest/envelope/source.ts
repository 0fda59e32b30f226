import { isUtf8 } from 'node:buffer';

/** The text a message was parsed from; `bytes` where they are no valid UTF-8 and `text` is a guess. */
export type Source = { readonly text: string; readonly bytes?: Uint8Array };

type Slice = { readonly start: number; readonly end: number };

const isSpace = (code: number): boolean =>
  code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
const isOpening = (character: string | undefined): boolean =>
  character === '{' || character === '[';
const isClosing = (character: string | undefined): boolean =>
  character === '}' || character === ']';

const skipSpace = (text: string, from: number): number => {
  let at = from;
  while (isSpace(text.charCodeAt(at))) at += 1;
  return at;
};

/** Where the string that begins there has ended. The text must be valid JSON. */
export const endOfString = (text: string, from: number): number => {
  let at = from + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
};

const endOfNested = (text: string, from: number): number => {
  let at = from;
  let depth = 0;
  do {
    if (text[at] === '"') {
      at = endOfString(text, at);
      continue;
    }
    if (isOpening(text[at])) depth += 1;
    if (isClosing(text[at])) depth -= 1;
    at += 1;
  } while (depth > 0 && at < text.length);
  return at;
};

const endOfValue = (text: string, from: number): number => {
  if (text[from] === '"') return endOfString(text, from);
  if (isOpening(text[from])) return endOfNested(text, from);
  const rest = /[\s,}\]]/g;
  rest.lastIndex = from;
  return rest.exec(text)?.index ?? text.length;
};

/** Where the value of a member stands in the text of a JSON object (the last of that name wins). */
const memberSlice = (text: string, name: string): Slice | undefined => {
  let found: Slice | undefined;
  let at = skipSpace(text, skipSpace(text, 0) + 1);
  while (text[at] === '"') {
    const keyEnd = endOfString(text, at);
    const start = skipSpace(text, skipSpace(text, keyEnd) + 1);
    const end = endOfValue(text, start);
    if (JSON.parse(text.slice(at, keyEnd)) === name) found = { start, end };
    const comma = skipSpace(text, end);
    at = skipSpace(text, comma + 1);
  }
  return found;
};

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** What some bytes say, and the bytes themselves where they are no valid UTF-8. */
export const sourceOf = (bytes: Uint8Array): Source => {
  const text = Buffer.from(bytes).toString('utf8');
  return isUtf8(bytes) ? { text } : { text, bytes };
};

/** The source of one member of a JSON object, exactly as it stands there. */
export const memberSource = (source: Source, name: string): Source | undefined => {
  const { text, bytes } = source;
  // Outside its strings JSON is ASCII, so one character per byte finds the same places.
  const slice = memberSlice(bytes === undefined ? text : latin1(bytes), name);
  if (slice === undefined) return undefined;
  if (bytes === undefined) return { text: text.slice(slice.start, slice.end) };
  return sourceOf(bytes.subarray(slice.start, slice.end));
};

/** The sources of the elements of a JSON array. */
export const elementSources = (source: Source): ReadonlyArray<Source> => {
  const { text, bytes } = source;
  const whole = bytes === undefined ? text : latin1(bytes);
  const found: Array<Slice> = [];
  let at = skipSpace(whole, skipSpace(whole, 0) + 1);
  while (at < whole.length && whole[at] !== ']') {
    const end = endOfValue(whole, at);
    found.push({ start: at, end });
    at = skipSpace(whole, end);
    if (whole[at] === ',') at = skipSpace(whole, at + 1);
  }
  if (bytes === undefined) return found.map(({ start, end }) => ({ text: text.slice(start, end) }));
  return found.map(({ start, end }) => sourceOf(bytes.subarray(start, end)));
};
