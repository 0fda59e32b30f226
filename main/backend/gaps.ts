/** Remembers when each live source last brought something; all times in milliseconds. */
export type Gaps = {
  /** True when the source had been silent for longer than is left to a reconcile. */
  readonly spoke: (transport: string, at: number) => boolean;
};

/** `since` is when listening began: until then, all that was missed is fetched at the start. */
export const gapsAfter = (since: number, after: number): Gaps => {
  const newest = new Map<string, number>();
  return {
    spoke: (transport, at) => {
      const before = newest.get(transport) ?? since;
      newest.set(transport, Math.max(before, at));
      return at - before > after;
    },
  };
};

/**
 * Whether something may have been missed before this start: when the newest message of a live source
 * (undefined: there is none) is older than `after`. One that came since the start hides the older ones.
 */
export const isBehind = (
  newest: ReadonlyArray<number | undefined>,
  started: number,
  after: number,
): boolean =>
  newest.length === 0 ||
  newest.some((time) => time === undefined || time >= started || started - time > after);
