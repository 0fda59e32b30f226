import type { Row } from '../projectors/read-models.ts';

/** A value as the JSON that goes out. */
export type JsonText = string;

/** Tells the JSON of a row, made once for as long as the store gives the same row. */
export const jsonTextOf = (jsonOf: (row: Row) => object): ((row: Row) => JsonText) => {
  const made = new WeakMap<Row, JsonText>();
  return (row) => {
    const known = made.get(row);
    if (known !== undefined) return known;
    const text = JSON.stringify(jsonOf(row));
    made.set(row, text);
    return text;
  };
};

export const jsonList = (items: ReadonlyArray<JsonText>): JsonText => `[${items.join(',')}]`;
