import type { LogFailure } from './event-log.ts';

/** A `LogFailure` in the only form an async iterable can hand it over: thrown. */
export const logError = (failure: LogFailure): Error & LogFailure =>
  Object.assign(new Error(failure.reason), failure);
