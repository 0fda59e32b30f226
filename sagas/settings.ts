/** How often a saga looks again at what no message has told it of. All in milliseconds. */
export type SagaSettings = {
  /** Between two questions about a build that runs elsewhere. */
  readonly pollEvery: number;
  /** Between two looks at something that waits for an event of ours (a safety net). */
  readonly lookAgainEvery: number;
  /** How long a question to the build system may take. */
  readonly askTimeout: number;
  /** How long the build of a closed Koji task may be missing; five minutes when absent. */
  readonly imagePatience?: number;
  /** Longest pause between two tries at something that fails for want of the outside. */
  readonly longestBackOff: number;
  /** How long a compose is asked to live; it is renewed while anything waits for it. */
  readonly composeLifetime: number;
};
