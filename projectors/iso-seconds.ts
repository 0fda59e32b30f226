const inUtc =
  /^\d{4}-(?:0\d|1[0-2])-(?:[0-2]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?Z$/;

/** An ISO 8601 time in UTC as the REST API shows it: whole seconds and Z. */
export const isoSeconds = (time: string): string =>
  `${(inUtc.test(time) ? time : new Date(time).toISOString()).slice(0, 19)}Z`;
