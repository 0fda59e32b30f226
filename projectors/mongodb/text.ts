/** Halves of a surrogate pair that stand alone, which UTF-8 cannot hold, and the mark they become. */
const odd = /\p{Surrogate}|\uFFFD/gu;
const written = /\uFFFD(?<code>[0-9a-f]{4})/gu;

/**
 * BSON holds text as UTF-8, where the driver makes one and the same character of all lone surrogates;
 * JSON from outside may hold them. They are written as that character and their number; different
 * texts stay different, and all others stay as they are.
 */
export const toBson = <A extends string | number | null>(value: A): A | string =>
  typeof value === 'string'
    ? value.replace(odd, (char) => `\uFFFD${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
    : value;

/** The text that `toBson` was given. */
export const fromBson = <A extends string | number | null>(value: A): A | string =>
  typeof value === 'string'
    ? value.replace(written, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    : value;
