/** What XML-RPC can carry, with Koji's nil. */
export type Value =
  null | boolean | number | string | ReadonlyArray<Value> | { readonly [name: string]: Value };

export type Struct = Readonly<Record<string, Value>>;

export type Fault = { readonly faultCode: number; readonly faultString: string };

export const isList = (value: Value | undefined): value is ReadonlyArray<Value> =>
  Array.isArray(value);

export const isStruct = (value: Value | undefined): value is Struct =>
  typeof value === 'object' && value !== null && !isList(value);

export const fault = (faultCode: number, faultString: string): Fault => ({
  faultCode,
  faultString,
});

/** A value within a sentence: a text bare, anything else as JSON. */
export const plainText = (value: Value | undefined): string =>
  typeof value === 'string' ? value : value == null ? 'None' : JSON.stringify(value);
