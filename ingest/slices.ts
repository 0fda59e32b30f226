/** Most bytes a slice may take as JSON text: an event may have 256 KiB, and more than the slice is in it. */
export const sliceLimit = 200 * 1024;

const sizeInJson = (codePoint: number): number => {
  if (codePoint < 0x20) return 6;
  if (codePoint === 0x22 || codePoint === 0x5c) return 2;
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
};

/** True where the text fits one slice. */
export const fitsOneSlice = (text: string): boolean =>
  text.length <= sliceLimit && Buffer.byteLength(JSON.stringify(text)) <= sliceLimit;

/**
 * Cuts a text into slices of at most `sliceLimit` bytes each, counted as they will be stored (UTF-8,
 * with JSON's escapes); no character is cut in half. The same text is always cut alike.
 */
export const slicesOf = (text: string): ReadonlyArray<string> => {
  const slices: Array<string> = [];
  let from = 0;
  let size = 2;
  for (let at = 0; at < text.length;) {
    const codePoint = text.codePointAt(at) ?? 0;
    const bytes = sizeInJson(codePoint);
    if (size + bytes > sliceLimit) {
      slices.push(text.slice(from, at));
      from = at;
      size = 2;
    }
    size += bytes;
    at += codePoint > 0xffff ? 2 : 1;
  }
  return [...slices, text.slice(from)];
};
