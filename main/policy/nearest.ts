/** Levenshtein distance, row by row. */
const distance = (from: string, to: string): number => {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [line, letter] of Array.from(from).entries()) {
    const next = [line + 1];
    for (let column = 1; column <= to.length; column += 1) {
      const swap = (row[column - 1] ?? 0) + (letter === to[column - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
};

/** The known word most like a misspelt one; undefined when none is within half its length. */
export const nearest = (word: string, known: ReadonlyArray<string>): string | undefined => {
  const given = word.slice(0, 100).toLowerCase();
  const best = known
    .map((candidate) => ({ candidate, far: distance(given, candidate.toLowerCase()) }))
    .reduce<{ readonly candidate: string; readonly far: number } | undefined>(
      (least, next) => (least === undefined || next.far < least.far ? next : least),
      undefined,
    );
  return best !== undefined && best.far <= best.candidate.length / 2 ? best.candidate : undefined;
};

/** ` (did you mean x?)`, or nothing. */
export const didYouMean = (word: string, known: ReadonlyArray<string>): string => {
  const word2 = nearest(word, known);
  return word2 === undefined ? '' : `; did you mean ${word2}?`;
};
