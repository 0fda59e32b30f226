export type Line = {
  /** From 1. */
  readonly number: number;
  /** The bytes with their line end; only the last may lack one. */
  readonly bytes: Buffer;
};

/** Cuts chunks of bytes into lines. A line over `longest` bytes is cut there. */
export async function* linesOf(
  chunks: AsyncIterable<Uint8Array>,
  longest: number,
): AsyncGenerator<Line> {
  let rest: Buffer = Buffer.alloc(0);
  let number = 0;
  for await (const chunk of chunks) {
    rest = Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      yield { number: (number += 1), bytes: rest.subarray(0, end + 1) };
      rest = rest.subarray(end + 1);
    }
    if (rest.length > longest) {
      yield { number: (number += 1), bytes: rest };
      rest = Buffer.alloc(0);
    }
  }
  if (rest.length > 0) yield { number: number + 1, bytes: rest };
}
