import type { Json } from '../../domain/json.ts';

const deepest = 200;
const loneSurrogate = /\p{Surrogate}/u;

type Flaws = { readonly tooDeep: boolean; readonly unstorable: boolean };

const hasFlaw = (value: Json): boolean =>
  typeof value === 'string'
    ? loneSurrogate.test(value)
    : typeof value === 'number' && !Number.isFinite(value);

const childrenOf = (value: Json): ReadonlyArray<Json> => {
  if (typeof value !== 'object' || value === null) return [];
  return Array.isArray(value) ? (value as ReadonlyArray<Json>) : Object.values(value);
};

const keysOf = (value: Json): ReadonlyArray<string> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];

/** Looks without recursion, because JSON may be nested deeper than the call stack. */
export const flawsOf = (value: Json): Flaws => {
  let level: ReadonlyArray<Json> = [value];
  let unstorable = false;
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > deepest) return { tooDeep: true, unstorable };
    unstorable ||= level.some((one) => hasFlaw(one) || keysOf(one).some((k) => hasFlaw(k)));
    level = level.flatMap(childrenOf);
  }
  return { tooDeep: false, unstorable };
};

const cleanText = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd');

/**
 * JSON may say what no store can hold: half a surrogate pair, a number beyond all numbers. The first
 * becomes U+FFFD, the second null. The value must not be too deep (`flawsOf`).
 */
export const cleaned = (value: Json): Json => {
  if (typeof value === 'string') return cleanText(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return (value as ReadonlyArray<Json>).map(cleaned);
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [cleanText(k), cleaned(v)]));
};
