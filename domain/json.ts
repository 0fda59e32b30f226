/** What JSON can hold, and so all that an event may carry: no Date, bigint, undefined or class. */
export type Json =
  null | boolean | number | string | ReadonlyArray<Json> | { readonly [key: string]: Json };

export type JsonObject = { readonly [key: string]: Json };

/** True for a plain object, which is what every message body and service answer has to be. */
export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
