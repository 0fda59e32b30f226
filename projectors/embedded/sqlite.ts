import Database from 'libsql';
import * as E from 'fp-ts/lib/Either.js';

export type SqlValue = string | number | null;
export type SqlRow = ReadonlyArray<SqlValue>;

/** The little of a synchronous SQLite driver that is used here: another driver fits in as well. */
export type Sqlite = {
  readonly exec: (sql: string) => void;
  readonly all: (sql: string, values?: ReadonlyArray<SqlValue>) => ReadonlyArray<SqlRow>;
  readonly one: (sql: string, values?: ReadonlyArray<SqlValue>) => SqlRow | undefined;
  /** Answers how many rows were changed. */
  readonly run: (sql: string, values: ReadonlyArray<SqlValue>) => number;
  /** One write transaction: kept for a right, undone for a left and for a throw. */
  readonly transact: <F, A>(work: () => E.Either<F, A>) => E.Either<F, A>;
  /** Another text than before, once anybody has committed to the file in between. */
  readonly version: () => string;
  readonly close: () => void;
};

const mostStatements = 400;

/** Opens or creates a database file; waits up to `busyTimeout` ms for the locks of others. */
export const openSqlite = (file: string, busyTimeout: number): Sqlite => {
  const database = new Database(file, { timeout: busyTimeout });
  const statements = new Map<string, Database.Statement>();
  const prepared = (sql: string): Database.Statement => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    if (statements.size >= mostStatements) statements.clear();
    const statement = database.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  const query = (sql: string): Database.Statement => statements.get(sql) ?? prepared(sql).raw(true);
  // Of commits by this connection data_version does not tell (https://sqlite.org/pragma.html).
  let writes = 0;
  return {
    exec: (sql) => {
      writes += 1;
      database.exec(sql);
    },
    all: (sql, values = []) => query(sql).all(values) as ReadonlyArray<SqlRow>,
    one: (sql, values = []) => query(sql).get(values) as SqlRow | undefined,
    run: (sql, values) => {
      writes += 1;
      return prepared(sql).run(values).changes;
    },
    transact: (work) => {
      prepared('BEGIN IMMEDIATE').run([]);
      try {
        const outcome = work();
        prepared(E.isRight(outcome) ? 'COMMIT' : 'ROLLBACK').run([]);
        return outcome;
      } catch (thrown) {
        if (database.inTransaction) database.exec('ROLLBACK');
        throw thrown;
      }
    },
    version: () => `${String(query('PRAGMA data_version').get([]))}.${writes}`,
    close: () => {
      statements.clear();
      if (database.open) database.close();
    },
  };
};
