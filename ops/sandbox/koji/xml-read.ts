import { XMLParser } from 'fast-xml-parser';
import * as E from 'fp-ts/lib/Either.js';
import type { Struct, Value } from './value.ts';

/** A call as it came: positional parameters, and those after `__starstar`. */
export type Call = {
  readonly method: string;
  readonly params: ReadonlyArray<Value>;
  readonly named: Struct;
};

type Node = Readonly<Record<string, unknown>>;

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  trimValues: false,
  parseTagValue: false,
  processEntities: false,
});

const NAMED: Readonly<Record<string, string>> = {
  ...{ lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" },
};

const character = (whole: string, name: string): string => {
  if (!name.startsWith('#')) return NAMED[name] ?? whole;
  const code = name.startsWith('#x') ? parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code >= 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
};

const plain = (text: string): string => text.replace(/&(#?[A-Za-z0-9]+);/g, character);

const childrenOf = (node: Node, tag: string): ReadonlyArray<Node> | undefined => {
  const children = node[tag];
  return Array.isArray(children) ? (children as ReadonlyArray<Node>) : undefined;
};

const elements = (nodes: ReadonlyArray<Node>, tag: string): ReadonlyArray<ReadonlyArray<Node>> =>
  nodes.flatMap((node) => {
    const children = childrenOf(node, tag);
    return children === undefined ? [] : [children];
  });

const first = (nodes: ReadonlyArray<Node>, tag: string): ReadonlyArray<Node> =>
  elements(nodes, tag)[0] ?? [];

const textOf = (nodes: ReadonlyArray<Node>): string =>
  plain(nodes.map((node) => (typeof node['#text'] === 'string' ? node['#text'] : '')).join(''));

const numberOf = (nodes: ReadonlyArray<Node>): number => Number(textOf(nodes));

const READERS: Readonly<Record<string, (nodes: ReadonlyArray<Node>) => Value>> = {
  nil: () => null,
  boolean: (nodes) => textOf(nodes).trim() === '1',
  int: numberOf,
  i4: numberOf,
  i8: numberOf,
  double: numberOf,
  string: textOf,
  base64: textOf,
  'dateTime.iso8601': textOf,
  array: (nodes) => elements(first(nodes, 'data'), 'value').map(valueOf),
  struct: (nodes) => structOf(elements(nodes, 'member')),
};

const structOf = (members: ReadonlyArray<ReadonlyArray<Node>>): Struct =>
  Object.fromEntries(
    members.map((member) => [textOf(first(member, 'name')), valueOf(first(member, 'value'))]),
  );

const valueOf = (nodes: ReadonlyArray<Node>): Value => {
  for (const node of nodes) {
    const tag = Object.keys(node).find((key) => key in READERS);
    const read = tag === undefined ? undefined : READERS[tag];
    if (tag !== undefined && read !== undefined) return read(childrenOf(node, tag) ?? []);
  }
  return textOf(nodes);
};

const isNamed = (value: Value | undefined): value is Struct =>
  typeof value === 'object' && value !== null && '__starstar' in value;

/** Splits off the keyword arguments: a last struct marked `__starstar`. */
export const splitNamed = (
  values: ReadonlyArray<Value>,
): { readonly params: ReadonlyArray<Value>; readonly named: Struct } => {
  const last = values.at(-1);
  if (!isNamed(last)) return { params: values, named: {} };
  const named = Object.entries(last).filter(([name]) => name !== '__starstar');
  return { params: values.slice(0, -1), named: Object.fromEntries(named) };
};

const parsed = (body: string): E.Either<string, ReadonlyArray<Node>> =>
  E.tryCatch(
    () => parser.parse(body) as ReadonlyArray<Node>,
    (error) => (error instanceof Error ? error.message : String(error)),
  );

/** Reads a `<methodCall>`; a text says what is wrong with it. */
export const readCall = (body: string): E.Either<string, Call> => {
  if (body.includes('<!DOCTYPE')) return E.left('Invalid request: a DOCTYPE is not allowed');
  const nodes = parsed(body);
  if (E.isLeft(nodes)) return E.left(`Invalid request: ${nodes.left}`);
  const call = first(nodes.right, 'methodCall');
  const method = textOf(first(call, 'methodName'));
  if (method === '') return E.left('Invalid request: no methodName');
  const values = elements(first(call, 'params'), 'param').map((param) =>
    valueOf(first(param, 'value')),
  );
  return E.right({ method, ...splitNamed(values) });
};
