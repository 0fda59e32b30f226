import Database from 'libsql';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export type StoredMessage = { readonly seq: number; readonly body: string };

/** The sandbox's memory: one SQLite file, written through, read at start. */
export type Store = {
  readonly setting: (name: string) => string | undefined;
  readonly set: (name: string, value: string) => void;
  readonly addMessage: (body: string) => number;
  /** Keeps a message that was added from those who follow the bus. */
  readonly dropMessage: (seq: number) => void;
  /** Those that were not dropped. */
  readonly messagesAfter: (seq: number, max: number) => ReadonlyArray<StoredMessage>;
  /** Those that were dropped too. */
  readonly publishedAfter: (seq: number, max: number) => ReadonlyArray<StoredMessage>;
  readonly lastMessage: () => number;
  readonly saveRow: (id: number, body: string) => void;
  readonly rows: () => ReadonlyArray<string>;
  readonly saveRequest: (seq: number, body: string) => void;
  readonly requests: () => ReadonlyArray<string>;
  /** Things of one kind, each with a number of its own. */
  readonly saveDocument: (kind: string, id: number, body: string) => void;
  readonly documents: (kind: string) => ReadonlyArray<string>;
  /** Notes that a commit was announced; false when it had been before. */
  readonly announce: (repo: string, rev: string) => boolean;
  /** Everything written inside is written together. May be nested. */
  readonly atomically: <T>(write: () => T) => T;
  readonly close: () => void;
};

const SCHEMA = `
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS messages (seq INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS dropped (seq INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS module_builds (id INTEGER PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS requests (seq INTEGER PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS documents (kind TEXT, id INTEGER, body TEXT NOT NULL, PRIMARY KEY (kind, id));
CREATE TABLE IF NOT EXISTS announced (repo TEXT, rev TEXT, PRIMARY KEY (repo, rev));
`;

const column = (rows: ReadonlyArray<unknown>): ReadonlyArray<string> =>
  rows.map((row) => (row as { readonly body: string }).body);

const openTables = (db: Database.Database): Omit<Store, 'atomically' | 'close'> => {
  const getSetting = db.prepare('SELECT value FROM settings WHERE name = ?');
  const putSetting = db.prepare('INSERT OR REPLACE INTO settings VALUES (?, ?)');
  const addMessage = db.prepare('INSERT INTO messages (body) VALUES (?)');
  const dropMessage = db.prepare('INSERT OR IGNORE INTO dropped VALUES (?)');
  const readPublished = db.prepare('SELECT * FROM messages WHERE seq > ? ORDER BY seq LIMIT ?');
  const readMessages = db.prepare(
    'SELECT * FROM messages WHERE seq > ? AND seq NOT IN (SELECT seq FROM dropped) ORDER BY seq LIMIT ?',
  );
  const lastMessage = db.prepare('SELECT max(seq) AS seq FROM messages');
  const putRow = db.prepare('INSERT OR REPLACE INTO module_builds VALUES (?, ?)');
  const readRows = db.prepare('SELECT body FROM module_builds ORDER BY id');
  const putRequest = db.prepare('INSERT OR REPLACE INTO requests VALUES (?, ?)');
  const readRequests = db.prepare('SELECT body FROM requests ORDER BY seq');
  const putDocument = db.prepare('INSERT OR REPLACE INTO documents VALUES (?, ?, ?)');
  const readDocuments = db.prepare('SELECT body FROM documents WHERE kind = ? ORDER BY id');
  const announce = db.prepare('INSERT OR IGNORE INTO announced VALUES (?, ?)');
  return {
    setting: (name) => (getSetting.get(name) as { value: string } | undefined)?.value,
    set: (name, value) => void putSetting.run(name, value),
    addMessage: (body) => Number(addMessage.run(body).lastInsertRowid),
    dropMessage: (seq) => void dropMessage.run(seq),
    messagesAfter: (seq, max) => readMessages.all(seq, max) as ReadonlyArray<StoredMessage>,
    publishedAfter: (seq, max) => readPublished.all(seq, max) as ReadonlyArray<StoredMessage>,
    lastMessage: () => (lastMessage.get() as { seq: number | null }).seq ?? 0,
    saveRow: (id, body) => void putRow.run(id, body),
    rows: () => column(readRows.all()),
    saveRequest: (seq, body) => void putRequest.run(seq, body),
    requests: () => column(readRequests.all()),
    saveDocument: (kind, id, body) => void putDocument.run(kind, id, body),
    documents: (kind) => column(readDocuments.all(kind)),
    announce: (repo, rev) => announce.run(repo, rev).changes > 0,
  };
};

// the driver ends a connection when it is collected, not when it is closed: give up the lock before
const LET_GO = `
PRAGMA journal_mode = DELETE;
PRAGMA locking_mode = NORMAL;
SELECT name FROM settings LIMIT 1;
`;

/**
 * Opens, or creates, `<data>/sandbox.db` and keeps it to itself: a second sandbox on the same folder
 * gets SQLITE_BUSY.
 */
export const openStore = (data: string): Store => {
  mkdirSync(data, { recursive: true });
  const db = new Database(join(data, 'sandbox.db'));
  db.exec('PRAGMA locking_mode = EXCLUSIVE');
  db.exec('PRAGMA journal_mode = WAL');
  db.exec('PRAGMA synchronous = NORMAL');
  db.exec(SCHEMA);
  let writing = false;
  const atomically = <T>(write: () => T): T => {
    if (writing) return write();
    writing = true;
    db.exec('BEGIN IMMEDIATE');
    try {
      const result = write();
      db.exec('COMMIT');
      return result;
    } catch (error) {
      db.exec('ROLLBACK');
      throw error;
    } finally {
      writing = false;
    }
  };
  const close = (): void => {
    db.exec(LET_GO);
    db.close();
  };
  return { ...openTables(db), atomically, close };
};

/** Deletes everything a sandbox has written in this folder, and nothing else, unless one is running. */
export const wipe = (data: string): void => {
  openStore(data).close();
  for (const name of ['sandbox.db', 'sandbox.db-wal', 'sandbox.db-shm', 'git', 'hooks', 'pushes']) {
    rmSync(join(data, name), { recursive: true, force: true });
  }
};
