import type { Fields } from '../fields.ts';
import { isMultiValued, listOf, singleOf } from '../fields.ts';
import type { StoredRow } from '../kept-rows.ts';
import type { Checkpoint, FieldKind, Model, Row } from '../read-models.ts';
import { fromBson, toBson } from './text.ts';

/** A generation: which rows of a model it holds, who writes them, and how far they are told. */
export type GenerationDocument = {
  readonly _id: string;
  readonly model: string;
  readonly version: number;
  readonly shape: string;
  readonly fields: ReadonlyArray<readonly [string, FieldKind]>;
  /** Counts the generations of the same version and shape. */
  readonly number: number;
  readonly madeAt: Date;
  readonly owner: string | null;
  readonly epoch: number;
  readonly leaseUntil: Date;
  /** The session of the owner's transactions, by which they can be ended. */
  readonly session: unknown;
  readonly checkpoint: Checkpoint | null;
  /** Another one after every commit. */
  readonly mark: string;
};

/** Which generation of a model readers see. */
export type AliasDocument = {
  readonly _id: string;
  readonly active: string;
  readonly previous: string | null;
  readonly switchedAt: Date;
  /** The version of the active generation. */
  readonly version: number;
  /** Generations that are or have been active. */
  readonly lived: ReadonlyArray<string>;
  /** Another one after every switch. */
  readonly mark: string;
};

/** A row. Its body is JSON text, as BSON cannot hold all JSON; its fields are values of BSON. */
export type RowDocument = {
  readonly _id: string;
  readonly pos: string;
  readonly f: Readonly<Record<string, string | number | null | ReadonlyArray<string | number>>>;
  readonly body: string;
};

export const storedRow = ({ _id, pos, body }: RowDocument): StoredRow => ({
  ...{ id: fromBson(_id), pos, body },
});

/** The document of a row. Absent values are null or an empty list, so that they are indexed, too. */
export const documentOf =
  (model: Model, fields: Fields): ((row: Row) => RowDocument) =>
  ({ id, pos, body }) => {
    const values = model.fieldsOf(body);
    const f = [...fields].map(([name, kind]) => [
      name,
      isMultiValued(kind)
        ? [...new Set(listOf(values[name]).map(toBson))]
        : toBson(singleOf(values[name])),
    ]);
    return {
      ...{ _id: toBson(id), pos, body: JSON.stringify(body) },
      f: Object.fromEntries(f) as RowDocument['f'],
    };
  };
