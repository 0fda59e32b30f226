import type { Json } from '../../domain/json.ts';
import { isJsonObject } from '../../domain/json.ts';
import type { Source } from '../envelope/source.ts';
import { elementSources, memberSource, sourceOf } from '../envelope/source.ts';
import type { Piece } from './scan-state.ts';
import { scanner } from './scan.ts';

/** A JSON value found in an input, with the text it was parsed from; or what is wrong there. */
export type Value =
  | { readonly kind: 'json'; readonly line: number; readonly raw: Json; readonly source: Source }
  | { readonly kind: 'fault'; readonly line: number; readonly reason: string };

const keptJunk = 1000;

const fault = (line: number, reason: string): Value => ({ kind: 'fault', line, reason });

const shown = (excerpt: string): string => JSON.stringify(excerpt);

const parsed = (line: number, source: Source): Value => {
  try {
    return { kind: 'json', line, raw: JSON.parse(source.text) as Json, source };
  } catch (error) {
    return fault(line, `it is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
};

// An answer of datagrepper holds many messages; each counts for itself.
const unfolded = (value: Value): ReadonlyArray<Value> => {
  if (value.kind === 'fault' || !isJsonObject(value.raw)) return [value];
  const inner = value.raw['raw_messages'];
  const list = Array.isArray(inner) ? memberSource(value.source, 'raw_messages') : undefined;
  if (list === undefined) return [value];
  return elementSources(list).map((source) => parsed(value.line, source));
};

const ofPiece = (piece: Piece): ReadonlyArray<Value> => {
  switch (piece.kind) {
    case 'value':
      return unfolded(parsed(piece.line, sourceOf(piece.bytes)));
    case 'broken':
      return [fault(piece.line, piece.reason)];
    case 'junk':
      return [fault(piece.line, `it is no JSON: the line begins with ${shown(piece.excerpt)}`)];
  }
};

type Junk = Extract<Piece, { kind: 'junk' }>;

const noneAtAll = (junk: ReadonlyArray<Junk>): ReadonlyArray<Value> => {
  const [first] = junk;
  if (first === undefined) return [fault(1, 'it is empty')];
  return [fault(first.line, `no JSON in it: it begins with ${shown(first.excerpt)}`)];
};

/**
 * The JSON values of one input, as its bytes arrive: one object a line, an array, objects printed
 * over many lines, answers of datagrepper. A file without any JSON is one fault, not one a line.
 */
export async function* valuesIn(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Value, void, undefined> {
  const { push, end } = scanner();
  let junk: Array<Junk> = [];
  const seen = { json: false };
  const sort = (pieces: ReadonlyArray<Piece>): ReadonlyArray<Value> =>
    pieces.flatMap((piece) => {
      if (!seen.json && piece.kind === 'junk') {
        if (junk.length < keptJunk) junk.push(piece);
        return [];
      }
      seen.json = true;
      const before = junk.flatMap(ofPiece);
      junk = [];
      return [...before, ...ofPiece(piece)];
    });
  for await (const chunk of chunks) yield* sort(push(chunk));
  yield* sort(end());
  if (!seen.json) yield* noneAtAll(junk);
}
