/** Two ways to the same end, timed in turns: ours, and the least that any program would have to do. */
export type Pair = {
  readonly name: string;
  /** What the two numbers count: operations or events in a second, or milliseconds. */
  readonly unit: string;
  /** For milliseconds less is better, and the target is the most the ratio may be. */
  readonly isTime?: boolean;
  readonly target: number;
  readonly rounds: number;
  readonly ours: () => Promise<number>;
  readonly ceiling: () => Promise<number>;
};

export type Figure = {
  readonly name: string;
  readonly unit: string;
  readonly ours: number;
  readonly ceiling: number;
  /** Ours by ceiling, the median over the rounds. */
  readonly ratio: number;
  readonly target: number;
  readonly isMet: boolean;
};

export const median = (values: ReadonlyArray<number>): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]];
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
};

/** One round of each to warm up, then rounds in turns (AB, BA, AB …), so that drift hits both. */
export const measured = async (pair: Pair): Promise<Figure> => {
  await pair.ours();
  await pair.ceiling();
  const rounds: Array<{ readonly ours: number; readonly ceiling: number }> = [];
  for (let round = 0; round < pair.rounds; round += 1) {
    if (round % 2 === 0) {
      const ours = await pair.ours();
      rounds.push({ ours, ceiling: await pair.ceiling() });
    } else {
      const ceiling = await pair.ceiling();
      rounds.push({ ours: await pair.ours(), ceiling });
    }
  }
  const { name, unit, target, isTime = false } = pair;
  const ratio = median(rounds.map(({ ours, ceiling }) => ours / ceiling));
  return {
    ...{ name, unit, target, ratio },
    ours: median(rounds.map(({ ours }) => ours)),
    ceiling: median(rounds.map(({ ceiling }) => ceiling)),
    isMet: isTime ? ratio <= target : ratio >= target,
  };
};

/** How many of `count` things a second the work came to. */
export const perSecond = async (count: number, work: () => unknown): Promise<number> => {
  const begun = performance.now();
  await work();
  return (count * 1000) / (performance.now() - begun);
};
