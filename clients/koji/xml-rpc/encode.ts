import * as E from 'fp-ts/lib/Either.js';
import type { XmlRpcStruct, XmlRpcValue } from './value.ts';

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '\r': '&#13;',
};
const escaped = (text: string): string =>
  text.replace(/[&<>\r]/g, (character) => escapes[character] ?? character);

/** XML 1.0 has no way to write these, not even escaped. */
const unsayable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

const number = (value: number): string => {
  if (!Number.isFinite(value)) throw new Error(`${value} has no form in XML-RPC`);
  if (!Number.isInteger(value)) return `<double>${value}</double>`;
  return (value | 0) === value ? `<int>${value}</int>` : wide(value);
};
const wide = (value: number): string =>
  Number.isSafeInteger(value) ? `<i8>${value}</i8>` : `<double>${value}</double>`;

const array = (items: ReadonlyArray<XmlRpcValue>): string =>
  `<array><data>${items.map(encodeValue).join('')}</data></array>`;

const member = ([name, value]: readonly [string, XmlRpcValue]): string =>
  `<member><name>${escaped(name)}</name>${encodeValue(value)}</member>`;

const time = (value: Date): string =>
  `<dateTime.iso8601>${value.toISOString().slice(0, 19).replaceAll('-', '')}</dateTime.iso8601>`;

const compound = (value: object): string => {
  if (Array.isArray(value)) return array(value as ReadonlyArray<XmlRpcValue>);
  if (value instanceof Date) return time(value);
  if (value instanceof Uint8Array) {
    return `<base64>${Buffer.from(value).toString('base64')}</base64>`;
  }
  return `<struct>${Object.entries(value as XmlRpcStruct)
    .map(member)
    .join('')}</struct>`;
};

const typed = (value: XmlRpcValue): string => {
  if (value === null) return '<nil/>';
  if (typeof value === 'boolean') return `<boolean>${value ? 1 : 0}</boolean>`;
  if (typeof value === 'number') return number(value);
  if (typeof value === 'bigint') return `<i8>${value}</i8>`;
  if (typeof value === 'string') return `<string>${escaped(value)}</string>`;
  return compound(value);
};

/** `<value>…</value>`; whole numbers within 32 bits are `int`, wider ones `i8`. */
export const encodeValue = (value: XmlRpcValue): string => `<value>${typed(value)}</value>`;

/** A call as XML text; left is a sentence about what no XML can say. */
export const encodeCall = (
  method: string,
  params: ReadonlyArray<XmlRpcValue>,
): E.Either<string, string> => {
  const values = params.map((param) => `<param>${encodeValue(param)}</param>`).join('');
  const call = `<methodName>${escaped(method)}</methodName><params>${values}</params>`;
  const text = `<?xml version="1.0"?>\n<methodCall>${call}</methodCall>\n`;
  if (!unsayable.test(text)) return E.right(text);
  return E.left(`a parameter of ${method} holds a control character, which XML cannot carry`);
};
