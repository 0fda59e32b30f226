import * as E from 'fp-ts/lib/Either.js';
import { XMLParser } from 'fast-xml-parser';

/** One element, its children in order. */
export type Element = { readonly name: string; readonly children: ReadonlyArray<unknown> };

const parser = new XMLParser({
  preserveOrder: true,
  ignoreDeclaration: true,
  parseTagValue: false,
  trimValues: false,
  processEntities: false,
  cdataPropName: '#cdata',
  maxNestedTags: 400,
  jPath: false,
});

const named: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
};

const character = (reference: string): string | undefined => {
  if (!reference.startsWith('#')) return named[reference];
  const isHex = reference[1] === 'x';
  const point = parseInt(reference.slice(isHex ? 2 : 1), isHex ? 16 : 10);
  return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : undefined;
};

const unescaped = (text: string): E.Either<string, string> => {
  if (!text.includes('&')) return E.right(text);
  let unknown: string | undefined;
  const plain = text.replace(/&([^;&]{0,12};)?/g, (whole, reference: string | undefined) => {
    const meant = reference === undefined ? undefined : character(reference.slice(0, -1));
    if (meant === undefined) unknown = whole;
    return meant ?? '';
  });
  return unknown === undefined ? E.right(plain) : E.left(`${unknown} is no known entity`);
};

const entryOf = (node: unknown): readonly [string, unknown] =>
  Object.entries(node as object)[0] as readonly [string, unknown];

/** Its text, references resolved; left when it holds elements. */
export const textOf = (element: Element): E.Either<string, string> => {
  let text = '';
  for (const child of element.children) {
    const [name, content] = entryOf(child);
    if (name === '#text') {
      const plain = unescaped(content as string);
      if (E.isLeft(plain)) return plain;
      text += plain.right;
    } else if (name === '#cdata') {
      text += entryOf((content as ReadonlyArray<unknown>)[0])[1] as string;
    } else {
      return E.left(`<${element.name}> holds <${name}> where text belongs`);
    }
  }
  return E.right(text);
};

/** Its elements; left when it holds text that is more than white space. */
export const elementsOf = (element: Element): E.Either<string, ReadonlyArray<Element>> => {
  const elements: Array<Element> = [];
  for (const child of element.children) {
    const [name, content] = entryOf(child);
    if (!name.startsWith('#')) {
      elements.push({ name, children: content as ReadonlyArray<unknown> });
    } else if (typeof content !== 'string' || content.trim() !== '') {
      return E.left(`<${element.name}> holds text where elements belong`);
    }
  }
  return E.right(elements);
};

/** The one element inside, which has to have one of these names. */
export const only =
  (...names: ReadonlyArray<string>) =>
  (element: Element): E.Either<string, Element> => {
    const elements = elementsOf(element);
    if (E.isLeft(elements)) return elements;
    const [first, ...more] = elements.right;
    if (first !== undefined && more.length === 0 && names.includes(first.name)) {
      return E.right(first);
    }
    const found = elements.right.slice(0, 3).map(({ name }) => `<${name}>`);
    const expected = names.map((name) => `<${name}>`).join(' or ');
    return E.left(`<${element.name}> holds ${found.join(', ') || 'nothing'}, not one ${expected}`);
  };

/** A well-formed document as a tree. A document type is refused: entities of its own are a hazard. */
export const parseXml = (text: string): E.Either<string, Element> => {
  if (/<!DOCTYPE/i.test(text)) return E.left('a document type is not allowed here');
  try {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the parser alone takes <a></b>
    const children = parser.parse(text, true) as ReadonlyArray<unknown>;
    return E.right({ name: 'document', children });
  } catch (error) {
    return E.left(`not well-formed XML: ${error instanceof Error ? error.message : String(error)}`);
  }
};
