import type { Fields } from '../fields.ts';
import { isMultiValued, isText } from '../fields.ts';
import type { FieldKind } from '../read-models.ts';

/** "FMrm", so that a log or a stranger's database is not taken for read models. */
export const applicationId = 0x464d726d;
/** Raised when the tables below change. Read models are never migrated: they are made anew. */
export const schemaVersion = 1;

export const tables = `
  CREATE TABLE IF NOT EXISTS generations (
    name TEXT PRIMARY KEY,
    model TEXT NOT NULL,
    version INTEGER NOT NULL,
    shape TEXT NOT NULL,
    fields TEXT NOT NULL,
    made_at TEXT NOT NULL,
    activated_at TEXT,
    log_id TEXT,
    position TEXT,
    hash TEXT,
    epoch INTEGER NOT NULL DEFAULT 0,
    owner TEXT,
    lease_until INTEGER NOT NULL DEFAULT 0
  );
  CREATE TABLE IF NOT EXISTS aliases (
    model TEXT PRIMARY KEY,
    active TEXT NOT NULL REFERENCES generations (name),
    previous TEXT REFERENCES generations (name),
    switched_at TEXT NOT NULL
  );
`;

export const quoted = (identifier: string): string => `"${identifier}"`;
export const column = (field: string): string => quoted(`f_${field}`);
export const sideTable = (generation: string, field: string): string =>
  quoted(`${generation}__${field}`);

/** Ids that are numbers are sorted as numbers. */
export const tieBreakers = (fields: Fields): ReadonlyArray<string> =>
  fields.get('id') === 'integer' ? [column('id'), 'id'] : ['id'];

const single = (fields: Fields): ReadonlyArray<readonly [string, FieldKind]> =>
  [...fields].filter(([, kind]) => !isMultiValued(kind));

const sqlType = (kind: FieldKind): string => (isText(kind) ? 'TEXT' : 'INTEGER');

const indexOf = (generation: string, fields: Fields, field: string): string => {
  const tie = tieBreakers(fields).filter((name) => name !== column(field));
  const name = quoted(`${generation}__by_${field}`);
  return `CREATE INDEX ${name} ON ${quoted(generation)} (${[column(field), ...tie].join(', ')});`;
};

const sideOf = (generation: string, field: string, kind: FieldKind): string => {
  const table = sideTable(generation, field);
  return `CREATE TABLE ${table} (value ${sqlType(kind)} NOT NULL, id TEXT NOT NULL, PRIMARY KEY (value, id)) WITHOUT ROWID;
    CREATE INDEX ${quoted(`${generation}__${field}__by_id`)} ON ${table} (id);`;
};

/** The tables and indexes of one generation. */
export const generationTables = (generation: string, fields: Fields): string => {
  const columns = single(fields).map(([name, kind]) => `, ${column(name)} ${sqlType(kind)}`);
  const multi = [...fields].filter(([, kind]) => isMultiValued(kind));
  return [
    `CREATE TABLE ${quoted(generation)} (id TEXT PRIMARY KEY, pos TEXT NOT NULL, body TEXT NOT NULL${columns.join('')});`,
    ...single(fields).map(([name]) => indexOf(generation, fields, name)),
    ...multi.map(([name, kind]) => sideOf(generation, name, kind)),
  ].join('\n');
};
