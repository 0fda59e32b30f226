/** A server of its own folder and port, for tests that take it away. What it has kept stays. */
export type Killable = {
  /** SIGKILL; resolves when the process has gone. */
  readonly kill: () => Promise<void>;
  /** Starts it again on the same folder and port; resolves when it answers. */
  readonly start: () => Promise<void>;
  /** Ends it for good. */
  readonly stop: () => Promise<void>;
};
