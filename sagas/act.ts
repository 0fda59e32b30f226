import type { Either } from 'fp-ts/lib/Either.js';

/** When to look at a stream again: after so many ms, or (null) only when something happens to it. */
export type Next = { readonly after: number | null };

/** Why nothing could be done for now. The stream is looked at again with back-off. */
export type Hindrance = { readonly code: string; readonly reason?: string };

/** Does what is to be done for one stream, from its own folded state, and says when to come back. */
export type Act = (stream: string) => Promise<Either<Hindrance, Next>>;

export const again: Next = { after: 0 };
export const idle: Next = { after: null };

/** The sooner of two. */
export const sooner = (a: Next, b: Next): Next => {
  if (a.after === null) return b;
  if (b.after === null) return a;
  return a.after <= b.after ? a : b;
};

/** Milliseconds from `now` until `due` (both ISO); 0 when it has passed. */
export const until = (due: string | null, now: string): number =>
  due === null ? 0 : Math.max(0, Date.parse(due) - Date.parse(now));

/** An ISO time so many seconds from `now`. */
export const secondsFrom = (now: string, seconds: number): string =>
  new Date(Date.parse(now) + seconds * 1000).toISOString();
