import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { Json, JsonObject } from './json.ts';
import { isJsonObject } from './json.ts';

/** A value that did not have the shape it should have, with one readable line per fault. */
export type Unreadable = {
  readonly code: 'unreadable';
  readonly reasons: ReadonlyArray<string>;
};

const place = (error: t.ValidationError): string =>
  error.context
    .map((entry) => entry.key)
    .filter((key) => key !== '')
    .join('.');

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) as string | undefined;
  return text === undefined ? 'nothing' : text.slice(0, 80);
};

const reason = (error: t.ValidationError): string => {
  const expected = error.context.at(-1)?.type.name ?? 'something else';
  return `${place(error) || 'value'}: ${shown(error.value)} is not ${expected}`;
};

/** Decodes once, at the door. Every fault is named with its place, its value and what was expected. */
export const decode =
  <A>(codec: t.Decoder<unknown, A>) =>
  (value: unknown): E.Either<Unreadable, A> => {
    const decoded = codec.decode(value);
    if (E.isRight(decoded)) return decoded;
    return E.left({ code: 'unreadable', reasons: decoded.left.map(reason) });
  };

/** A whole number from 0 up to 2^53 - 1: revisions, counts, ids of the REST API. */
export const Count = new t.Type<number, number, unknown>(
  'whole number',
  (value): value is number => Number.isSafeInteger(value) && (value as number) >= 0,
  (value, context) =>
    Number.isSafeInteger(value) && (value as number) >= 0
      ? t.success(value as number)
      : t.failure(value, context),
  t.identity,
);

const isJson = (value: unknown): value is Json =>
  value === null ||
  typeof value === 'string' ||
  typeof value === 'boolean' ||
  (typeof value === 'number' && Number.isFinite(value)) ||
  (Array.isArray(value) && value.every(isJson)) ||
  (isJsonObject(value) && Object.values(value).every(isJson));

/** An object that is JSON all the way down. */
export const JsonRecord = new t.Type<JsonObject, JsonObject, unknown>(
  'JSON object',
  (value): value is JsonObject => isJsonObject(value) && isJson(value),
  (value, context) =>
    isJsonObject(value) && isJson(value) ? t.success(value) : t.failure(value, context),
  t.identity,
);

/** Any JSON value at all. */
export const JsonValue = new t.Type<Json, Json, unknown>(
  'JSON value',
  isJson,
  (value, context) => (isJson(value) ? t.success(value) : t.failure(value, context)),
  t.identity,
);

export const textOrNull = t.union([t.string, t.null], 'text or null');
export const texts = t.readonlyArray(t.string, 'list of text');
