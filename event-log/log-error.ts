import type { LogFailure } from './event-log.ts';

export type LogError = Error & LogFailure;

/** A `LogFailure` in the only form an async iterable can hand it over: thrown. */
export const logError = (failure: LogFailure): LogError =>
  Object.assign(new Error(failure.reason), failure);
