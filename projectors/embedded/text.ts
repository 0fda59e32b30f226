import type { SqlValue } from './sqlite.ts';

/**
 * SQLite drivers cut text at a NUL when they read it back, so NUL is written as two other
 * characters; the mapping keeps different texts different and in order.
 */
export const toSql = (value: SqlValue): SqlValue =>
  typeof value === 'string' && /[\u0000\u0001]/u.test(value)
    ? value.replace(/[\u0000\u0001]/gu, (c) => (c === '\u0000' ? '\u0001\u0001' : '\u0001\u0002'))
    : value;

/** The text that `toSql` was given. */
export const fromSql = (value: SqlValue): SqlValue =>
  typeof value === 'string' && value.includes('\u0001')
    ? value.replace(/\u0001[\u0001\u0002]/gu, (pair) =>
        pair === '\u0001\u0001' ? '\u0000' : '\u0001',
      )
    : value;
