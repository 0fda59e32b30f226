import { createHash } from 'node:crypto';

/** Remembers which ids were seen in which stream. */
export type IdLedger = {
  /** Notes the id; false when this stream has shown it before. */
  readonly note: (stream: string, id: string) => boolean;
};

const firstSize = 4096;

/**
 * Eight bytes for each event instead of the id itself: an open table of 64-bit prints, at most half
 * full. Two ids are taken for one once in some hundred thousand logs of ten million events.
 */
export const openIdLedger = (): IdLedger => {
  let high = new Uint32Array(firstSize);
  let low = new Uint32Array(firstSize);
  let held = 0;

  const put = (h: number, l: number): boolean => {
    const mask = high.length - 1;
    for (let slot = l & mask; ; slot = (slot + 1) & mask) {
      if (high[slot] === h && low[slot] === l) return false;
      if (high[slot] === 0 && low[slot] === 0) {
        high[slot] = h;
        low[slot] = l;
        held += 1;
        return true;
      }
    }
  };
  const grow = (): void => {
    const [oldHigh, oldLow] = [high, low];
    high = new Uint32Array(oldHigh.length * 2);
    low = new Uint32Array(oldHigh.length * 2);
    held = 0;
    oldHigh.forEach((h, slot) => {
      const l = oldLow[slot] ?? 0;
      if (h !== 0 || l !== 0) put(h, l);
    });
  };
  return {
    note: (stream, id) => {
      if (held * 2 >= high.length) grow();
      const print = createHash('sha256').update(`${stream}\n${id}`).digest();
      return put(print.readUInt32LE(0), print.readUInt32LE(4));
    },
  };
};
