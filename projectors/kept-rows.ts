import type { JsonObject } from '../domain/json.ts';
import type { Row } from './read-models.ts';

/** A row as a store holds it, its body as JSON text. */
export type StoredRow = { readonly id: string; readonly pos: string; readonly body: string };

/** How much of a generation's JSON is kept parsed, in characters. */
const mostKept = 8 * 1024 * 1024;

/** A stored row as the port gives it. */
export const rowOf = ({ id, pos, body }: StoredRow): Row => ({
  ...{ id, pos },
  body: JSON.parse(body) as JsonObject,
});

/** Gives the same row again while its position is the same: then its body is, too. */
export const rowKeeper = (): ((generation: string, stored: StoredRow) => Row) => {
  const kept = new Map<string, Row>();
  let of = '';
  let size = 0;
  return (generation, stored) => {
    const { id, pos, body } = stored;
    const known = generation === of ? kept.get(id) : undefined;
    if (known?.pos === pos) return known;
    if (generation !== of || size > mostKept) {
      kept.clear();
      size = 0;
      of = generation;
    }
    const row = rowOf(stored);
    kept.set(id, row);
    size += body.length;
    return row;
  };
};
