/** What is known of one source of messages. Times and spans are milliseconds. */
export type Heard = {
  /** When its newest message came; undefined where none ever did. */
  readonly lastMessageAt: number | undefined;
  /** Since when somebody has listened. */
  readonly listeningSince: number;
};

/**
 * Since when a source has been silent, or undefined while it counts as speaking. Only silence that
 * somebody was there to hear counts: it begins at the newest message or when the listening began,
 * whichever came later, and is one after `silentAfter`.
 */
export const silentSince = (
  { lastMessageAt, listeningSince }: Heard,
  silentAfter: number,
  now: number,
): number | undefined => {
  const quietSince = Math.max(lastMessageAt ?? listeningSince, listeningSince);
  return now - quietSince >= silentAfter ? quietSince : undefined;
};
