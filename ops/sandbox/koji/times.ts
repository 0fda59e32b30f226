/** `2026-11-22 10:05:04.497000+00:00`, as hubs of today write times. */
export const timeText = (milliseconds: number): string =>
  new Date(milliseconds).toISOString().replace('T', ' ').replace('Z', '000+00:00');

export const timeOrNull = (milliseconds: number | null): string | null =>
  milliseconds === null ? null : timeText(milliseconds);

export const secondsOrNull = (milliseconds: number | null): number | null =>
  milliseconds === null ? null : milliseconds / 1000;
