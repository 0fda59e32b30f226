/**
 * Tells whether a sentence is news: not one that was told within `again` milliseconds and differs
 * by its numbers only.
 */
export const newsOnly = (
  monotonic: () => number,
  again = 600_000,
): ((sentence: string) => boolean) => {
  const told = new Map<string, number>();
  return (sentence) => {
    const shape = sentence.replace(/\d+/gu, '0');
    const now = monotonic();
    for (const [known, at] of told) if (now - at >= again) told.delete(known);
    if (told.has(shape)) return false;
    told.set(shape, now);
    return true;
  };
};
