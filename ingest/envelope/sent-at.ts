import type { Json } from '../../domain/json.ts';

const written =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:[.,](\d{1,9}))?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$/;

const isoOf = (milliseconds: number): string | null => {
  const inRange = milliseconds > 0 && milliseconds < Date.UTC(10_000, 0);
  return inRange ? new Date(milliseconds).toISOString() : null;
};

// Broker headers give milliseconds, publishers seconds; no message was sent after the year 5000.
const ofNumber = (value: number): string | null => isoOf(value > 1e11 ? value : value * 1000);

const ofText = (text: string): string | null => {
  if (/^\d+(\.\d+)?$/.test(text)) return ofNumber(Number(text));
  const [, day, time, fraction, zone] = written.exec(text) ?? [];
  if (day === undefined || time === undefined) return null;
  const offset = zone === undefined || zone === 'UTC' ? 'Z' : zone;
  const milliseconds = (fraction ?? '').slice(0, 3).padEnd(3, '0');
  return isoOf(Date.parse(`${day}T${time}.${milliseconds}${offset}`));
};

/**
 * A time as ISO 8601 UTC, from any of the forms a bus uses: Unix seconds (whole or not), broker
 * milliseconds, ISO with Z or offset, "YYYY-MM-DD HH:MM:SS" (UTC). Null where it says no time.
 */
export const sentAtOf = (value: Json | undefined): string | null => {
  if (typeof value === 'number') return ofNumber(value);
  return typeof value === 'string' ? ofText(value.trim()) : null;
};
