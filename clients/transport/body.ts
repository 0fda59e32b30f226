/** The text of an answer. `fault` says why it could not be taken in as it came. */
export type Body = { readonly body: string; readonly fault?: string };

const text = (bytes: Uint8Array): Body => {
  try {
    return { body: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { body: new TextDecoder().decode(bytes), fault: 'the body is not valid UTF-8' };
  }
};

/** The whole body as UTF-8 text, unless it is longer than `limit` bytes. Rejects as `chunks` does. */
export const bodyOf = async (
  chunks: AsyncIterable<Uint8Array> | null,
  limit: number,
): Promise<Body> => {
  const parts: Array<Uint8Array> = [];
  let length = 0;
  for await (const chunk of chunks ?? []) {
    length += chunk.length;
    if (length > limit) return { body: '', fault: `the body is longer than ${limit} bytes` };
    parts.push(chunk);
  }
  return text(Buffer.concat(parts));
};
