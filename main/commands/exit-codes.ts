/** What the command line ends with; docs/events.md tells what each means. */
export const exit = {
  done: 0,
  /** A build failed, or the record is broken. */
  failed: 1,
  /** Wrong use: an option, a file or a configuration that cannot be used. */
  usage: 2,
  /** The log, the service or a build system could not be reached. */
  unreachable: 4,
  interrupted: 130,
} as const;
