/** Waits for all of them, at most so many milliseconds; true when all have ended by then. */
export const endedWithin = async (
  runs: ReadonlyArray<Promise<unknown>>,
  patience: number,
): Promise<boolean> => {
  const all = Promise.all(runs).then(() => true);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((done) => (timer = setTimeout(() => done(false), patience)));
  const hasEnded = await Promise.race([all, late]);
  clearTimeout(timer);
  return hasEnded;
};
