import { endOfString } from '../envelope/source.ts';

const shortEscapes: Readonly<Record<string, string>> = {
  ...{ '"': '\\"', '\\': '\\\\', '\b': '\\b', '\f': '\\f' },
  ...{ '\n': '\\n', '\r': '\\r', '\t': '\\t' },
};

const escaped = (unit: string): string =>
  shortEscapes[unit] ?? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** In ASCII alone, with an escape for each half of a surrogate pair. */
const quoted = (text: string): string => `"${text.replace(/["\\]|[^ -~]/g, escaped)}"`;

const codePointsOf = (text: string): ReadonlyArray<number> =>
  Array.from(text, (character) => character.codePointAt(0) ?? 0);

// Python orders texts by character, JavaScript by half of a surrogate pair.
const byCharacter = (one: string, other: string): number => {
  const [ones, others] = [codePointsOf(one), codePointsOf(other)];
  const at = ones.findIndex((codePoint, index) => codePoint !== others[index]);
  if (at < 0) return ones.length - others.length;
  return (ones[at] ?? 0) - (others[at] ?? -1);
};

const objectOf = (members: ReadonlyMap<string, string>): string => {
  const written = [...members]
    .sort(([one], [other]) => byCharacter(one, other))
    .map(([key, value]) => `${quoted(key)}:${value}`);
  return `{${written.join(',')}}`;
};

/** The pieces of JSON text one by one: strings, numbers, words, signs; '' at the end. */
const piecesOf = (text: string): (() => string) => {
  const rest = /[\s:,]*([[\]{}"]|[-+.\w]+|$)/y;
  return () => {
    const found = rest.exec(text)?.[1] ?? '';
    if (found !== '"') return found;
    // Not by the expression: one that reads a long string is too deep for the stack.
    const from = rest.lastIndex - 1;
    rest.lastIndex = endOfString(text, from);
    return text.slice(from, rest.lastIndex);
  };
};

const writer = (text: string, left: ReadonlySet<string>) => {
  const next = piecesOf(text);

  const array = (): string => {
    const items: Array<string> = [];
    for (let piece = next(); piece !== ']' && piece !== ''; piece = next()) {
      items.push(value(piece, 1));
    }
    return `[${items.join(',')}]`;
  };
  const object = (depth: number): string => {
    const members = new Map<string, string>();
    for (let piece = next(); piece !== '}' && piece !== ''; piece = next()) {
      const key = JSON.parse(piece) as string;
      const written = value(next(), depth + 1);
      if (depth > 0 || !left.has(key)) members.set(key, written);
    }
    return objectOf(members);
  };
  const value = (piece: string, depth: number): string => {
    if (piece === '{') return object(depth);
    if (piece === '[') return array();
    return piece.startsWith('"') ? quoted(JSON.parse(piece) as string) : piece;
  };
  return () => value(next(), 0);
};

/**
 * JSON text as fedmsg signs it (fedmsg/encoding: Python's json with sorted keys, no space, ASCII
 * only), without the outermost members named in `left`. Numbers stay as they are written, since
 * Python wrote them. The text must be valid JSON, and not too deep to recurse into.
 */
export const canonicalJson = (text: string, left: ReadonlySet<string>): string =>
  writer(text, left)();
