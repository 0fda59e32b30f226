import Libsql from 'libsql';

export type Value = string | number | null;
export type Row = ReadonlyArray<unknown>;

/** A prepared statement; rows are arrays in the order of the columns. */
export type Statement = {
  /** How many rows changed, and the row id of the last insert. */
  readonly run: (values: ReadonlyArray<Value>) => {
    readonly changes: number;
    readonly row: number;
  };
  readonly get: (values: ReadonlyArray<Value>) => Row | undefined;
  readonly all: (values: ReadonlyArray<Value>) => ReadonlyArray<Row>;
};

/** What the log needs of a SQLite driver. Calls are synchronous and throw errors with a `code`. */
export type Database = {
  readonly exec: (sql: string) => void;
  readonly prepare: (sql: string) => Statement;
  readonly inTransaction: () => boolean;
  readonly close: () => void;
};

/** Opens or creates the file; a lock held by others is waited for `busy` milliseconds. */
export type OpenDatabase = (file: string, busy: number) => Database;

const asRow = (row: unknown): Row | undefined => (Array.isArray(row) ? row : undefined);

const prepare =
  (db: Libsql.Database) =>
  (sql: string): Statement => {
    const statement = db.prepare(sql);
    if (statement.reader) statement.raw(true);
    return {
      run: (values) => {
        const { changes, lastInsertRowid } = statement.run(values);
        return { changes, row: Number(lastInsertRowid) };
      },
      get: (values) => asRow(statement.get(values)),
      all: (values) => statement.all(values) as ReadonlyArray<Row>,
    };
  };

const connect = (file: string, timeout: number): Libsql.Database => {
  try {
    return new Libsql(file, { timeout });
  } catch (cause) {
    // The driver's own error has no code; SQLite itself opens lazily, so this is always CANTOPEN.
    throw Object.assign(new Error('unable to open', { cause }), { code: 'SQLITE_CANTOPEN' });
  }
};

/** The driver in use: libsql through its synchronous interface. */
export const openLibsql: OpenDatabase = (file, busy) => {
  const db = connect(file, busy);
  return {
    exec: (sql) => {
      db.exec(sql);
    },
    prepare: prepare(db),
    inTransaction: () => db.inTransaction,
    close: () => {
      db.close();
    },
  };
};
