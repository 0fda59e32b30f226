import * as E from 'fp-ts/lib/Either.js';

/** Which messages are ordered: sent from `from` to `to`, ISO 8601 UTC. */
export type Order = { readonly from: string; readonly to: string };

const units: Readonly<Record<string, number>> = {
  ...{ s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 },
};

const written =
  /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/u;

const allowed =
  'a time such as 2026-03-01, 2026-03-01T14:30 or 2026-03-01T14:30:00+01:00 (UTC unless it says otherwise), or how long ago it was, such as 90m, 36h, 3d or 2w';

/** Unix milliseconds; undefined where the text says no time. */
const timeOf = (text: string, now: number): number | undefined => {
  const [, count, unit = ''] = /^(\d+)\s*([smhdw])$/u.exec(text) ?? [];
  if (count !== undefined) return now - Number(count) * (units[unit] ?? 0);
  if (!written.test(text)) return undefined;
  const hasZone = /[T ].*(?:Z|[+-]\d{2}:?\d{2})$/u.test(text);
  const iso = text.replace(' ', 'T');
  const time = Date.parse(hasZone || !iso.includes('T') ? iso : `${iso}Z`);
  return Number.isNaN(time) ? undefined : time;
};

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();

const oldest = Date.UTC(2000, 0);

/** One option; left is a sentence that names it. */
const option = (name: string, text: string, now: number): E.Either<string, number> => {
  const time = timeOf(text.trim(), now);
  if (time === undefined) return E.left(`${name} is "${text}"; it must be ${allowed}`);
  if (time > now)
    return E.left(`${name} is ${iso(time)}, which is still to come (it is ${iso(now)})`);
  if (time >= oldest) return E.right(time);
  return E.left(`${name} is before ${iso(oldest)}, when there was no bus; it must be ${allowed}`);
};

/**
 * Reads what is ordered. `settled` is the time (Unix milliseconds) up to which messages count as
 * stored: the end where none is given, or a later one is.
 */
export const readOrder = (
  { since, until }: { readonly since?: string; readonly until?: string },
  now: number,
  settled: number,
): E.Either<string, Order> => {
  if (since === undefined) {
    return E.left(`--since is missing: where to begin; it must be ${allowed}`);
  }
  const from = option('--since', since, now);
  if (E.isLeft(from)) return from;
  const to = until === undefined ? E.right(settled) : option('--until', until, now);
  if (E.isLeft(to)) return to;
  const end = Math.min(to.right, settled);
  if (from.right < end) return E.right({ from: iso(from.right), to: iso(end) });
  return E.left(
    `--since is ${iso(from.right)}, which is not before the end, ${iso(end)}${until === undefined ? ' (what was sent so lately may not be stored yet)' : ''}; give an earlier --since or a later --until`,
  );
};
