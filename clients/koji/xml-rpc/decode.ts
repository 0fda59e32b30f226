import * as E from 'fp-ts/lib/Either.js';
import { elementsOf, only, parseXml, textOf, type Element } from './tree.ts';
import type { XmlRpcStruct, XmlRpcValue } from './value.ts';

export type XmlRpcAnswer =
  | { readonly type: 'value'; readonly value: XmlRpcValue }
  | { readonly type: 'fault'; readonly code: number; readonly text: string };
export type XmlRpcCall = { readonly method: string; readonly params: ReadonlyArray<XmlRpcValue> };

type Decoded<A> = E.Either<string, A>;

/** Values within values; Koji's answers stay under ten. */
const deepest = 64;

const all = <A>(
  elements: ReadonlyArray<Element>,
  each: (element: Element) => Decoded<A>,
): Decoded<ReadonlyArray<A>> => {
  const found: Array<A> = [];
  for (const element of elements) {
    const one = each(element);
    if (E.isLeft(one)) return one;
    found.push(one.right);
  }
  return E.right(found);
};

const integer = (text: string): Decoded<XmlRpcValue> => {
  const digits = text.trim();
  if (!/^[+-]?\d{1,40}$/.test(digits)) return E.left(`"${digits.slice(0, 60)}" is no whole number`);
  const value = Number(digits);
  return E.right(Number.isSafeInteger(value) ? value : BigInt(digits.replace('+', '')));
};

const double = (text: string): Decoded<XmlRpcValue> => {
  const digits = text.trim();
  const isNumber = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(digits);
  return isNumber ? E.right(Number(digits)) : E.left(`"${digits.slice(0, 60)}" is no number`);
};

const boolean = (text: string): Decoded<XmlRpcValue> => {
  if (text.trim() === '1') return E.right(true);
  if (text.trim() === '0') return E.right(false);
  return E.left(`"${text.slice(0, 60)}" is neither 0 nor 1`);
};

const base64 = (text: string): Decoded<XmlRpcValue> => {
  const packed = text.replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(packed)) return E.left('base64 holds other characters');
  return E.right(new Uint8Array(Buffer.from(packed, 'base64')));
};

const time = (text: string): Decoded<XmlRpcValue> => {
  const parts = /^(\d{4})-?(\d\d)-?(\d\d)T(\d\d:\d\d:\d\d)Z?$/.exec(text.trim());
  const [, year = '', month = '', day = '', clock = ''] = parts ?? [];
  const value = new Date(`${year}-${month}-${day}T${clock}Z`);
  if (Number.isNaN(value.getTime())) return E.left(`"${text.slice(0, 60)}" is no time`);
  return E.right(value);
};

const scalars: Readonly<Record<string, (text: string) => Decoded<XmlRpcValue>>> = {
  ...{ int: integer, i1: integer, i2: integer, i4: integer, i8: integer, biginteger: integer },
  ...{ double, float: double, boolean, base64, string: E.right, 'dateTime.iso8601': time },
};

const array =
  (depth: number) =>
  (element: Element): Decoded<XmlRpcValue> => {
    const items = E.chain(elementsOf)(only('data')(element));
    if (E.isLeft(items)) return items;
    return all(items.right, valueAt(depth + 1));
  };

const member =
  (depth: number) =>
  (element: Element): Decoded<readonly [string, XmlRpcValue]> => {
    const parts = elementsOf(element);
    if (E.isLeft(parts)) return parts;
    const [name, value, ...more] = parts.right;
    if (name?.name !== 'name' || value === undefined || more.length > 0) {
      return E.left(`<${element.name}> is not a <name> and a <value>`);
    }
    const text = textOf(name);
    if (E.isLeft(text)) return text;
    return E.map((held: XmlRpcValue) => [text.right, held] as const)(valueAt(depth + 1)(value));
  };

const struct =
  (depth: number) =>
  (element: Element): Decoded<XmlRpcStruct> => {
    const members = elementsOf(element);
    if (E.isLeft(members)) return members;
    const pairs = all(members.right, member(depth));
    if (E.isLeft(pairs)) return pairs;
    return E.right(Object.fromEntries(pairs.right));
  };

const typed =
  (depth: number) =>
  (element: Element): Decoded<XmlRpcValue> => {
    if (element.name === 'struct') return struct(depth)(element);
    if (element.name === 'array') return array(depth)(element);
    if (element.name === 'nil' || element.name === 'ex:nil') return E.right(null);
    const scalar = Object.hasOwn(scalars, element.name) ? scalars[element.name] : undefined;
    if (scalar === undefined) return E.left(`<${element.name}> is no type of XML-RPC`);
    return E.chain(scalar)(textOf(element));
  };

/** A value without a type is a string. */
const valueAt =
  (depth: number) =>
  (element: Element): Decoded<XmlRpcValue> => {
    if (element.name !== 'value') return E.left(`<${element.name}> where <value> belongs`);
    if (depth > deepest) return E.left(`values are nested over ${deepest} deep`);
    const untyped = textOf(element);
    if (E.isRight(untyped)) return untyped;
    const elements = elementsOf(element);
    if (E.isLeft(elements)) return elements;
    const [type, ...more] = elements.right;
    return type === undefined || more.length > 0 ? untyped : typed(depth)(type);
  };

const paramsOf = (element: Element): Decoded<ReadonlyArray<XmlRpcValue>> => {
  const params = elementsOf(element);
  if (E.isLeft(params)) return params;
  return all(params.right, (param) => E.chain(valueAt(0))(only('value')(param)));
};

const faultOf = (element: Element): Decoded<XmlRpcAnswer> => {
  const value = E.chain(valueAt(0))(only('value')(element));
  if (E.isLeft(value)) return value;
  const told = value.right as XmlRpcStruct | null;
  const [code, text] = [told?.['faultCode'], told?.['faultString']];
  if (typeof code !== 'number') return E.left('a fault without a code');
  return E.right({ type: 'fault', code, text: typeof text === 'string' ? text : '' });
};

/** A value or a fault; left is a sentence about why the text is no answer. */
export const decodeAnswer = (text: string): Decoded<XmlRpcAnswer> => {
  const response = E.chain(only('methodResponse'))(parseXml(text));
  const content = E.chain(only('params', 'fault'))(response);
  if (E.isLeft(content)) return content;
  if (content.right.name === 'fault') return faultOf(content.right);
  const params = paramsOf(content.right);
  if (E.isLeft(params)) return params;
  const [value, ...more] = params.right;
  if (value === undefined || more.length > 0) return E.left('an answer holds one value');
  return E.right({ type: 'value', value });
};

/** A call, as a hub reads it. */
export const decodeCall = (text: string): Decoded<XmlRpcCall> => {
  const call = E.chain(elementsOf)(E.chain(only('methodCall'))(parseXml(text)));
  if (E.isLeft(call)) return call;
  const [name, params, ...more] = call.right;
  if (name?.name !== 'methodName' || more.length > 0) return E.left('a call has one <methodName>');
  const method = textOf(name);
  const values = params === undefined ? E.right([]) : paramsOf(params);
  if (E.isLeft(method)) return method;
  return E.map((held: ReadonlyArray<XmlRpcValue>) => ({ method: method.right, params: held }))(
    values,
  );
};
