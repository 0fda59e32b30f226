import type { Filter, Page, RecordedEvent, SealedMetadata } from '../event-log.ts';
import { isJsonObject, type JsonObject } from '../../domain/json.ts';
import { logError } from '../log-error.ts';
import { positionOf, rowOf } from './position.ts';
import type { Database, Row, Statement, Value } from './sqlite.ts';

/** Reads of the log, synchronous; errors of the driver are thrown as they are. */
export type Reads = {
  readonly stream: (stream: string, from: number, max: number) => ReadonlyArray<RecordedEvent>;
  readonly last: (stream: string) => RecordedEvent | undefined;
  readonly at: (row: number) => RecordedEvent | undefined;
  readonly head: () => number;
  readonly page: (after: number, filter: Filter, max: number) => Page;
};

const columns = 'position, stream, revision, id, type, data, metadata';
type Columns = readonly [number, string, number, string, string, string, string];

const parsed = (text: string): JsonObject | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

const recorded = (row: Row): RecordedEvent => {
  const [position, stream, revision, id, type, dataText, metadataText] = row as unknown as Columns;
  const data = parsed(dataText);
  const metadata = parsed(metadataText);
  if (data === undefined || metadata === undefined) {
    const reason = `the event ${stream}@${revision} at ${positionOf(position)} is no JSON object any more: the file was damaged or edited; put back a copy of the log`;
    throw logError({ code: 'corrupt', reason });
  }
  return {
    id,
    type,
    data,
    metadata: metadata as unknown as SealedMetadata,
    stream,
    revision,
    position: positionOf(position),
  };
};

const marks = (values: ReadonlyArray<Value>): string => values.map(() => '?').join(', ');

/** SQLite takes a negative limit for none at all. */
const bounded = (max: number): number => Math.min(Math.max(Math.trunc(max), 0), 2 ** 31 - 1);

type Selection = { readonly sql: string; readonly values: ReadonlyArray<Value> };

/** The index to read by, and what is asked of its rows beside: the one with fewer stretches leads. */
const leadOf = ({ categories = [], types = [] }: Filter) => {
  const byCategory = { column: 'category', wanted: categories };
  const byType = { column: 'type', wanted: types };
  const isByType =
    types.length > 0 && (categories.length === 0 || types.length <= categories.length);
  return isByType ? { lead: byType, also: byCategory } : { lead: byCategory, also: byType };
};

/**
 * Each category (or type) is a stretch of its index in log order; the page is the merge of their
 * beginnings. So a page costs what it shows, however much of other kinds lies between.
 */
const selection = (filter: Filter, after: number, upTo: number, max: number): Selection => {
  const { lead, also } = leadOf(filter);
  if (lead.wanted.length === 0) {
    const sql = `SELECT ${columns} FROM events WHERE position > ? AND position <= ? ORDER BY position LIMIT ?`;
    return { sql, values: [after, upTo, max] };
  }
  const others = also.wanted;
  const beside = others.length === 0 ? '' : `AND ${also.column} IN (${marks(others)})`;
  const stretch = `SELECT * FROM (SELECT position FROM events WHERE ${lead.column} = ?
    AND position > ? AND position <= ? ${beside} ORDER BY position LIMIT ?)`;
  const stretches = lead.wanted.map(() => stretch).join(' UNION ALL ');
  const sql = `SELECT ${columns} FROM events WHERE position IN
    (SELECT position FROM (${stretches}) ORDER BY position LIMIT ?) ORDER BY position`;
  const values = lead.wanted.flatMap((value) => [value, after, upTo, ...others, max]);
  return { sql, values: [...values, max] };
};

/** Statements are prepared once for each shape of a question and kept. */
export const preparedReads = (db: Database): Reads => {
  const cache = new Map<string, Statement>();
  const prepared = (sql: string): Statement => {
    const known = cache.get(sql) ?? db.prepare(sql);
    cache.set(sql, known);
    return known;
  };
  const first = (sql: string, values: ReadonlyArray<Value>): RecordedEvent | undefined => {
    const row = prepared(sql).get(values);
    return row === undefined ? undefined : recorded(row);
  };
  const head = (): number => Number(prepared('SELECT max(position) FROM events').get([])?.[0] ?? 0);

  return {
    head,
    stream: (stream, from, max) =>
      prepared(
        `SELECT ${columns} FROM events WHERE stream = ? AND revision >= ? ORDER BY revision LIMIT ?`,
      )
        .all([stream, from, bounded(max)])
        .map(recorded),
    last: (stream) =>
      first(`SELECT ${columns} FROM events WHERE stream = ? ORDER BY revision DESC LIMIT 1`, [
        stream,
      ]),
    at: (row) => first(`SELECT ${columns} FROM events WHERE position = ?`, [row]),
    page: (after, filter, max) => {
      const newest = head();
      const { sql, values } = selection(filter, after, newest, bounded(max));
      const events = prepared(sql).all(values).map(recorded);
      const isFull = events.length >= max;
      const upTo = isFull
        ? (rowOf(events.at(-1)?.position ?? '') ?? after)
        : Math.max(after, newest);
      return { events, upTo: upTo === 0 ? '' : positionOf(upTo), atEnd: upTo >= newest };
    },
  };
};
