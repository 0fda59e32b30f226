/** How many events a page is to hold: fewer after each page that was too much, more after each done. */
export type PageSize = {
  readonly now: () => number;
  readonly halve: () => void;
  readonly done: () => void;
};

/** Begins with the most, and never falls below one event. */
export const pageSizeUpTo = (most: number): PageSize => {
  let size = most;
  return {
    now: () => size,
    halve: () => {
      size = Math.max(1, Math.floor(size / 2));
    },
    done: () => {
      size = Math.min(most, size * 2);
    },
  };
};
