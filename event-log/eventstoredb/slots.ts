export type Slots = {
  /** Settles, in the order of asking, when there is room; call what it gives when done. */
  readonly enter: () => Promise<() => void>;
};

/** At most so many at once. */
export const openSlots = (count: number): Slots => {
  const queue: Array<() => void> = [];
  let free = count;
  const leave = (): void => {
    const next = queue.shift();
    if (next === undefined) free += 1;
    else next();
  };
  const enter = async (): Promise<() => void> => {
    if (free > 0) free -= 1;
    else {
      await new Promise<void>((resolve) => {
        queue.push(resolve);
      });
    }
    return leave;
  };
  return { enter };
};
