import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { JsonObject } from '../domain/json.ts';

/** What one field of a row may hold. `texts` and `integers` are multi-valued: any value matches. */
export type FieldKind = 'text' | 'integer' | 'texts' | 'integers';
export type FieldValue = string | number | null | ReadonlyArray<string> | ReadonlyArray<number>;

/** A model: rows of JSON by id, and the fields by which rows may be found and sorted. */
export type Model = {
  readonly name: string;
  /** Raised whenever the same log would give other rows: a new version is a new generation. */
  readonly version: number;
  readonly fields: Readonly<Record<string, FieldKind>>;
  /** Takes the declared fields out of a body; one that is left out counts as null. */
  readonly fieldsOf: (body: JsonObject) => Readonly<Record<string, FieldValue>>;
};

/** A store may give the same row again for as long as its position is the same. */
export type Row = {
  readonly id: string;
  /** Position of the last event applied: what comes at or before it is not applied again. */
  readonly pos: string;
  readonly body: JsonObject;
};

/** Where a consumer stands in which log. A mismatch means a restored or foreign log. */
export type Checkpoint = {
  readonly logId: string;
  readonly position: string;
  /** Hash of the event at `position`. */
  readonly hash: string;
};

/** One condition; all conditions of a query are ANDed. `in` with several values ORs them. */
export type Where =
  | { readonly field: string; readonly in: ReadonlyArray<string | number | null> }
  | { readonly field: string; readonly atMost: string | number };

export type Query = {
  readonly where: ReadonlyArray<Where>;
  /** Ties are broken by id. Fields of kind `integer` sort as numbers; null sorts first ascending. */
  readonly orderBy: ReadonlyArray<{ readonly field: string; readonly descending?: boolean }>;
  readonly offset: number;
  readonly limit: number;
};

export type StoreFailure = {
  readonly code:
    | 'store-unavailable'
    | 'store-locked'
    | 'fenced'
    | 'foreign-checkpoint'
    | 'too-large'
    | 'bad-query';
  readonly reason: string;
};

/** Reads whichever generation the alias points at. */
export type Reader = {
  readonly get: (id: string) => TaskEither<StoreFailure, Row | undefined>;
  readonly find: (query: Query) => TaskEither<StoreFailure, ReadonlyArray<Row>>;
  readonly count: (where: ReadonlyArray<Where>) => TaskEither<StoreFailure, number>;
  /** How many rows there are for each combination of values of the named fields. */
  readonly tally: (
    where: ReadonlyArray<Where>,
    by: ReadonlyArray<string>,
  ) => TaskEither<
    StoreFailure,
    ReadonlyArray<{ readonly values: ReadonlyArray<string | number | null>; readonly rows: number }>
  >;
  readonly checkpoint: () => TaskEither<StoreFailure, Checkpoint | undefined>;
};

/** The one writer of a generation. `fenced` from any call: somebody else is, stop. */
export type Writer = {
  readonly generation: string;
  /** How long it stays the writer without a call, in milliseconds. */
  readonly lease: number;
  readonly checkpoint: () => TaskEither<StoreFailure, Checkpoint | undefined>;
  readonly load: (ids: ReadonlyArray<string>) => TaskEither<StoreFailure, ReadonlyMap<string, Row>>;
  /**
   * Rows and checkpoint together or not at all. A body of undefined removes the row. Left
   * `too-large` where the store cannot take so much at once: less may do.
   */
  readonly commit: (
    rows: ReadonlyArray<{ readonly id: string; readonly pos: string; readonly body?: JsonObject }>,
    checkpoint: Checkpoint,
  ) => TaskEither<StoreFailure, void>;
  /**
   * Caught up: readers see this generation from now on. A generation goes live once, and never over
   * a newer version of its model; otherwise nothing happens.
   */
  readonly activate: () => TaskEither<StoreFailure, void>;
  readonly release: () => TaskEither<StoreFailure, void>;
};

export type ReadModels = {
  /**
   * Takes over as the writer of the generation that fits the model's version and fields, the live
   * one before others. It is made when there is none, and live at once when it is the model's first.
   * right(undefined) while another owner's lease (10 s, renewed by each call) is alive.
   */
  readonly writer: (model: Model, owner: string) => TaskEither<StoreFailure, Writer | undefined>;
  readonly reader: (model: Model) => Reader;
  /**
   * A mark of what the store holds, all models together. As long as it stays the same, every read
   * made after it was first given answers the same again; it may change without need.
   */
  readonly stamp: () => TaskEither<StoreFailure, string>;
  readonly close: () => Promise<void>;
};
