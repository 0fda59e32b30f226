import { isUtf8 } from 'node:buffer';
import type { Json, JsonObject } from '../../domain/json.ts';

const ofBytes = (bytes: Uint8Array): Json => {
  const buffer = Buffer.from(bytes);
  return isUtf8(buffer) ? buffer.toString('utf8') : { base64: buffer.toString('base64') };
};

type Tagged = { readonly '!': unknown; readonly value: unknown };

const isTagged = (value: object): value is Tagged => '!' in value && 'value' in value;

// Timestamps are seconds, decimals digits with a number of places; anything else is kept as it is.
const ofTagged = ({ '!': tag, value }: Tagged): Json => {
  if (typeof value !== 'object' || value === null) return jsonOf(value);
  const { places, digits } = value as { readonly places?: unknown; readonly digits?: unknown };
  const isDecimal = tag === 'decimal' && typeof places === 'number' && typeof digits === 'number';
  return isDecimal ? jsonOf(digits / 10 ** places) : jsonOf(value);
};

const ofObject = (value: object): Json => {
  if (value instanceof Uint8Array) return ofBytes(value);
  if (Array.isArray(value)) return value.map(jsonOf);
  return isTagged(value) ? ofTagged(value) : objectOf(value);
};

const jsonOf = (value: unknown): Json => {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  return typeof value === 'object' && value !== null ? ofObject(value) : null;
};

const objectOf = (value: object): JsonObject =>
  Object.fromEntries(Object.entries(value).map(([name, one]) => [name, jsonOf(one)]));

/** An AMQP table as JSON. Throws RangeError where it is nested deeper than the call stack. */
export const headersFrom = (table: unknown): JsonObject =>
  typeof table === 'object' && table !== null ? objectOf(table) : {};
