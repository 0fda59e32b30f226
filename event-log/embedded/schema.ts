import * as E from 'fp-ts/lib/Either.js';
import type { LogFailure } from '../event-log.ts';
import type { Database } from './sqlite.ts';

/** "FMLG", by which `file(1)` and we know a log from any other SQLite database. */
const applicationId = 0x464d4c47;
const schemaVersion = 1;

/**
 * A position is the row id: no AUTOINCREMENT and a single writer at a time make it gapless and in
 * the order of commits. An index on `category` or `type` is in log order by itself, for it ends with
 * the row id. The last trigger is there for INSERT OR REPLACE, which deletes without asking the second.
 */
const schema = `
CREATE TABLE events (
  position INTEGER PRIMARY KEY,
  stream   TEXT NOT NULL,
  revision INTEGER NOT NULL,
  id       TEXT NOT NULL,
  type     TEXT NOT NULL,
  data     TEXT NOT NULL,
  metadata TEXT NOT NULL,
  category TEXT NOT NULL GENERATED ALWAYS AS (substr(stream, 1, instr(stream || '-', '-') - 1)) VIRTUAL,
  UNIQUE (stream, revision)
);
CREATE INDEX events_by_category ON events (category);
CREATE INDEX events_by_type ON events (type);
CREATE TRIGGER events_are_never_edited BEFORE UPDATE ON events
  BEGIN SELECT RAISE(ABORT, 'the log is append-only: an event is never edited'); END;
CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
  BEGIN SELECT RAISE(ABORT, 'the log is append-only: an event is never deleted'); END;
CREATE TRIGGER events_are_never_replaced BEFORE INSERT ON events
  WHEN EXISTS (SELECT 1 FROM events WHERE stream = NEW.stream AND revision = NEW.revision)
    OR EXISTS (SELECT 1 FROM events WHERE position = NEW.position)
  BEGIN SELECT RAISE(IGNORE); END;
PRAGMA application_id = ${applicationId};
PRAGMA user_version = ${schemaVersion};
`;

const one = (db: Database, sql: string): number => Number(db.prepare(sql).get([])?.[0]);

const create = (db: Database): void => {
  db.exec('BEGIN IMMEDIATE');
  try {
    const isStillEmpty = one(db, 'SELECT count(*) FROM sqlite_schema') === 0;
    if (isStillEmpty) db.exec(schema);
    db.exec('COMMIT');
  } catch (error) {
    if (db.inTransaction()) db.exec('ROLLBACK');
    throw error;
  }
};

/** Makes the file a log if it is empty, and otherwise checks that it is one we can read. */
export const ensureSchema = (db: Database, file: string): E.Either<LogFailure, void> => {
  if (one(db, 'SELECT count(*) FROM sqlite_schema') === 0) {
    db.exec('PRAGMA journal_mode = WAL');
    create(db);
  }
  if (one(db, 'PRAGMA application_id') !== applicationId) {
    const reason = `${file} is a SQLite database of something else, not a log; name another file`;
    return E.left({ code: 'corrupt', reason });
  }
  const version = one(db, 'PRAGMA user_version');
  if (version !== schemaVersion) {
    const reason = `the log ${file} has format ${version}, this version reads format ${schemaVersion}; use the version that wrote it, or a newer one`;
    return E.left({ code: 'unavailable', reason });
  }
  if (db.prepare('PRAGMA journal_mode = WAL').get([])?.[0] !== 'wal') {
    const reason = `the file system of ${file} cannot hold a log that several processes share (no WAL); use a local disk`;
    return E.left({ code: 'unavailable', reason });
  }
  db.exec('PRAGMA synchronous = FULL');
  return E.right(undefined);
};
