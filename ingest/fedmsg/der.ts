/** One element of DER (X.690): its tag, its content, and both with the length between. */
export type Element = {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly whole: Uint8Array;
};

/** Tags of what X.509 is made of. */
export const tags = {
  ...{ integer: 0x02, bits: 0x03, oid: 0x06 },
  ...{ utcTime: 0x17, generalizedTime: 0x18, sequence: 0x30 },
};

type Length = { readonly length: number; readonly from: number };

const lengthAt = (bytes: Uint8Array, at: number): Length | undefined => {
  const first = bytes[at];
  if (first === undefined) return undefined;
  if (first < 0x80) return { length: first, from: at + 1 };
  const size = first - 0x80;
  const from = at + 1 + size;
  // Four bytes tell of 4 GiB; no size at all is BER's "until further notice", which DER has not.
  if (size === 0 || size > 4 || from > bytes.length) return undefined;
  const length = bytes.subarray(at + 1, from).reduce((sum, byte) => sum * 256 + byte, 0);
  return { length, from };
};

/** The element that begins there; undefined where none does, or it goes on past the end. */
export const elementAt = (bytes: Uint8Array, at: number): Element | undefined => {
  const tag = bytes[at];
  const found = lengthAt(bytes, at + 1);
  if (tag === undefined || found === undefined) return undefined;
  const end = found.from + found.length;
  if (end > bytes.length) return undefined;
  return { tag, content: bytes.subarray(found.from, end), whole: bytes.subarray(at, end) };
};

/** The elements that some content is made of; undefined where it is not made of elements. */
export const elementsOf = (content: Uint8Array): ReadonlyArray<Element> | undefined => {
  const found: Array<Element> = [];
  let at = 0;
  while (at < content.length) {
    const element = elementAt(content, at);
    if (element === undefined) return undefined;
    found.push(element);
    at += element.whole.length;
  }
  return found;
};
