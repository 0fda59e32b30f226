import * as E from 'fp-ts/lib/Either.js';
import type { Json } from '../../domain/json.ts';
import { isJsonObject } from '../../domain/json.ts';
import type { Raw } from '../append-all.ts';
import { elementSources, memberSource, sourceOf } from '../envelope/source.ts';

/** One page of what datagrepper found. */
export type Found = {
  /** How many pages there are. */
  readonly pages: number;
  /** Oldest first, each as it stands in the answer. */
  readonly messages: ReadonlyArray<Raw>;
};

const expected = 'not {"raw_messages": [...], "pages": <number>}';

const parsed = (text: string): Json | undefined => {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
};

/** Reads an answer of /v2/search or /raw; a message in it is not looked at. Left: a reason. */
export const readFound = (bytes: Uint8Array): E.Either<string, Found> => {
  const source = sourceOf(bytes);
  const answer = parsed(source.text);
  const unlike = `the answer is ${expected}: ${source.text.slice(0, 80)}`;
  if (!isJsonObject(answer)) return E.left(unlike);
  const { pages, list } = { pages: answer['pages'], list: answer['raw_messages'] };
  const inside = Array.isArray(list) ? memberSource(source, 'raw_messages') : undefined;
  if (!Number.isSafeInteger(pages) || inside === undefined) return E.left(unlike);
  const messages = elementSources(inside).map((one) => {
    return { raw: JSON.parse(one.text) as Json, source: one };
  });
  return E.right({ pages: pages as number, messages });
};
