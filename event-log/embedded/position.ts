/** A row id as a position: 20 digits, so that text sorts as the number does. */
export const positionOf = (row: number): string => String(row).padStart(20, '0');

/**
 * The row id of a position, 0 for the start; undefined for what is no position of such a log.
 * Digits beyond 2^53 lie past every row, and stay so when rounded.
 */
export const rowOf = (position: string): number | undefined => {
  if (position === '') return 0;
  return /^\d{20}$/.test(position) ? Number(position) : undefined;
};
