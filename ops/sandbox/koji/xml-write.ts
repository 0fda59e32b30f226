import { isList, type Fault, type Struct, type Value } from './value.ts';

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

const escaped = (text: string): string =>
  text.replace(/[&<>]/g, (character) => ESCAPES[character] ?? character);

/** Whole numbers over 31 bits are `<i8>`. */
const whole = (value: number): string =>
  Math.abs(value) > 2 ** 31 - 1 ? `<i8>${value}</i8>` : `<int>${value}</int>`;

const double = (value: number): string =>
  `<double>${Number.isInteger(value) ? value.toFixed(1) : value}</double>`;

/** Members that are doubles, also when their value is whole. */
const DOUBLES = /^(.+_ts|ts|weight)$/;

const member = (name: string, value: Value): string =>
  typeof value === 'number' && DOUBLES.test(name)
    ? `<value>${double(value)}</value>\n`
    : written(value);

const members = (struct: Struct): string =>
  Object.entries(struct)
    .map(
      ([name, value]) =>
        `<member>\n<name>${escaped(name)}</name>\n${member(name, value)}</member>\n`,
    )
    .join('');

const scalar = (value: boolean | number | string): string => {
  if (typeof value === 'boolean') return `<boolean>${value ? 1 : 0}</boolean>`;
  if (typeof value === 'string') return `<string>${escaped(value)}</string>`;
  return Number.isInteger(value) ? whole(value) : double(value);
};

const written = (value: Value): string => {
  if (value === null) return '<value><nil/></value>';
  if (typeof value !== 'object') return `<value>${scalar(value)}</value>\n`;
  if (isList(value)) {
    return `<value><array><data>\n${value.map(written).join('')}</data></array></value>\n`;
  }
  return `<value><struct>\n${members(value)}</struct></value>\n`;
};

const response = (inner: string): string =>
  `<?xml version='1.0'?>\n<methodResponse>\n${inner}</methodResponse>\n`;

/** The answer to a call, as Koji writes it. */
export const writeAnswer = (value: Value): string =>
  response(`<params>\n<param>\n${written(value)}</param>\n</params>\n`);

export const writeFault = ({ faultCode, faultString }: Fault): string =>
  response(`<fault>\n${written({ faultCode, faultString })}</fault>\n`);
