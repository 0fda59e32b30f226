/** An ISO 8601 time in UTC as the REST API shows it: whole seconds and Z. */
export const isoSeconds = (time: string): string => `${new Date(time).toISOString().slice(0, 19)}Z`;
